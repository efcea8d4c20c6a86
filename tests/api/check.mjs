// node tests/api/check.mjs [--update]: compares the public types of every entry of the package with the
// snapshots beside this file, and looks for `any` in them. It reads pkg/dist, which must be built.

import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const here = dirname(fileURLToPath(import.meta.url));
const dist = resolve(here, "../../pkg/dist");
const exported = JSON.parse(readFileSync(join(dist, "../package.json"), "utf8")).exports;

/** Every entry that has types: its name, its declarations and its snapshot. */
const entries = Object.entries(exported).flatMap(([path, target]) => {
  if (target.types === undefined) return [];
  const name = join("tabweave", path);
  const snapshot = join(here, `${name.replaceAll("/", "-")}.snapshot.md`);
  return [{ name, types: resolve(dist, "..", target.types), snapshot }];
});

/** The declarations that an entry reaches, in the order of their paths. */
function reachable(entry) {
  const found = new Map();
  const visit = (path) => {
    if (found.has(path)) return;
    const source = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.ES2022, true);
    found.set(path, source);
    for (const { fileName } of ts.preProcessFile(source.text).importedFiles) {
      if (fileName.startsWith(".")) visit(resolve(dirname(path), fileName.replace(/\.js$/, ".d.ts")));
    }
  };
  visit(entry);
  return [...found.values()].sort((a, b) => (a.fileName < b.fileName ? -1 : 1));
}

const core = reachable(resolve(dist, "..", exported["."].types)).map((source) => source.fileName);

/** What an entry has of its own; the rest is in the snapshot of `tabweave`. */
function ownFiles({ name, types }) {
  const files = reachable(types);
  return name === "tabweave" ? files : files.filter((source) => !core.includes(source.fileName));
}

const printer = ts.createPrinter({ removeComments: true, newLine: ts.NewLineKind.LineFeed });

function snapshotOf(entry) {
  const files = ownFiles(entry).map(
    (source) => `## ${relative(dist, source.fileName)}\n\n\`\`\`ts\n${printer.printFile(source)}\`\`\`\n`,
  );
  return [`# ${entry.name}\n`, ...files].join("\n");
}

/** Where a declaration says `any`. */
function anyIn(source) {
  const found = [];
  const visit = (node) => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) {
      const { line } = source.getLineAndCharacterOfPosition(node.getStart());
      found.push(`${relative(dist, source.fileName)}:${line + 1} says any`);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return found;
}

function difference(snapshot, current) {
  const folder = mkdtempSync(join(tmpdir(), "tabweave-api-"));
  const file = join(folder, "current.md");
  writeFileSync(file, current);
  try {
    execFileSync("git", ["diff", "--no-index", "--no-color", snapshot, file], { encoding: "utf8" });
    return "";
  } catch (error) {
    return error.stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function check(entry, update) {
  const current = snapshotOf(entry);
  const findings = reachable(entry.types).flatMap(anyIn);
  if (update) writeFileSync(entry.snapshot, current);
  if (!existsSync(entry.snapshot)) findings.push("there is no snapshot");
  else if (readFileSync(entry.snapshot, "utf8") !== current)
    findings.push(difference(entry.snapshot, current));
  console.log(`${findings.length === 0 ? "ok    " : "FAILED"} ${entry.name}`);
  for (const finding of findings) console.log(finding);
  return findings.length === 0;
}

const update = process.argv.includes("--update");
const passed = entries.filter((entry) => check(entry, update)).length;
const failed = entries.length - passed;
if (failed > 0)
  console.log("If the change is meant: node tests/api/check.mjs --update, and say so in CHANGELOG.md.");
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
