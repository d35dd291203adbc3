import type { Entry } from './form-fields.ts';

/** A field that differs between what a person wrote and what somebody else made of the entry meanwhile. */
export interface FieldConflict {
  readonly field: string;
  /** What both began with. */
  readonly before: unknown;
  readonly mine: unknown;
  readonly theirs: unknown;
  /** Both changed it; false: only one of them did. */
  readonly isBoth: boolean;
}

/** Field by field, in the order of their names. Pure. */
export function conflictsOf(before: Entry, mine: Entry, theirs: Entry): readonly FieldConflict[] {
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return [...names]
    .filter((name) => !isSame(mine[name], theirs[name]))
    .sort()
    .map((field) => ({
      field,
      before: before[field],
      mine: mine[field],
      theirs: theirs[field],
      isBoth: !isSame(before[field], mine[field]) && !isSame(before[field], theirs[field]),
    }));
}

/** What the other one wrote, with what this person changed; a field that both changed as this person has it. Pure. */
export function mergedOf(before: Entry, mine: Entry, theirs: Entry): Entry {
  const names = new Set([...Object.keys(mine), ...Object.keys(theirs)]);
  return Object.fromEntries(
    [...names].flatMap((name): [string, unknown][] => {
      const value = isSame(before[name], mine[name]) ? theirs[name] : mine[name];
      return value === undefined ? [] : [[name, value]];
    }),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
