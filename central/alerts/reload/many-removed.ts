import type { AlertRule } from '../rules/rule.ts';

/** Of fewer, one is a large part already. */
const MIN_OWN_RULES = 4;

/** Why a directory that lacks most of the own rules of `before` is not believed. Pure. */
export function manyRemoved(
  directory: string,
  before: readonly { readonly id: string }[],
  next: readonly Pick<AlertRule, 'id' | 'origin'>[],
): readonly string[] {
  const kept = new Set(next.filter(({ origin }) => origin !== 'shipped').map(({ id }) => id));
  const removed = before.filter(({ id }) => !kept.has(id)).length;
  if (before.length < MIN_OWN_RULES || removed * 2 <= before.length) return [];
  return [
    `${directory}: lacks ${removed} of its ${before.length} rules, as a directory that is not mounted would; if that is wanted, send SIGHUP to central`,
  ];
}
