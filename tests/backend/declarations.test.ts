// What an app's compiler reads of `tabweave/convex/server`.
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { expect, test } from "vitest";

const SOURCES = fileURLToPath(new URL("../../pkg/src/convex/server/", import.meta.url));

function declarations(): Map<string, ts.SourceFile> {
  const files = readdirSync(SOURCES).map((name) => `${SOURCES}${name}`);
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    declaration: true,
    emitDeclarationOnly: true,
    skipLibCheck: true,
    types: [],
  };
  const program = ts.createProgram(files, options);
  expect(ts.getPreEmitDiagnostics(program).map(({ messageText }) => messageText)).toEqual([]);
  const emitted = new Map<string, ts.SourceFile>();
  program.emit(undefined, (path, text) => {
    if (path.startsWith(SOURCES)) emitted.set(path, ts.createSourceFile(path, text, ts.ScriptTarget.ES2022));
  });
  expect(emitted.size).toBe(files.length);
  return emitted;
}

function* nodes(node: ts.Node): Iterable<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => void children.push(child));
  for (const child of children) yield* nodes(child);
}

test("the emitted types have no any and import Convex only", () => {
  for (const [path, file] of declarations()) {
    for (const node of nodes(file)) {
      expect(node.kind, `any in ${path}`).not.toBe(ts.SyntaxKind.AnyKeyword);
      if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
        expect(node.moduleSpecifier.text).toMatch(/^(convex\/(server|values)|\.\/\w+\.js)$/);
      }
    }
  }
});
