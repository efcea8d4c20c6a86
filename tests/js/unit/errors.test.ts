import { expect, test } from "vitest";
import { CODES, type TabweaveErrorCode } from "../../../pkg/src/errors/codes.js";
import { isTabweaveError, TabweaveError } from "../../../pkg/src/errors/error.js";
import { plainError, revivedError } from "../../../pkg/src/errors/plain.js";
import { errorsDocument } from "../errors-document.js";

const codes = Object.keys(CODES) as TabweaveErrorCode[];

test.each(codes)("%s carries its cause, its remedy and whether it may pass", (code) => {
  const error = new TabweaveError(code);
  expect(error.message).toBe(`${code}: ${CODES[code].cause} ${CODES[code].remedy}`);
  expect(error).toMatchObject({ name: "TabweaveError", code, ...pick(CODES[code]) });
});

function pick({ remedy, retryable }: { remedy: string; retryable: boolean }): object {
  return { remedy, retryable };
}

test("ERRORS.md says what the table says", async () => {
  await expect(errorsDocument()).toMatchFileSnapshot("../../../ERRORS.md");
});

test("an error of another copy of the package is known, anything else is not", () => {
  const other = Object.assign(new Error("rejected"), { [Symbol.for("tabweave.error")]: true });
  expect(
    [new TabweaveError("rejected"), other, new Error("x"), null, "rejected"].map(isTabweaveError),
  ).toEqual([true, true, false, false, false]);
});

test("the original error is the cause", () => {
  const cause = new RangeError("too far");
  expect(new TabweaveError("rejected", { cause, detail: "Too far." })).toMatchObject({
    cause,
    message: expect.stringContaining("rejected: Too far."),
  });
});

test.each([
  ["an error", new RangeError("too far"), { name: "RangeError", message: "too far" }],
  [
    "an error with data",
    Object.assign(new Error("no"), { data: { code: 7n } }),
    { name: "Error", message: "no", data: { code: 7n } },
  ],
  [
    "data that cannot be stored",
    Object.assign(new Error("no"), { data: () => 1 }),
    { name: "Error", message: "no" },
  ],
  [
    "an error with a status and a code",
    Object.assign(new Error("no"), { response: { status: 429 }, code: "TOO_MANY" }),
    { name: "Error", message: "no", status: 429, code: "TOO_MANY" },
  ],
  ["a text", "no", { name: "Error", message: "no" }],
  ["nothing", undefined, { name: "Error", message: "undefined" }],
  ["a strange object", { name: 1, message: {} }, { name: "Error", message: "" }],
])("%s is kept as a plain object and comes back as an error", (_, thrown, plain) => {
  expect(plainError(thrown)).toEqual(plain);
  const revived = revivedError(structuredClone(plainError(thrown)));
  expect(revived).toBeInstanceOf(Error);
  expect(plainError(revived)).toEqual(plain);
});
