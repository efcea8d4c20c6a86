import { Deferred } from "../deferred.js";

/**
 * Holds a lock until the returned function is called. `entered` runs once it is held, or at once where there
 * are no locks. Nobody ever waits for one of these: their names say who is there.
 */
export function holdLock(name: string, entered: () => void = () => {}): () => void {
  if (navigator.locks === undefined) {
    entered();
    return () => {};
  }
  const released = new Deferred<void>();
  const hold = () => {
    entered();
    return released.promise;
  };
  // It is refused only to a page that is going away.
  navigator.locks.request(name, hold).catch(() => {});
  return released.resolve;
}
