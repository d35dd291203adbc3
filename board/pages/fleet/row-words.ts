const MOST_CHARACTERS = 300;

/**
 * A refused row in one line: its tags and fields, as `host=srv-1 · load1=x`; '' where it is none. As central keeps it: the names of tags and fields,
 * and a row of the tags' values, the time and the fields' values. Pure.
 */
export function rowWords(raw: unknown): string {
  const { tags, fields, row } = raw instanceof Object ? (raw as Readonly<Record<string, unknown>>) : {};
  const [tagValues, , fieldValues] = listOf(row);
  const words = [pairs(tags, tagValues), pairs(fields, fieldValues)]
    .filter((part) => part !== '')
    .join(' · ');
  return words.length > MOST_CHARACTERS ? `${words.slice(0, MOST_CHARACTERS)}…` : words;
}

function pairs(names: unknown, values: unknown): string {
  const of = listOf(names);
  return listOf(values)
    .flatMap((value, at) => (value === null ? [] : [`${written(of[at] ?? '?')}=${written(value)}`]))
    .join(' ');
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
