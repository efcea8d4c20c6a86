/** How a language writes numbers. */
interface Numerals {
  readonly decimal: string;
  readonly group: string;
  /** From 0 to 9. */
  readonly digits: readonly string[];
}

function numeralsOf(locale: string | undefined): Numerals {
  const parts = new Intl.NumberFormat(locale, { useGrouping: true }).formatToParts(1_234_567.5);
  const find = (type: string, otherwise: string) =>
    parts.find((part) => part.type === type)?.value ?? otherwise;
  const plain = new Intl.NumberFormat(locale, { useGrouping: false });
  return {
    decimal: find("decimal", "."),
    group: find("group", ","),
    digits: Array.from({ length: 10 }, (_, digit) => plain.format(digit)),
  };
}

/** A number with all its digits, and the decimal sign of a language. */
export function numeralOf(value: number, locale?: string): string {
  return String(value).replace(".", numeralsOf(locale).decimal);
}

/** The number that a text means in a language, or else as programs write it; undefined if it means none. */
export function numberIn(text: string, locale?: string): number | undefined {
  const { decimal, group, digits } = numeralsOf(locale);
  const latin = Array.from(text.replace(/[\s\u200e\u200f\u061c]/g, ""), (sign) => {
    const digit = digits.indexOf(sign);
    return digit < 0 ? sign : String(digit);
  }).join("");
  const [whole = "", ...parts] = latin.replace("−", "-").split(decimal);
  const grouped = new RegExp(`^[+-]?\\d{1,3}(${escaped(group.trim())}\\d{2,3})+$`);
  const native = [grouped.test(whole) ? whole.replaceAll(group.trim(), "") : whole, ...parts].join(".");
  return plainNumber(native) ?? plainNumber(latin);
}

/** Languages that group by a space have none left in the text. */
function escaped(sign: string): string {
  return sign.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

function plainNumber(text: string): number | undefined {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
