import { Icon } from "./Icon.js";

/** Nothing has been heard of the server since the page was opened; a lost connection is told by the bar. */
export function StaleNotice() {
  return (
    <div className="notice">
      <Icon shape="basted" />
      <p>From your last visit. It will be brought up to date once the server answers.</p>
    </div>
  );
}
