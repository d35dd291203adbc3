import type { Answers } from '../../api/answers.ts';

export type RolloutItem = Answers['/api/v1/rollouts']['items'][number];

const SHOWN = ['applied', 'failed', 'waiting', 'skipped', 'restored'] as const;
const ENDED: readonly RolloutItem['state'][] = ['cancelled', 'done', 'rolled_back'];

export type ShownCount = (typeof SHOWN)[number] | 'trying' | 'notReached';

/** Nothing more is sent: who waits now will not get it from this roll-out. Pure. */
export function isEnded(state: RolloutItem['state']): boolean {
  return ENDED.includes(state);
}

/** How many agents have come how far, without those of which there is none. Pure. */
export function countsOf({
  state,
  counts,
}: Pick<RolloutItem, 'state' | 'counts'>): readonly (readonly [ShownCount, number])[] {
  const trying = counts.pushed - counts.applied - counts.failed;
  const all: readonly (readonly [ShownCount, number])[] = [
    ['trying', trying],
    ...SHOWN.map(
      (each) => [isEnded(state) && each === 'waiting' ? 'notReached' : each, counts[each]] as const,
    ),
  ];
  return all.filter(([, count]) => count > 0);
}
