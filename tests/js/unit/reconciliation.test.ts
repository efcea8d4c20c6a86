// The crash proof is worth what its last step notices.
import { expect, test } from "vitest";
import { type Entry, reconcile } from "../../crash/reconciliation.js";

const entry = (tab: number, number: number, scope = "a"): Entry => ({ tab, number, scope });

test("nothing is found where each operation took effect once, in the order of its tab and scope", () => {
  const ledger = [entry(2, 1), entry(1, 2, "b"), entry(1, 1), entry(1, 3), entry(2, 2)];
  expect(reconcile([entry(1, 1), entry(1, 3), entry(2, 2)], ledger)).toEqual({
    lost: [],
    doubled: [],
    outOfOrder: [],
  });
});

test("an acknowledged operation without effect is lost; that another tab had one of its number does not help", () => {
  expect(reconcile([entry(1, 1), entry(1, 2)], [entry(1, 1), entry(2, 2)]).lost).toEqual([entry(1, 2)]);
});

test("a second effect is a double, acknowledged or not, and each further one is another", () => {
  const ledger = [entry(1, 1), entry(1, 2), entry(1, 1), entry(1, 1)];
  const { doubled, outOfOrder } = reconcile([], ledger);
  expect(doubled).toEqual([entry(1, 1), entry(1, 1)]);
  expect(outOfOrder).toEqual([]);
});

test("an effect after a later one of its tab and scope is out of order", () => {
  expect(reconcile([], [entry(1, 4), entry(1, 1), entry(1, 5), entry(1, 2, "b")]).outOfOrder).toEqual([
    entry(1, 1),
  ]);
});
