import type { MouseEvent } from "react";
import { go, hrefWith, type Role } from "../rooms/address.js";

const ROLES: readonly { role: Role; name: string }[] = [
  { role: "dungeon-master", name: "Dungeon master" },
  { role: "player", name: "Player" },
];

/** Links, not buttons: the other view can be opened in another tab. */
export function RoleSwitch({ role: current }: { role: Role }) {
  function follow(event: MouseEvent, role: Role) {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go({ role });
  }
  return (
    <nav className="role-switch" aria-label="View">
      {ROLES.map(({ role, name }) => (
        <a
          key={role}
          href={hrefWith({ role })}
          aria-current={role === current ? "page" : undefined}
          onClick={(event) => follow(event, role)}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}
