import { useState } from 'preact/hooks';
import { mayDo } from '../../api/session.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { Link } from '../../parts/link.tsx';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { useRows } from '../../parts/use-rows.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { FleetTabs } from './fleet-tabs.tsx';
import { NewRollout } from './new-rollout.tsx';
import type { RolloutItem } from './rollout-counts.ts';
import { RolloutProgress } from './rollout-progress.tsx';

/** Roll-outs of configs, newest first, and the way to a new one. */
export function RolloutsPage() {
  const { texts, session } = useApp();
  usePageTitle(texts.rollouts.title);
  const state = useWatched(session.state);
  const [isNew, setNew] = useState(false);
  const rollouts = useAnswer('/api/v1/rollouts', { query: { limit: 100 } }, { on: ['rollout', 'config'] });
  return (
    <div class="stack">
      <section class="panel">
        <FleetTabs />
        <h1>{texts.rollouts.title}</h1>
        <p class="dim">{texts.rollouts.explain}</p>
        {mayDo(state, 'engineer') ? (
          <div class="actions">
            <button type="button" class="primary" aria-expanded={isNew} onClick={() => setNew(!isNew)}>
              {texts.rollouts.create}
            </button>
          </div>
        ) : (
          <p class="dim small">{texts.rollouts.noRight}</p>
        )}
      </section>
      {isNew && <NewRollout onClose={() => setNew(false)} />}
      <section class="panel">
        <AnswerView shown={rollouts}>
          {({ items }) =>
            items.length === 0 ? <p class="dim">{texts.rollouts.none}</p> : <RolloutTable rollouts={items} />
          }
        </AnswerView>
      </section>
    </div>
  );
}

function RolloutTable({ rollouts }: { readonly rollouts: readonly RolloutItem[] }) {
  const { texts, router } = useApp();
  const ids = rollouts.map(({ id }) => String(id));
  const { at } = useRows(ids, (id) => router.go({ page: 'rollout', id }));
  return (
    <div class="table-frame">
      <StackingTable label={texts.rollouts.table}>
        <thead>
          <tr>
            <th scope="col">{texts.rollouts.reason}</th>
            <th scope="col">{texts.rollouts.state}</th>
            <th scope="col">{texts.rollouts.members}</th>
          </tr>
        </thead>
        <tbody>
          {rollouts.map((rollout, index) => (
            <tr key={rollout.id} class={index === at ? 'chosen' : ''}>
              <td>
                <Link to={{ page: 'rollout', id: String(rollout.id) }}>
                  {rollout.id}: {rollout.reason}
                </Link>
                <span class="dim small block">
                  {rollout.actor}, <At atMs={rollout.createdAtMs} />
                </span>
              </td>
              <td>
                <RolloutState rollout={rollout} />
              </td>
              <td>
                <RolloutProgress rollout={rollout} />
              </td>
            </tr>
          ))}
        </tbody>
      </StackingTable>
    </div>
  );
}

/** Its state, with the stage or why it stopped. */
export function RolloutState({ rollout }: { readonly rollout: RolloutItem }) {
  const { texts } = useApp();
  const { state, stage, stages, stopReasons } = rollout;
  const isGoing = state === 'running' || state === 'paused' || state === 'stopped';
  return (
    <>
      <b class={state === 'stopped' ? 'warn' : ''}>{texts.rollouts.states[state]}</b>
      {isGoing && (
        <span class="small block">
          {texts.rollouts.stageNow(stage + 1, stages.length, stages[stage] ?? 0)}
        </span>
      )}
      {stopReasons.slice(0, 1).map((reason) => (
        <span key={reason} class="warn small block" lang="en">
          {reason}
        </span>
      ))}
    </>
  );
}
