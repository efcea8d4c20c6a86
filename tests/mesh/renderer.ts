// The operating system's process behind a tab, to be stopped in the middle of whatever it does.
import { readFile } from "node:fs/promises";
import type { Browser, Page } from "puppeteer-core";

const stopped = new Set<number>();

/** How much the busiest renderer must have computed, in seconds, to be told from the others. */
const BUSY_S = 0.1;

/**
 * The process of a page. No interface tells it, so the page is made to compute for a while: its process is the
 * one whose processor time grows meanwhile. Pages must be idle otherwise.
 */
export async function rendererOf(page: Page): Promise<number> {
  for (;;) {
    const before = await rendererTimes(page.browser());
    await page.evaluate(() => {
      // A fixed amount of work, whatever else the machine is busy with.
      let sum = 0;
      for (let step = 0; step < 150_000_000; step += 1) sum = (sum + step) | 0;
      return sum;
    });
    const after = await rendererTimes(page.browser());
    const grown = [...after].map(([pid, time]) => ({ pid, time: time - (before.get(pid) ?? 0) }));
    const [busiest, second] = grown.sort((a, b) => b.time - a.time);
    // Another page may still have been busy with its start: look again.
    if (busiest && busiest.time > BUSY_S && busiest.time > 3 * (second?.time ?? 0)) return busiest.pid;
  }
}

async function rendererTimes(browser: Browser): Promise<Map<number, number>> {
  const session = await browser.target().createCDPSession();
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  await session.detach();
  const renderers = processInfo.filter(({ type }) => type === "renderer");
  return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]));
}

/** Stops the process where it is, and returns once the system says that it stands still. */
export async function stop(pid: number): Promise<void> {
  stopped.add(pid);
  process.kill(pid, "SIGSTOP");
  while ((await stateOf(pid)) !== "T");
}

export function goOn(pid: number): void {
  stopped.delete(pid);
  process.kill(pid, "SIGCONT");
}

/** Lets every process go on that a test has stopped and not let go on. */
export function continueAll(): void {
  for (const pid of stopped) {
    try {
      goOn(pid);
    } catch {
      // It has ended meanwhile.
    }
  }
}

/** The state of a process as the system abbreviates it: T is stopped. */
async function stateOf(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[0];
}
