import type { AlertRule } from '../rules/rule.ts';

/** Ids of rules; `moved`: the same content from another file. */
export type RuleChanges = Readonly<Record<'added' | 'changed' | 'removed' | 'moved', readonly string[]>>;

/** From one set of rules to another. Pure. */
export function changesOf(before: readonly AlertRule[], after: readonly AlertRule[]): RuleChanges {
  const known = new Map(before.map((rule) => [rule.id, rule]));
  const kept = new Set(after.map(({ id }) => id));
  const both = after.flatMap((rule) => {
    const old = known.get(rule.id);
    return old === undefined ? [] : [{ rule, old }];
  });
  const isSame = ({ rule, old }: (typeof both)[number]): boolean => rule.hash === old.hash;
  const idsOf = (pairs: typeof both): string[] => pairs.map(({ rule }) => rule.id);
  return {
    added: after.filter(({ id }) => !known.has(id)).map(({ id }) => id),
    changed: idsOf(both.filter((pair) => !isSame(pair))),
    removed: before.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    moved: idsOf(both.filter((pair) => isSame(pair) && pair.rule.source !== pair.old.source)),
  };
}

const MAX_NAMED = 50;

/** `added a, b; removed c`; undefined: nothing changed. Pure. */
export function changesText(changes: RuleChanges): string | undefined {
  const parts = Object.entries(changes).flatMap(([what, ids]) =>
    ids.length === 0 ? [] : [`${what} ${named(ids)}`],
  );
  return parts.length === 0 ? undefined : parts.join('; ');
}

function named(ids: readonly string[]): string {
  const more = ids.length - MAX_NAMED;
  return ids.slice(0, MAX_NAMED).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
