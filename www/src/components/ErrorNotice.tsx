import type { TabweaveError } from "tabweave";
import { reasonOf } from "../operations/describe.js";
import { Icon } from "./Icon.js";

export function ErrorNotice({ what, error }: { what: string; error: TabweaveError | undefined }) {
  return (
    <div className="notice notice-error" role="alert">
      <Icon shape="refused" />
      <p>
        {what} could not be loaded. {reasonOf(error)}
      </p>
      <button type="button" className="button" onClick={() => location.reload()}>
        Reload the page
      </button>
    </div>
  );
}
