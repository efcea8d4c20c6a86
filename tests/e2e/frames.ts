// What a person could have seen: every state of a scene between two frames, and at which frame.
import type { Page } from "@playwright/test";

/** How a scene stood in the page from this frame on. */
export type Seen = { frame: number; status: string; pending: boolean };

/** Starts to write down every change of a scene in this tab. */
export async function recordFrames(page: Page, scene: string): Promise<void> {
  await page.evaluate((name) => {
    const seen: Seen[] = [];
    let frame = 0;
    const look = () => {
      const heading = [...document.querySelectorAll("article h2")].find((h2) => h2.textContent === name);
      const card = heading?.closest("article");
      const status = card?.dataset.status ?? "absent";
      const pending = card?.dataset.pending !== undefined;
      const last = seen.at(-1);
      if (last?.status !== status || last.pending !== pending) seen.push({ frame, status, pending });
    };
    const onFrame = () => {
      look();
      frame += 1;
      requestAnimationFrame(onFrame);
    };
    // Frames alone would miss a state that came and went between two of them, which a faster screen shows.
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
    requestAnimationFrame(onFrame);
    (window as unknown as { seen: Seen[] }).seen = seen;
  }, scene);
}

export async function framesSeen(page: Page): Promise<Seen[]> {
  return await page.evaluate(() => (window as unknown as { seen: Seen[] }).seen);
}

/** Asks for a status within a frame, and says what the page showed when that same frame was drawn. */
export async function statusDrawnInTheFrameOfTheClick(
  page: Page,
  scene: string,
  status: string,
): Promise<string> {
  return await page.evaluate(
    async ({ scene, status }) => {
      const headings = [...document.querySelectorAll("article h2")];
      const card = headings.find((h2) => h2.textContent === scene)?.closest("article");
      const button = card?.querySelector<HTMLButtonElement>(`button[data-status=${status}]`);
      if (!card || !button) return "absent";
      return await new Promise<string>((resolve) => {
        requestAnimationFrame(() => {
          button.click();
          // A new observation is reported in this frame, after its layout and right before its drawing.
          new ResizeObserver((_, observer) => {
            observer.disconnect();
            resolve(card.dataset.status ?? "none");
          }).observe(card);
        });
      });
    },
    { scene, status },
  );
}
