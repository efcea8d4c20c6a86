// What one would write by hand: a three-way walk that knows plain objects and lists of objects with an id. It decides
// nothing: where both sides changed something, the server's counts.

type Fields = Readonly<Record<string, unknown>>;

export function mergeByHand(base: unknown, local: unknown, server: unknown): unknown {
  if (isEqual(local, server) || isEqual(base, local)) return server;
  if (isEqual(base, server)) return local;
  if (Array.isArray(base) && Array.isArray(local) && Array.isArray(server))
    return mergeLists(base, local, server);
  if (isFields(base) && isFields(local) && isFields(server)) return mergeFields(base, local, server);
  return server;
}

function mergeFields(base: Fields, local: Fields, server: Fields): Fields {
  const merged: Record<string, unknown> = {};
  for (const name of new Set([...Object.keys(server), ...Object.keys(local)])) {
    const value = mergeByHand(base[name], local[name], server[name]);
    if (value !== undefined) merged[name] = value;
  }
  return merged;
}

/** In the server's order; what this person added or moved comes after what it follows in this person's order. */
function mergeLists(
  base: readonly unknown[],
  local: readonly unknown[],
  server: readonly unknown[],
): unknown[] {
  const [was, here, there] = [byId(base), byId(local), byId(server)];
  const merged = new Map<unknown, unknown>();
  for (const id of new Set([...there.keys(), ...here.keys()])) {
    const value = mergeByHand(was.get(id), here.get(id), there.get(id));
    if (value !== undefined) merged.set(id, value);
  }
  const moved = movedIds([...was.keys()], [...here.keys()]);
  const isPlacedHere = (id: unknown) => !there.has(id) || moved.has(id);
  const followers = new Map<unknown, unknown[]>();
  let before: unknown;
  for (const id of here.keys()) {
    if (!merged.has(id)) continue;
    if (isPlacedHere(id)) {
      const list = followers.get(before) ?? [];
      list.push(id);
      followers.set(before, list);
    } else before = id;
  }
  const order = [...(followers.get(undefined) ?? [])];
  for (const id of there.keys()) {
    if (merged.has(id) && !isPlacedHere(id)) order.push(id, ...(followers.get(id) ?? []));
  }
  return order.map((id) => merged.get(id));
}

/** Those that do not follow the element that they followed before. */
function movedIds(base: readonly unknown[], local: readonly unknown[]): Set<unknown> {
  const before = new Map(base.map((id, at) => [id, base[at - 1]]));
  return new Set(local.filter((id, at) => before.has(id) && before.get(id) !== local[at - 1]));
}

function byId(list: readonly unknown[]): Map<unknown, unknown> {
  return new Map(list.map((item) => [(item as Fields)["id"], item]));
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isEqual(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, at) => isEqual(item, other[at]));
  }
  if (!isFields(one) || !isFields(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  );
}
