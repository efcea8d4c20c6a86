// Engines that crash.
import type { Page } from "@playwright/test";

/** From now on the engine's method of this name hits an `unreachable` instruction, `times` times. */
export async function trap(page: Page, method: string, times: number): Promise<void> {
  await page.evaluate(
    async ({ name, count }) => {
      const { engineClass } = window.stage;
      // (module (func (export "f") unreachable))
      const bytes = [
        0, 97, 115, 109, 1, 0, 0, 0, 1, 4, 1, 96, 0, 0, 3, 2, 1, 0, 7, 5, 1, 1, 102, 0, 0, 10, 5, 1, 3, 0, 0,
        11,
      ];
      const { instance } = await WebAssembly.instantiate(new Uint8Array(bytes));
      const crash = instance.exports.f as () => never;
      const prototype = (await engineClass()).prototype as unknown as Record<
        string,
        (...args: unknown[]) => unknown
      >;
      const real = prototype[name];
      let left = count;
      prototype[name] = function (...args) {
        if (left === 0) return real?.apply(this, args);
        left -= 1;
        return crash();
      };
    },
    { name: method, count: times },
  );
}
