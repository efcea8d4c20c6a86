// node scripts/lock.mjs, after package-lock.json changed: completes it for the platforms that npm
// left out. npm drops an optional package from the lock file when the registry it asked does not
// have it, and `npm ci` then refuses that lock file everywhere. What such a package runs on is
// read from its name, so that other platforms skip it without asking for it.

import { readFile, writeFile } from "node:fs/promises";
import { inRoot } from "./lib/place.mjs";
import { runScript, Stop } from "./lib/stop.mjs";

const systems = [
  "aix",
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
];
const processors = [
  "arm",
  "arm64",
  "ia32",
  "loong64",
  "mips64el",
  "ppc64",
  "riscv64",
  "s390x",
  "wasm32",
  "x64",
];
const exactVersion = /^\d+\.\d+\.\d+(?:-[\w.]+)?$/;

/** Adds what is missing to `packages`, the table of a lock file, and returns the paths it added. */
export function complete(packages) {
  const added = [];
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const there = lookUp(packages, path, name);
      if (there && (there.version === version || !exactVersion.test(version))) continue;
      const at = there ? `${path}/node_modules/${name}` : `node_modules/${name}`;
      packages[at] = stranger(name, version, entry.dev);
      added.push(at);
    }
  }
  return added;
}

/** Finds a package as Node does: from the nearest node_modules folder upwards. */
function lookUp(packages, path, name) {
  let from = path;
  while (from) {
    const near = packages[`${from}/node_modules/${name}`];
    if (near) return near;
    from = from.slice(0, Math.max(0, from.lastIndexOf("/node_modules/")));
  }
  return packages[`node_modules/${name}`];
}

function stranger(name, version, dev) {
  const words = name.split(/[-/@]/);
  const os = words.filter((word) => systems.includes(word));
  const cpu = words.filter((word) => processors.includes(word));
  const libc = libcOf(words);
  if (!exactVersion.test(version) || os.length + cpu.length === 0) {
    throw new Stop(`package-lock.json lacks ${name}@${version}, whose platform its name does not tell`);
  }
  return {
    version,
    ...(cpu.length > 0 && { cpu }),
    ...(dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    ...(os.length > 0 && { os }),
  };
}

function libcOf(words) {
  if (words.some((word) => word.startsWith("musl"))) return "musl";
  return words.includes("linux") && words.some((word) => word.startsWith("gnu")) ? "glibc" : undefined;
}

await runScript(import.meta.url, async () => {
  const file = inRoot("package-lock.json");
  const lock = JSON.parse(await readFile(file, "utf8"));
  const added = complete(lock.packages);
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, "en")),
  );
  if (added.length > 0) await writeFile(file, `${JSON.stringify(lock, undefined, 2)}\n`);
  console.log(added.length > 0 ? `added ${added.length} packages` : "complete");
});
