import { Icon } from "./Icon.js";

/** Says that what is shown is not yet what the server has. */
export function PendingMark({ changes }: { changes: number }) {
  if (changes === 0) return null;
  return (
    <p className="pending-mark">
      <Icon shape="basted" />
      {changes === 1 ? "Not yet confirmed" : `Not yet confirmed: ${changes} changes`}
    </p>
  );
}
