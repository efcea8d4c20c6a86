// Two odd numbers for each of the four lanes: their products reach all 32 bits.
const LANES = [
  [0x9e3779b1, 0x85ebca6b],
  [0xc2b2ae35, 0x27d4eb2f],
  [0x165667b1, 0xcc9e2d51],
  [0x1b873593, 0xe6546b65],
] as const;

/**
 * An operation id that is the same whenever it is made of the same text, as a lower-case UUID. Not for secrets: it
 * keeps texts of one queue apart, and needs to be there at once and on pages without a secure origin.
 */
export function derivedId(text: string): string {
  const hex = LANES.map(([first, second]) => laneOf(text, first, second)).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

function laneOf(text: string, first: number, second: number): string {
  let hash = first ^ text.length;
  for (let at = 0; at < text.length; at += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(at), second);
    hash = Math.imul(hash ^ (hash >>> 15), first);
  }
  hash = Math.imul(hash ^ (hash >>> 16), second);
  return ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, "0");
}
