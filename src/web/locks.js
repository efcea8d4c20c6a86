// One request for a Web Lock.

/**
 * Queues for the lock, or takes it by force, and returns a function that gives it back or stops waiting. `tell` is called
 * later, and not after that: with "granted", "lost", or "refused" and what the browser threw.
 */
export function requestLock(name, steal, tell) {
  const controller = new AbortController();
  let isOver = false;
  let release;
  const hold = () =>
    new Promise((resolve) => {
      release = resolve;
      if (isOver) resolve();
      else tell("granted");
    });
  // Who takes by force does not wait: there is nothing to abort, and the two do not go together.
  const options = steal ? { steal } : { signal: controller.signal };
  navigator.locks.request(name, options, hold).catch((error) => {
    if (!isOver) tell(release === undefined ? "refused" : "lost", error);
  });
  return () => {
    isOver = true;
    controller.abort();
    release?.();
  };
}
