/** The variables of one UPS by name, such as `battery.charge` (RFC 9271, section 5.1). */
export type Variables = ReadonlyMap<string, string>;

const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d{1,2})?$/i;
const MAX_CHARS = 24;

/** undefined: missing, or not a number (`N/A`). */
export function numberOf(variables: Variables, name: string): number | undefined {
  const text = variables.get(name)?.trim();
  return text !== undefined && text.length <= MAX_CHARS && NUMBER.test(text) ? Number(text) : undefined;
}

const MAX_TEXT_CHARS = 64;

/** On one line; undefined: missing or empty. */
export function textOf(variables: Variables, name: string): string | undefined {
  const text = variables
    .get(name)
    ?.replace(/[\p{Cc}\s]+/gu, ' ')
    .trim()
    .slice(0, MAX_TEXT_CHARS);
  return text === '' ? undefined : text;
}
