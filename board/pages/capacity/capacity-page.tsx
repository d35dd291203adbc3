import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { PoolCard } from './pool-card.tsx';

/** All pools, those that are full first before the others. */
export function CapacityPage() {
  const { texts } = useApp();
  usePageTitle(texts.capacity.title);
  const pools = useAnswer('/api/v1/pools', { query: { limit: 1_000 } }, { everyMs: 300_000 });
  return (
    <div class="stack">
      <section class="panel">
        <h1>{texts.capacity.title}</h1>
        <p class="dim">{texts.capacity.explain}</p>
      </section>
      <AnswerView shown={pools}>
        {({ items }) => (
          <div class="columns">
            {[...items]
              .sort((a, b) => daysOf(a.forecast) - daysOf(b.forecast))
              .map((pool) => (
                <PoolCard key={`${pool.id} ${pool.resource}`} pool={pool} />
              ))}
          </div>
        )}
      </AnswerView>
    </div>
  );
}

/** What has no day comes last. Pure. */
function daysOf(
  forecast:
    | { readonly daysToFull?: { readonly early?: number | undefined; readonly middle: number } | undefined }
    | undefined,
): number {
  return forecast?.daysToFull?.early ?? forecast?.daysToFull?.middle ?? Number.MAX_SAFE_INTEGER;
}
