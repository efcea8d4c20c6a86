// What a promise came to, for a callback.

/** Calls `settled` later: with the value, or with nothing and the error. */
export function whenSettled(promise, settled) {
  promise.then(
    (value) => settled(value),
    (error) => settled(undefined, error),
  );
}
