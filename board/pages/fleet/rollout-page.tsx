import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { mayDo } from '../../api/session.ts';
import { formatTime } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useNow, useWatched } from '../../parts/app-context.ts';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Link } from '../../parts/link.tsx';
import { At } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { FleetTabs } from './fleet-tabs.tsx';
import { isEnded } from './rollout-counts.ts';
import { RolloutProgress } from './rollout-progress.tsx';
import { RolloutState } from './rollouts-page.tsx';

type Rollout = Answers['/api/v1/rollouts/{id}'];
const VERBS = ['pause', 'resume', 'cancel', 'rollback'] as const;
type Verb = (typeof VERBS)[number];
/** What each can be done in; central has the last word. */
const ALLOWED: Readonly<Record<Verb, readonly Rollout['state'][]>> = {
  pause: ['running'],
  resume: ['paused', 'stopped'],
  cancel: ['running', 'paused', 'stopped'],
  rollback: ['running', 'paused', 'stopped', 'cancelled', 'done'],
};

/** One roll-out: how far it has come, why it stopped, and what can be done. */
export function RolloutPage({ id }: { readonly id: string }) {
  const { texts } = useApp();
  usePageTitle(texts.rollouts.one(id));
  const rollout = useAnswer(
    '/api/v1/rollouts/{id}',
    { params: { id } },
    { on: ['rollout', 'config'], everyMs: 10_000 },
  );
  return (
    <div class="stack">
      <section class="panel">
        <FleetTabs />
        <p class="crumbs">
          <Link to={{ page: 'rollouts' }}>{texts.fleetWork.back}</Link>
        </p>
        <h1>{texts.rollouts.one(id)}</h1>
        <AnswerView shown={rollout}>
          {(value) => <RolloutHead rollout={value} onDone={rollout.refresh} />}
        </AnswerView>
      </section>
      {rollout.value !== undefined && <RolloutDetail rollout={rollout.value} />}
    </div>
  );
}

function RolloutHead({ rollout, onDone }: { readonly rollout: Rollout; readonly onDone: () => void }) {
  const { texts, session, locale } = useApp();
  const state = useWatched(session.state);
  const nowMs = useNow();
  const [verb, setVerb] = useState<Verb | undefined>(undefined);
  const { watchedUntilMs } = rollout;
  const verbs = mayDo(state, 'engineer') ? VERBS.filter((each) => ALLOWED[each].includes(rollout.state)) : [];
  return (
    <>
      <p>
        {rollout.reason}
        <span class="dim small block">
          {rollout.actor}, <At atMs={rollout.createdAtMs} />
        </span>
      </p>
      <RolloutState rollout={rollout} />
      {rollout.state === 'running' && (
        <p class="dim" role="status">
          {watchedUntilMs === undefined
            ? texts.rollouts.applying
            : texts.rollouts.watching(formatTime(locale, watchedUntilMs, nowMs))}
        </p>
      )}
      <RolloutProgress rollout={rollout} />
      {verbs.length > 0 && (
        <div class="actions" role="group" aria-label={texts.actions.label}>
          {verbs.map((each) => (
            <button key={each} type="button" onClick={() => setVerb(each)}>
              {texts.rollouts.verbs[each]}
            </button>
          ))}
        </div>
      )}
      {verb !== undefined && (
        <VerbDialog id={String(rollout.id)} verb={verb} onClose={() => setVerb(undefined)} onDone={onDone} />
      )}
    </>
  );
}

interface VerbDialogProps {
  readonly id: string;
  readonly verb: Verb;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

function VerbDialog({ id, verb, onClose, onDone }: VerbDialogProps) {
  const { texts, client } = useApp();
  const submit = async (): Promise<void> => {
    await client.write(`POST /api/v1/rollouts/{id}/${verb}`, undefined, { params: { id } });
    onDone();
  };
  const words = texts.rollouts.verbs[verb];
  return (
    <FormDialog title={words} confirm={words} onSubmit={submit} onClose={onClose}>
      <p>{texts.rollouts.asks[verb]}</p>
    </FormDialog>
  );
}

function RolloutDetail({ rollout }: { readonly rollout: Rollout }) {
  const { texts } = useApp();
  const { stopReasons, history, members, change } = rollout;
  const hasEnded = isEnded(rollout.state);
  return (
    <div class="columns">
      {stopReasons.length > 0 && (
        <section class="panel">
          <h2>{texts.rollouts.stopped}</h2>
          <ul class="rows" lang="en">
            {stopReasons.map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        </section>
      )}
      <section class="panel">
        <h2>{texts.rollouts.what}</h2>
        <pre class="code">
          {JSON.stringify('patch' in change ? change.patch : change.config, undefined, 2)}
        </pre>
      </section>
      <section class="panel">
        <h2>{texts.rollouts.history}</h2>
        <ul class="timeline">
          {history.map(({ atMs, what, actor, detail }) => (
            <li key={`${atMs} ${what}`}>
              <At atMs={atMs} /> <b>{texts.rollouts.whats[what]}</b> {actor}
              {detail !== undefined && (
                <span class="dim small block" lang="en">
                  {detail}
                </span>
              )}
            </li>
          ))}
        </ul>
      </section>
      <section class="panel">
        <h2>{texts.rollouts.members}</h2>
        <div class="table-frame">
          <StackingTable label={texts.rollouts.members}>
            <thead>
              <tr>
                <th scope="col">{texts.fleet.agent}</th>
                <th scope="col">{texts.rollouts.state}</th>
                <th scope="col">{texts.rollouts.revision}</th>
              </tr>
            </thead>
            <tbody>
              {members.map(({ agent, state, standing, fromRevision, toRevision, note }) => (
                <tr key={agent}>
                  <td>
                    <Link to={{ page: 'fleet' }} filters={{ q: agent }}>
                      {agent}
                    </Link>
                  </td>
                  <td>
                    <span class={standing === 'failed' || standing === 'moved' ? 'warn' : ''}>
                      {standing !== undefined
                        ? texts.rollouts.standings[standing]
                        : state === 'waiting' && hasEnded
                          ? texts.rollouts.notReached
                          : texts.rollouts.counts[state]}
                    </span>
                    {note !== undefined && (
                      <span class="dim small block" lang="en">
                        {note}
                      </span>
                    )}
                  </td>
                  <td>{toRevision === undefined ? fromRevision : `${fromRevision} → ${toRevision}`}</td>
                </tr>
              ))}
            </tbody>
          </StackingTable>
        </div>
      </section>
    </div>
  );
}
