// Prints what README.md shows between its marks of this name (`adoption`, if none is given): files of this folder, as
// they are compiled.

import { readFile } from "node:fs/promises";
import { extname } from "node:path";
import { pathToFileURL } from "node:url";

/** The files of each section. */
export const sections = {
  adoption: [
    "convex/schema.ts",
    "convex/tabweave.ts",
    "convex/crons.ts",
    "convex/tasks.ts",
    "src/tabweave.ts",
    "src/main.tsx",
    "src/TaskList.tsx",
  ],
  edits: ["convex/edits.ts", "src/edits.ts"],
};

/** The text between the marks. */
export async function sectionText(name) {
  const blocks = sections[name].map(async (file) => {
    const code = await readFile(new URL(file, import.meta.url), "utf8");
    return `\`${file}\`\n\n\`\`\`${extname(file).slice(1)}\n${code}\`\`\`\n`;
  });
  return (await Promise.all(blocks)).join("\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  process.stdout.write(await sectionText(process.argv[2] ?? "adoption"));
}
