import type { Path, PathSegment } from "./types.js";

/** A name that needs no quotes in the text of a path. */
const PLAIN_NAME = /^[^.[\]*"=]+$/;

/** A path as people read it: `items[id=a1].qty`. */
export function pathText(path: Path): string {
  return path.map(segmentText).join("").replace(/^\./, "");
}

function segmentText(segment: PathSegment): string {
  if (typeof segment === "number") return `[${segment}]`;
  if (typeof segment === "string")
    return PLAIN_NAME.test(segment) ? `.${segment}` : `[${JSON.stringify(segment)}]`;
  return "by" in segment ? `[${segment.by}=${String(segment.key)}]` : `[${String(segment.key)}]`;
}
