import { letterOf } from "../client/deadLetter.js";
import type { Session } from "../client/session.js";
import type { OutboxEntry } from "../client/snapshots.js";

/** Tells the app that an operation became a dead letter; if nobody listens, a diagnostic says so in the leader. */
export function tellDeadLetter(session: Session, id: string, isLeading: boolean): void {
  const { rooms } = session;
  const letter = rooms.outbox.getSnapshot().operations.find((entry) => entry.id === id);
  if (letter === undefined) return;
  if (rooms.deadLettered.size > 0) rooms.deadLettered.tell(letterOf(rooms, letter));
  else if (isLeading && rooms.settled.size === 0 && !isAwaited(session, letter)) {
    rooms.diagnostics.report("dead_letter_unattended", letter.error, id);
  }
}

/** Whether the page that called it, or `onSettled` of its definition, is told how it ended. */
function isAwaited({ settlements, rooms }: Session, { id, name }: OutboxEntry): boolean {
  return settlements.isAwaited(id) || rooms.handlers.find(name)?.onSettled !== undefined;
}
