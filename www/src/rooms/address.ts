import { useSyncExternalStore } from "react";

/** Who looks at the table. */
export type Role = "dungeon-master" | "player";

/** What the page's address says. It lives there and nowhere else, so that two tabs can differ. */
export type Address = { campaign: string | undefined; role: Role };

const CAMPAIGN = "campaign";
const VIEW = "view";
const listeners = new Set<() => void>();

/** The address bar after this change, with every other parameter as it is. */
export function hrefWith(change: Partial<Address>): string {
  const url = new URL(location.href);
  if (change.campaign !== undefined) url.searchParams.set(CAMPAIGN, change.campaign);
  if (change.role !== undefined) url.searchParams.set(VIEW, change.role);
  return `${url.pathname}${url.search}`;
}

export function go(change: Partial<Address>): void {
  history.pushState(null, "", hrefWith(change));
  for (const listener of listeners) listener();
}

export function useAddress(): Address {
  const search = useSyncExternalStore(subscribe, () => location.search);
  const parameters = new URLSearchParams(search);
  return {
    campaign: parameters.get(CAMPAIGN) ?? undefined,
    role: parameters.get(VIEW) === "player" ? "player" : "dungeon-master",
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener("popstate", listener);
  return () => {
    listeners.delete(listener);
    removeEventListener("popstate", listener);
  };
}
