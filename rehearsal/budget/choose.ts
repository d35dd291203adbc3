import type { Effect } from './effects.ts';
import { excess } from './page-load.ts';
import type { Budget } from './parse-budget.ts';
import type { Page, Rehearsed } from './rehearsed.ts';

/** What a choice costs of what operators are owed. */
export interface Cost {
  /** Faults of which nobody would be told in time. */
  readonly lost: number;
  /** Of all others together, later than before. */
  readonly delayMs: number;
}

/**
 * Greedy: at each step the change that takes most away of what is over the budget for the delay that it adds, one change a rule, and none by which
 * nobody would be told in time of something due. Ends when the budget is met or nothing helps any more. Pure.
 */
export function choose(
  runs: readonly Rehearsed[],
  effects: readonly Effect[],
  budget: Budget,
): readonly Effect[] {
  const chosen = new Map<string, Effect>();
  for (;;) {
    const now = stateOf(runs, [...chosen.values()], budget);
    if (now.excess === 0) break;
    let best: { readonly effect: Effect; readonly worth: number } | undefined;
    for (const effect of effects) {
      const next = new Map(chosen).set(effect.candidate.rule.id, effect);
      const then = stateOf(runs, [...next.values()], budget);
      const less = now.excess - then.excess;
      if (less <= 0 || then.cost.lost > 0) continue;
      const worth = less / (Math.max(0, then.cost.delayMs - now.cost.delayMs) + 1_000);
      if (best === undefined || worth > best.worth) best = { effect, worth };
    }
    if (best === undefined) break;
    chosen.set(best.effect.candidate.rule.id, best.effect);
  }
  return [...chosen.values()];
}

/** Pages that would be left, and what that would cost, as far as one can know before it is tried. Pure. */
export function stateOf(
  runs: readonly Rehearsed[],
  effects: readonly Effect[],
  budget: Budget,
): { readonly pages: number; readonly excess: number; readonly cost: Cost } {
  let [pages, over, lost, delayMs] = [0, 0, 0, 0];
  for (const run of runs) {
    const changed = new Map(run.pages.map((page) => [page.atMs, changeOf(page, effects)]));
    const left = run.pages.flatMap((page) => {
      const change = changeOf(page, effects);
      return change === 'gone' ? [] : [{ atMs: page.atMs + change }];
    });
    pages += left.length;
    over += excess(left, budget);
    for (const { toldAtMs, byMs } of run.debts) {
      if (toldAtMs === undefined) continue;
      const change = changed.get(toldAtMs) ?? 0;
      if (change === 'gone' || toldAtMs + change > byMs) lost++;
      else delayMs += change;
    }
  }
  return { pages, excess: over, cost: { lost, delayMs } };
}

/** A page comes with the first of what it tells of. */
function changeOf({ begins }: Page, effects: readonly Effect[]): number | 'gone' {
  let least: number | 'gone' = 'gone';
  for (const begin of begins) {
    let own: number | 'gone' = 0;
    for (const { on } of effects) own = on.get(begin) ?? own;
    if (own !== 'gone') least = least === 'gone' ? own : Math.min(least, own);
  }
  return least;
}
