import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { sections, sectionText } from "../adoption/section.mjs";

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

test("the adoption in an existing app compiles", async () => {
  const tsc = at("../../../node_modules/typescript/bin/tsc");
  const compiled = promisify(execFile)(process.execPath, [tsc, "-p", at("../adoption/tsconfig.json")]);
  await expect(compiled).resolves.toMatchObject({ stdout: "" });
}, 120_000);

test.each(Object.keys(sections) as Array<keyof typeof sections>)(
  "README.md shows the %s as they are compiled",
  async (name) => {
    const readme = await readFile(at("../../../README.md"), "utf8");
    const shown = new RegExp(`<!-- ${name} -->\n([^]*?)<!-- /${name} -->`).exec(readme)?.[1];
    // `node tests/js/adoption/section.mjs NAME` prints what belongs there.
    expect(shown?.trim()).toBe((await sectionText(name)).trim());
  },
);
