import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { mayDo } from '../../api/session.ts';
import { useApp, useNow, useWatched } from '../../parts/app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { useKeys } from '../../parts/keys.ts';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { MatchWords } from './match-words.tsx';
import { matchOf } from './silence-match.ts';

type Alert = Answers['/api/v1/alerts']['items'][number];
type Action =
  | 'acknowledge'
  | 'unacknowledge'
  | 'assign'
  | 'comment'
  | 'shelve'
  | 'unshelve'
  | 'silence'
  | 'maintenance'
  | 'close';
const DURATIONS = ['3600000', '14400000', '28800000', '86400000', '604800000'] as const;

interface AlertActionsProps {
  readonly alert: Alert;
  readonly onDone: () => void;
}

/** What a person can do with an alert; by keys a, c, m as well. Only what the role allows. */
export function AlertActions({ alert, onDone }: AlertActionsProps) {
  const { texts, session } = useApp();
  const state = useWatched(session.state);
  const [action, setAction] = useState<Action | undefined>(undefined);
  const mayAct = mayDo(state, 'operator');
  const isOver = alert.resolvedAtMs !== undefined;
  const ask = (wanted: Action) => () => {
    if (mayAct && !isOver && actionsFor(alert).includes(wanted)) setAction(wanted);
  };
  useKeys({ a: ask('acknowledge'), c: ask('comment'), m: ask('assign') });
  if (isOver) return null;
  if (state.is === 'in' && !mayAct) return <p class="dim small">{texts.actions.noRight}</p>;
  const close = (): void => setAction(undefined);
  return (
    <>
      <div class="actions" role="group" aria-label={texts.actions.label}>
        {actionsFor(alert).map((each) => (
          <button
            key={each}
            type="button"
            class={each === 'acknowledge' ? 'primary' : ''}
            onClick={ask(each)}
          >
            {texts.actions[each]}
          </button>
        ))}
      </div>
      {action === 'acknowledge' && <AcknowledgeDialog alerts={[alert.id]} onClose={close} onDone={onDone} />}
      {action !== undefined && action !== 'acknowledge' && (
        <ActionDialog key={action} action={action} alert={alert} onClose={close} onDone={onDone} />
      )}
    </>
  );
}

interface ActionDialogProps extends AlertActionsProps {
  readonly action: Exclude<Action, 'acknowledge'>;
  readonly onClose: () => void;
}

function ActionDialog({ action, alert, onClose, onDone }: ActionDialogProps) {
  const { texts, client, time, session } = useApp();
  const nowMs = useNow();
  const [text, setText] = useState('');
  const [durationMs, setDurationMs] = useState<string>(DURATIONS[1]);
  const state = useWatched(session.state);
  const words = text.trim();
  const asked = { params: { id: alert.id } };
  const match = action === 'silence' ? matchOf(alert) : undefined;
  const submit = async (): Promise<void> => {
    const untilMs = time.now() + Number(durationMs);
    switch (action) {
      case 'assign':
        await client.write(
          'POST /api/v1/alerts/{id}/assign',
          { assignee: words === '' ? null : words },
          asked,
        );
        break;
      case 'comment':
        await client.write('POST /api/v1/alerts/{id}/comment', { text: words }, asked);
        break;
      case 'unacknowledge':
        await client.write('DELETE /api/v1/alerts/{id}/acknowledge', undefined, asked);
        break;
      case 'unshelve':
        await client.write('DELETE /api/v1/alerts/{id}/shelve', undefined, asked);
        break;
      case 'shelve':
        await client.write('POST /api/v1/alerts/{id}/shelve', { text: words, untilMs }, asked);
        break;
      case 'close':
        await client.write('POST /api/v1/alerts/{id}/close', { text: words }, asked);
        break;
      case 'silence':
        if (match === undefined) return;
        await client.write('POST /api/v1/silences', { match, endsAtMs: untilMs, reason: words });
        break;
      case 'maintenance':
        await client.write('POST /api/v1/maintenance', {
          covers: [coveredOf(alert)],
          reason: words,
          approvedBy: state.is === 'in' ? state.me.name : '',
          schedule: { repeats: 'once', startsAtMs: nowMs, endsAtMs: untilMs },
        });
        break;
    }
    onDone();
  };
  if (action === 'silence' && match === undefined)
    return (
      <Dialog title={texts.actions.silence} onClose={onClose}>
        <p>{texts.actions.tooWide}</p>
      </Dialog>
    );
  const help = { silence: texts.actions.silenceHelp, maintenance: texts.actions.maintenanceHelp };
  const label =
    action === 'assign'
      ? texts.actions.assignee
      : action === 'comment'
        ? texts.actions.text
        : texts.actions.reason;
  return (
    <FormDialog
      title={texts.actions[action]}
      confirm={texts.actions[action]}
      onSubmit={submit}
      onClose={onClose}
    >
      {(action === 'silence' || action === 'maintenance') && <p class="dim">{help[action]}</p>}
      {match !== undefined && (
        <p>
          {texts.actions.taken}: <MatchWords match={match} />
        </p>
      )}
      {action !== 'unacknowledge' && action !== 'unshelve' && (
        <label>
          {label}
          <input
            value={text}
            maxLength={action === 'assign' ? 100 : 500}
            required={action !== 'assign'}
            autofocus
            placeholder={action === 'assign' ? texts.actions.assigneeNone : ''}
            onInput={({ currentTarget }) => setText(currentTarget.value)}
          />
        </label>
      )}
      {(action === 'shelve' || action === 'silence' || action === 'maintenance') && (
        <label>
          {texts.actions.duration}
          <select value={durationMs} onChange={({ currentTarget }) => setDurationMs(currentTarget.value)}>
            {DURATIONS.map((each) => (
              <option key={each} value={each}>
                {texts.actions.durations[each]}
              </option>
            ))}
          </select>
        </label>
      )}
    </FormDialog>
  );
}

/** What was done already is offered to be taken back in its place. Pure. */
function actionsFor({ acknowledgement, shelf }: Alert): readonly Action[] {
  return [
    acknowledgement === undefined ? 'acknowledge' : 'unacknowledge',
    'assign',
    'comment',
    shelf === undefined ? 'shelve' : 'unshelve',
    'silence',
    'maintenance',
    'close',
  ];
}

/** What somebody works at: the device or line, else the place. Pure. */
function coveredOf({ entity, site, unit }: Alert): string {
  const of = (['device', 'link', 'site'] as const).find((kind) => entity[kind] !== undefined);
  if (of !== undefined) return `${of}:${entity[of] ?? ''}`;
  return site !== undefined ? `site:${site}` : `unit:${unit ?? ''}`;
}
