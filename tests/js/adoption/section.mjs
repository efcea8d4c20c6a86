// Prints what README.md shows between its adoption marks: the files of this folder, as they are compiled.

import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";

const files = [
  "convex/schema.ts",
  "convex/tabweave.ts",
  "convex/crons.ts",
  "convex/tasks.ts",
  "src/tabweave.ts",
  "src/main.tsx",
  "src/TaskList.tsx",
];

/** The text between the marks. */
export async function adoptionSection() {
  const blocks = files.map(async (file) => {
    const code = await readFile(new URL(file, import.meta.url), "utf8");
    return `\`${file}\`\n\n\`\`\`${extname(file).slice(1)}\n${code}\`\`\`\n`;
  });
  return (await Promise.all(blocks)).join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(await adoptionSection());
}
