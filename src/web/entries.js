// Entries of topics: `[topic, key, wallMs, counter, tab, value]`. Without the last item the entry was removed; a tab
// that is null is the sender of the message.
//
// A list of them crosses the boundary at once, in three parts: all texts as one, six numbers an entry (the lengths of
// its topic, its key and its tab, its time and counter, and whether it has a value), and the values.

/** Numbers an entry. */
const STRIDE = 6;

const ENTRIES_MAX = 20_000;
const TEXT_LENGTH_MAX = 1_024;
const TAB_LENGTH = 36;
const MOMENT_MS_MAX = 8.64e15;
const COUNTER_MAX = 0xffff_ffff;

/** The version of the records. */
const SCHEMA = 1;

/** The entries of these parts. */
export function entriesOf(texts, numbers, values) {
  let at = 0;
  const cut = (length) => {
    at += length;
    return texts.slice(at - length, at);
  };
  return values.map((value, index) => {
    const number = index * STRIDE;
    const [topic, key, tab] = [cut(numbers[number]), cut(numbers[number + 1]), cut(numbers[number + 2])];
    const entry = [topic, key, numbers[number + 3], numbers[number + 4], tab || null];
    if (numbers[number + 5]) entry.push(value);
    return entry;
  });
}

/** The parts of a message's entries; undefined if there are too many or one is none. */
export function partsOf(entries) {
  const parts = { texts: "", numbers: [], values: [] };
  try {
    const { length } = entries;
    if (!Array.isArray(entries) || length > ENTRIES_MAX) return undefined;
    for (let index = 0; index < length; index += 1) {
      if (!take(parts, entries[index], true)) return undefined;
    }
    return parts;
  } catch {
    // A proxy or a getter threw.
    return undefined;
  }
}

/** The parts of the entries in records, and how many records are of another version, or no records at all. */
export function partsOfRecords(records) {
  const parts = { texts: "", numbers: [], values: [], unreadable: 0, newer: 0 };
  for (const record of records) {
    if (record?.schema === SCHEMA && take(parts, record.entry, false)) continue;
    parts.unreadable += 1;
    if (record?.schema > SCHEMA) parts.newer += 1;
  }
  return parts;
}

/** Adds an entry to the parts; false, and nothing is added, if it is none. Each item is looked at once. */
function take(parts, entry, bySender) {
  if (!Array.isArray(entry)) return false;
  const { length } = entry;
  if (length !== 5 && length !== 6) return false;
  const [topic, key, wallMs, counter, tab, value] = entry;
  const hasTab = tab === null ? bySender : typeof tab === "string" && tab.length === TAB_LENGTH;
  if (!hasTab || !isText(topic) || !isText(key)) return false;
  if (!isWhole(wallMs, MOMENT_MS_MAX) || !isWhole(counter, COUNTER_MAX)) return false;
  // Kept apart, so that two halves of a character do not meet.
  parts.texts += `${topic}\n${key}\n${tab ?? ""}\n`;
  parts.numbers.push(topic.length, key.length, tab?.length ?? 0, wallMs, counter, length - 5);
  parts.values.push(value);
  return true;
}

function isText(value) {
  return typeof value === "string" && value.length <= TEXT_LENGTH_MAX;
}

function isWhole(value, most) {
  return Number.isInteger(value) && value >= 0 && value <= most;
}
