// A suite whose tool stalls before the first test is begun again; one in which a test failed is not.

import assert from "node:assert/strict";
import test from "node:test";
import { suites } from "../../scripts/lib/suites.mjs";

const { isStalled } = suites.find(({ name }) => name === "wasm");
const begun = "Running headless tests in Chrome on `http://127.0.0.1:45871/`";

test("a page that never loaded has stalled", () => {
  assert.equal(isStalled([begun, "Loading scripts...Failed to detect test as having been run."]), true);
});

test("a test that failed, or does not compile, is no stall", () => {
  assert.equal(isStalled([begun, "test channel::a_value_hops ... FAIL", "error: test failed"]), false);
  assert.equal(isStalled(["error[E0425]: cannot find function"]), false);
});
