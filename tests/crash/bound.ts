/** How long anything may take; a busy machine needs the most of it. */
const BOUND_MS = 60_000;

/** What the promise comes to, or an error that says what never came. */
export async function within<T>(what: string, promise: Promise<T>, ms = BOUND_MS): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${ms / 1000} s in vain: ${what}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
