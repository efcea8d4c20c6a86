import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import {
  createStatusConflict,
  useConflictResolution,
} from "../../../pkg/src/live-interaction/conflictResolution/index.js";

function Bar(): ReactElement {
  const { activeConflicts, stats } = useConflictResolution();
  return <p>{[activeConflicts.length, stats.total].join(" ")}</p>;
}

test("on a server nothing is known, and nothing is thrown", () => {
  createStatusConflict("i1", "paused", "live");
  expect(renderToString(<Bar />)).toBe("<p>0 0</p>");
});
