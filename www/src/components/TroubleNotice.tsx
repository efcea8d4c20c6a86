import { useSyncExternalStore } from "react";
import type { TabweaveErrorCode } from "tabweave";
import { useTabweave } from "tabweave/react";
import { Icon } from "./Icon.js";

/** What a person has to know, because something will not be as they expect it. */
const TROUBLES: Partial<Record<TabweaveErrorCode, string>> = {
  storage_memory:
    "This browser stores nothing for this page. What has not reached the server is lost with the tab.",
  storage_quota: "This browser has no room left. Keep the tab open until nothing is waiting.",
  wasm_unavailable:
    "A part of the page could not be loaded. What you do is kept, and sent once you reload the page.",
};

export function TroubleNotice() {
  const { diagnostics } = useTabweave();
  const known = useSyncExternalStore(diagnostics.subscribe, diagnostics.getSnapshot);
  const troubles = new Set(known.map(({ code }) => TROUBLES[code]));
  return [...troubles].map(
    (text) =>
      text !== undefined && (
        <div key={text} className="notice notice-error" role="alert">
          <Icon shape="refused" />
          <p>{text}</p>
        </div>
      ),
  );
}
