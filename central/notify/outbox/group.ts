import type { Telling } from './telling.ts';

/** Pure. Those of one site or one rule belong together, also by way of a third; in the order of their first. */
export function groupTellings(tellings: readonly Telling[]): readonly (readonly Telling[])[] {
  const groupOf = new Map<string, Telling[]>();
  for (const telling of tellings) {
    const keys = keysOf(telling);
    const found = [...new Set(keys.map((key) => groupOf.get(key)).filter((group) => group !== undefined))];
    const [first = [], ...others] = found;
    for (const other of others) {
      first.push(...other);
      for (const member of other) for (const key of keysOf(member)) groupOf.set(key, first);
    }
    first.push(telling);
    for (const key of keys) groupOf.set(key, first);
  }
  return [...new Set(groupOf.values())];
}

function keysOf({ facts: { rule, site } }: Telling): readonly string[] {
  return [`rule ${rule}`, ...(site === undefined ? [] : [`site ${site}`])];
}
