import { nameOfStatus, type Status } from "../operations/interactions.js";
import { Icon } from "./Icon.js";

export function StatusBadge({ status }: { status: Status }) {
  return (
    <span className="badge" data-status={status}>
      <Icon shape={status} />
      {nameOfStatus(status)}
    </span>
  );
}
