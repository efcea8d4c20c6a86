import { renderToString } from "react-dom/server";
import { ConflictResolver } from "tabweave/ui";
import { expect, test } from "vitest";
import { fight } from "../pages/conflict.js";

test("a server renders the screen, without inline styles, and says nothing", () => {
  const html = renderToString(
    <ConflictResolver conflict={fight} onResolve={() => Promise.resolve()} locale="en" />,
  );
  expect(html).toContain("0 of 6 decided");
  expect(html).toContain("old rope");
  expect(html).not.toMatch(/\sstyle=|<style/);
});
