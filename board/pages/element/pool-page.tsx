import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp } from '../../parts/app-context.ts';
import { useAnswer } from '../../parts/use-answer.ts';
import { Ref } from '../../parts/where.tsx';
import { PoolCard } from '../capacity/pool-card.tsx';
import { Charts } from './charts.tsx';
import { BlastRadius, ElementHead } from './element-parts.tsx';
import type { ChartChoice } from './which-charts.ts';

const USED: readonly ChartChoice[] = [
  { measurement: 'capacity', fields: ['used_pct', 'allocated_pct'], by: 'resource' },
];

export function PoolPage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  const pool = useAnswer('/api/v1/pools/{id}', { params: { id } }, { everyMs: 300_000 });
  return (
    <AnswerView shown={pool}>
      {({ items }) => (
        <div class="stack">
          <ElementHead
            kind={texts.kinds.pool}
            name={id}
            id={id}
            crumbs={<Ref of={`site:${items[0]?.site ?? ''}`} />}
          />
          <div class="columns">
            {items.map((each) => (
              <PoolCard key={each.resource} pool={each} />
            ))}
            <BlastRadius of={`pool:${id}`} />
          </div>
          <Charts choices={USED} tagsOf={() => ({ pool: id })} />
        </div>
      )}
    </AnswerView>
  );
}
