import { useEffect, useState } from "react";

type TrustedTypes = {
  createPolicy(
    name: string,
    rules: { createScriptURL(url: string): string },
  ): { createScriptURL(url: string): string };
};

const WORKER = "/sw.js";

let policy: ReturnType<TrustedTypes["createPolicy"]> | undefined;

/** Tells whether a newer build of the page waits to take over, and lets it. */
export function useNewBuild(): { waiting: boolean; takeOver(): void } {
  const [worker, setWorker] = useState<ServiceWorker | null>(null);
  useEffect(() => {
    if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
    let mounted = true;
    const registering = navigator.serviceWorker.register(trustedAddress());
    registering.then(
      (registration) => watchForNewBuild(registration, (waiting) => mounted && setWorker(waiting)),
      // Without a worker the page works as before, but not after a reload without network.
      () => undefined,
    );
    return () => {
      mounted = false;
    };
  }, []);
  return {
    waiting: worker !== null,
    takeOver() {
      navigator.serviceWorker.addEventListener("controllerchange", () => location.reload(), { once: true });
      worker?.postMessage({ type: "SKIP_WAITING" });
    },
  };
}

function watchForNewBuild(
  registration: ServiceWorkerRegistration,
  found: (waiting: ServiceWorker) => void,
): void {
  if (registration.waiting && navigator.serviceWorker.controller) found(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const installing = registration.installing;
    installing?.addEventListener("statechange", () => {
      // Without a controller it is the first build that was ever installed, not a newer one.
      if (installing.state === "installed" && navigator.serviceWorker.controller) found(installing);
    });
  });
}

/** Under `require-trusted-types-for 'script'` a worker's address has to come out of a policy. */
function trustedAddress(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (trustedTypes === undefined) return WORKER;
  policy ??= trustedTypes.createPolicy("campaign-table", { createScriptURL: () => WORKER });
  return policy.createScriptURL(WORKER);
}
