import { useEffect, useState } from "react";
import { type Announcement, onAnnouncement } from "../rooms/announcements.js";

const KEPT = 4;

/** Reads announcements aloud. The regions are there from the start: one that comes with its text is not read. */
export function Announcer() {
  const [said, setSaid] = useState<readonly Announcement[]>([]);
  useEffect(
    () => onAnnouncement((announcement) => setSaid((before) => [...before, announcement].slice(-KEPT))),
    [],
  );
  return (
    <div className="unseen">
      <div role="log" aria-label="Changes">
        {said.map(({ number, text, urgent }) => !urgent && <p key={number}>{text}</p>)}
      </div>
      <div role="alert">{said.map(({ number, text, urgent }) => urgent && <p key={number}>{text}</p>)}</div>
    </div>
  );
}
