// Bundlers put a constant in place of the whole expression, so it must be written out.
declare const process: { readonly env: { readonly NODE_ENV?: string } };

/** Whether this is a development build. Where no bundler says so, it is not. */
export const IN_DEVELOPMENT: boolean = (() => {
  try {
    return process.env.NODE_ENV !== "production";
  } catch {
    return false;
  }
})();
