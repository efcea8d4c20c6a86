// Carries out what the plan says: one trouble, and one kill.
import type { BatchKind, Point } from "../mesh/page/batch.js";
import { goOn, stop } from "../mesh/renderer.js";
import type { Kill, Step, Trouble } from "./plan.js";
import type { Stage } from "./stage.js";
import type { Tab } from "./tab.js";

/** With how much in the outbox the next fault comes, at most. */
const WAITING_MAX = 16;

/** Ends a trouble. */
type Relief = () => Promise<void>;

export class Faults {
  constructor(private readonly stage: Stage) {}

  async carryOut(step: Step): Promise<void> {
    const { register, tabs } = this.stage;
    // What is delivered meanwhile makes room for more.
    await register.untilWaiting(
      WAITING_MAX,
      tabs.map(({ number }) => number),
    );
    await register.untilAcknowledged(step.before);
    const relieve = await this.#begin(step);
    await register.untilAcknowledged(step.between);
    const isWithin = step.isWithin && isPossibleWithin(step);
    if (!isWithin) await relieve();
    await this.#kill(step.kill, step.victim);
    if (isWithin) await relieve();
  }

  async #begin({ trouble, troubled }: Step): Promise<Relief> {
    const { register, relay } = this.stage;
    if (trouble === undefined) return async () => {};
    const tab = this.stage.tabs[troubled]!;
    register.note(`${trouble}, tab ${tab.number}`);
    if (trouble === "renderer stopped before a commit") return await this.#stop(tab, "before commit");
    if (trouble === "renderer stopped after a commit") return await this.#stop(tab, "after commit");
    if (trouble === "backend killed") return await this.#killBackend();
    await relay.cut(trouble === "socket cut before the commit" ? "Mutation" : "MutationResponse");
    register.note("the socket is cut");
    return async () => {};
  }

  /** Stops the whole process in the middle of a batch that it writes into the store. */
  async #stop(tab: Tab, point: Point): Promise<Relief> {
    const letThrough = await this.#stopPage(tab, point);
    await stop(tab.pid);
    return async () => {
      // It may have been killed as it stood.
      if (!this.stage.tabs.includes(tab)) return;
      goOn(tab.pid);
      letThrough();
      this.stage.register.note(`tab ${tab.number} goes on`);
    };
  }

  /** Stops the page's task in a batch of the leader if there can be one, else in one of its own operations. */
  async #stopPage(tab: Tab, point: Point): Promise<() => void> {
    const { register, site, ledger } = this.stage;
    const kind: BatchKind = register.leads(tab.number) && ledger.backend.isRunning ? "transition" : "take";
    const visitor = site.visitor();
    await tab.stopIn(kind, point);
    const letThrough = await visitor;
    register.note(`tab ${tab.number} stands in a ${kind}, ${point}`);
    return letThrough;
  }

  async #killBackend(): Promise<Relief> {
    const { backend } = this.stage.ledger;
    await backend.kill();
    return async () => {
      await backend.restart();
      this.stage.register.note("the backend is back");
    };
  }

  async #kill(kill: Kill, place: number): Promise<void> {
    const { register } = this.stage;
    if (kill === "whole browser") {
      await this.#killBrowser();
      return;
    }
    const victim = this.stage.tabs[place]!;
    await this.#bringToItsEnd(kill, victim);
    register.note(`${kill}: tab ${victim.number} is killed`);
    await victim.kill();
    await this.stage.openTab(place);
  }

  /** Makes the page do that in which it is to be killed. */
  async #bringToItsEnd(kill: Kill, victim: Tab): Promise<void> {
    const { register, site } = this.stage;
    if (kill === "renderer, between tasks") return;
    await register.untilOpen(victim.number);
    if (kill === "renderer, before a commit") await this.#stopPage(victim, "before commit");
    else if (kill === "renderer, after a commit") await this.#stopPage(victim, "after commit");
    else {
      const isWaiting = kill === "renderer, in a click that waits";
      const visitor = isWaiting ? site.visitor() : undefined;
      victim.dieInClick(isWaiting ? "waiting" : "busy");
      await Promise.all([visitor, register.untilDying(victim.number)]);
    }
  }

  async #killBrowser(): Promise<void> {
    this.stage.register.note("the whole browser is killed");
    await this.stage.restartBrowser();
    await this.stage.openTabs();
  }
}

/** Whether a kill can fall into the trouble: a page that stands still does nothing in which it could be killed. */
function isPossibleWithin({ kill, trouble, victim, troubled }: Step): boolean {
  if (trouble === undefined || !isStop(trouble)) return true;
  if (kill === "whole browser" || kill === "renderer, between tasks") return true;
  // The store is blocked for a batch of another tab's as well.
  return victim !== troubled && kill.includes("click");
}

function isStop(trouble: Trouble): boolean {
  return trouble.startsWith("renderer stopped");
}
