import type { ReactElement } from "react";
import { renderToString } from "react-dom/server";
import { expect, test } from "vitest";
import { useErrorRecovery } from "../../../pkg/src/live-interaction/errorRecovery/index.js";

function Bar(): ReactElement {
  const { isOnline, offlineActionCount, syncStatus, errorHistory } = useErrorRecovery();
  return <p>{[isOnline, offlineActionCount, syncStatus, errorHistory.length].join(" ")}</p>;
}

test("on a server nothing is known, and nothing is thrown", () => {
  expect(renderToString(<Bar />)).toBe("<p>false 0 synced 0</p>");
});
