// The app's Convex functions: bundled from their folder, loaded, and run by convex-test.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type GenericSchema, makeFunctionReference, type SchemaDefinition } from "convex/server";
import { convexToJson, type JSONValue, jsonToConvex, type Value } from "convex/values";
import { convexTest, type TestConvex } from "convex-test";
import { build, stop } from "esbuild";
import type { Identity } from "./identity.js";

export type Kind = "query" | "mutation" | "action";

export type Call = { path: string; args: JSONValue; identity: Identity | null };

export type Failure = { success: false; errorMessage: string; errorData?: JSONValue };
export type Answer = { success: true; value: JSONValue } | Failure;

type Schema = SchemaDefinition<GenericSchema, boolean>;
type Modules = Record<string, Record<string, unknown>>;

/** The calls by which a function changes documents. */
const WRITES = new Set(["1.0/insert", "1.0/shallowMerge", "1.0/replace", "1.0/remove"]);

export class Functions {
  readonly database: TestConvex<Schema>;
  readonly tables: string[];
  readonly #modules: Modules;

  private constructor(schema: Schema, modules: Modules) {
    const loaders = Object.entries(modules).map(([name, module]) => [`./${name}.js`, async () => module]);
    this.#modules = modules;
    this.tables = Object.keys(schema.tables);
    this.database = convexTest({
      schema,
      // convex-test finds the root of the functions by the generated folder.
      modules: { "./_generated/api.js": async () => ({}), ...Object.fromEntries(loaders) },
    });
  }

  /** Bundles and imports every function file below `directory`. */
  static async load(directory: string, cache: string): Promise<Functions> {
    const modules = await importAll(directory, cache);
    const schema = modules.schema?.default as Schema | undefined;
    if (schema === undefined) throw new Error(`${directory} has no schema.ts with a default export.`);
    return new Functions(schema, modules);
  }

  /** Tells of every write, whoever makes it: a client's mutation, an action or a scheduled function. */
  onWrite(tell: () => void): void {
    const place = globalThis as unknown as { Convex: Syscalls };
    const inner = place.Convex;
    place.Convex = {
      get syscall() {
        return inner.syscall;
      },
      get jsSyscall() {
        return inner.jsSyscall;
      },
      get asyncSyscall() {
        const call = inner.asyncSyscall;
        return async (operation: string, args: string) => {
          const answer = await call(operation, args);
          if (WRITES.has(operation)) tell();
          return answer;
        };
      },
    };
  }

  /** Runs a public function for a client. What the function throws is part of the answer. */
  async run(kind: Kind, call: Call): Promise<Answer> {
    if (this.#find(call.path)?.isPublic !== true) {
      return failure(new Error(`Could not find public function for '${call.path}'.`));
    }
    return await this.runAny(kind, call);
  }

  /** Runs a function that need not be public. */
  async runAny(kind: Kind, { path, args, identity }: Call): Promise<Answer> {
    const caller = identity === null ? this.database : this.database.withIdentity(identity);
    // Which function it is shows at run time only, so the three typed calls are taken for one.
    const run = caller[kind] as (reference: unknown, args: Value) => Promise<Value | undefined>;
    try {
      const value = await run(makeFunctionReference(path), jsonToConvex(args));
      return { success: true, value: convexToJson(value ?? null) };
    } catch (error) {
      return failure(error);
    }
  }

  has(path: string): boolean {
    return this.#find(path) !== undefined;
  }

  #find(path: string): { isPublic?: boolean } | undefined {
    const [module = "", name = "default"] = path.split(":");
    return this.#modules[module]?.[name] as { isPublic?: boolean } | undefined;
  }
}

type Syscalls = {
  readonly syscall: unknown;
  readonly jsSyscall: unknown;
  readonly asyncSyscall: (operation: string, args: string) => Promise<string>;
};

/** The words of a production deployment, with the message that only a development one shows. */
function failure(error: unknown): Failure {
  const request = randomBytes(8).toString("hex");
  const errorMessage = `[Request ID: ${request}] Server Error\nUncaught ${String(error)}`;
  const isConvexError = typeof error === "object" && error !== null && Symbol.for("ConvexError") in error;
  if (!isConvexError) return { success: false, errorMessage };
  return { success: false, errorMessage, errorData: convexToJson((error as { data?: Value }).data ?? null) };
}

async function importAll(directory: string, cache: string): Promise<Modules> {
  const files = await functionFiles(directory);
  if (files.length === 0) throw new Error(`${directory} has no Convex functions.`);
  await mkdir(cache, { recursive: true });
  const outdir = await mkdtemp(join(cache, "functions-"));
  try {
    await build({
      entryPoints: files.map((file) => join(directory, file)),
      outdir,
      outbase: directory,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      packages: "external",
      sourcemap: "inline",
      logLevel: "error",
    });
    const modules: Modules = {};
    for (const file of files) {
      const name = file.replace(/\.tsx?$/, "");
      modules[name] = await import(pathToFileURL(join(outdir, `${name}.mjs`)).href);
    }
    return modules;
  } finally {
    await stop();
    await rm(outdir, { recursive: true, force: true });
  }
}

async function functionFiles(directory: string): Promise<string[]> {
  const files = await readdir(directory, { recursive: true });
  return files
    .filter((file) => /\.tsx?$/.test(file) && !/\.d\.ts$/.test(file) && !file.startsWith("_generated"))
    .sort();
}
