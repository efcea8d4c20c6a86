import { convexToJson, type JSONValue, type Value } from "convex/values";

/**
 * A value as one text, the same for values that are equal to Convex and for no others: whatever the order of fields,
 * and with 0 apart from -0, 1 from 1n, bytes by what they hold, a missing field from one that is null.
 */
export function canonicalText(value: Value): string {
  return JSON.stringify(sorted(convexToJson(value)));
}

function sorted(json: JSONValue): JSONValue {
  if (Array.isArray(json)) return json.map(sorted);
  if (json === null || typeof json !== "object") return json;
  return Object.fromEntries(
    Object.keys(json)
      .sort()
      .map((name) => [name, sorted(json[name] as JSONValue)]),
  );
}
