/** Something that a person who does not see the page has to be told. */
export type Announcement = { number: number; text: string; urgent: boolean };

type Listener = (announcement: Announcement) => void;

const listeners = new Set<Listener>();
let announced = 0;

export function announce(text: string, { urgent = false } = {}): void {
  announced += 1;
  for (const listener of listeners) listener({ number: announced, text, urgent });
}

export function onAnnouncement(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
