import { useApp } from '../../parts/app-context.ts';
import { countsOf, type RolloutItem, type ShownCount } from './rollout-counts.ts';

/** How many agents have come how far, as a bar and in numbers. */
export function RolloutProgress({ rollout }: { readonly rollout: RolloutItem }) {
  const { texts } = useApp();
  const { agents, counts } = rollout;
  const wordsOf = (of: ShownCount): string => {
    if (of === 'trying') return texts.rollouts.standings.trying;
    return of === 'notReached' ? texts.rollouts.notReached : texts.rollouts.counts[of];
  };
  return (
    <>
      <progress
        class="wide"
        max={agents}
        value={counts.applied}
        aria-label={`${texts.rollouts.counts.applied}: ${counts.applied}/${agents}`}
      />
      <span class="small block">
        {countsOf(rollout)
          .map(([of, count]) => `${wordsOf(of)}: ${count}`)
          .join(' · ')}
      </span>
    </>
  );
}
