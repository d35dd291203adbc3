import type { Sample } from '../../contract/sample.ts';

/**
 * Two readings of one collector as one: each series once, with the fields of both; where both have a field, the later one.
 * An agent would send both, and only the first has what is read at longer intervals. Pure.
 */
export function joinReadings(first: readonly Sample[], second: readonly Sample[]): readonly Sample[] {
  const joined = new Map<string, Sample>();
  for (const sample of [...first, ...second]) {
    const key = seriesKey(sample);
    const earlier = joined.get(key);
    joined.set(
      key,
      earlier === undefined ? sample : { ...sample, fields: { ...earlier.fields, ...sample.fields } },
    );
  }
  return [...joined.values()];
}

/** An error that both readings had is one error. Pure. */
export function joinErrors(first: readonly Error[], second: readonly Error[]): readonly Error[] {
  const known = new Set(first.map(({ message }) => message));
  return [...first, ...second.filter(({ message }) => !known.has(message))];
}

function seriesKey({ measurement, tags }: Sample): string {
  return JSON.stringify([measurement, Object.entries(tags).sort(([a], [b]) => (a < b ? -1 : 1))]);
}
