import type { Evaluation } from '../../../lifecycle/alert-state.ts';
import type { LevelLimits } from '../../limit-levels.ts';

/** Of one group. */
export interface ShareCounts {
  /** With fresh evidence. */
  readonly fresh: number;
  /** Of the fresh ones. */
  readonly inBreach: number;
  /** Without fresh evidence, and in breach when last heard. */
  readonly lastSeenInBreach: number;
}

export interface ShareLimits {
  readonly limits: LevelLimits;
  readonly minMembers: number;
  readonly minInBreach: number;
}

export interface JudgedShare {
  readonly sharePercent: number;
  readonly evaluations: readonly Evaluation[];
}

/**
 * Pure. Undefined: too few are known. Begins only with enough in breach, so never with one. Ends where it would also end if all
 * who fell silent in breach still were: silence is no recovery.
 */
export function judgeShare(
  counts: ShareCounts,
  { limits, minMembers, minInBreach }: ShareLimits,
): JudgedShare | undefined {
  const { fresh, inBreach, lastSeenInBreach } = counts;
  if (fresh < minMembers) return undefined;
  const sharePercent = (100 * inBreach) / fresh;
  const worstCount = inBreach + lastSeenInBreach;
  const worst = limits.evaluate((100 * worstCount) / (fresh + lastSeenInBreach));
  const evaluations = limits.evaluate(sharePercent).map((evaluation, at): Evaluation => {
    if (evaluation === 'breach' && inBreach >= minInBreach) return 'breach';
    return worstCount <= 1 || worst[at] === 'clear' ? 'clear' : 'between';
  });
  return { sharePercent, evaluations };
}
