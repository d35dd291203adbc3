import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import type { ApiProblem } from '../../api/problem.ts';
import { mayDo } from '../../api/session.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { FieldChanges } from '../../parts/field-changes.tsx';
import { FormDialog } from '../../parts/form-dialog.tsx';
import { Link } from '../../parts/link.tsx';
import { oneByOne } from '../../parts/one-by-one.ts';
import { problemFrom, ProblemList } from '../../parts/problem-list.tsx';
import { Ago } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { useRows } from '../../parts/use-rows.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { kindOf } from './kinds.ts';

type Proposal = Answers['/api/v1/topology/proposals']['items'][number];
const CONFIDENCES = ['high', 'medium', 'low'] as const;
const SHOWN = 100;

/** Links and ways that devices report and the inventory lacks, each with its evidence: to adopt or to dismiss, one or several. */
export function WiringList({ mayAdopt }: { readonly mayAdopt: boolean }) {
  const { texts, router } = useApp();
  const { filters } = useWatched(router.place);
  const confidence = CONFIDENCES.find((each) => each === filters['confidence']);
  const dismissed = filters['dismissed'] === 'true';
  const proposals = useAnswer('/api/v1/topology/proposals', {
    query: { confidence, dismissed, limit: SHOWN },
  });
  return (
    <>
      <p class="dim">{texts.inventory.wiringHelp}</p>
      <div class="filters">
        <label>
          {texts.inventory.confidence}
          <select
            value={confidence ?? ''}
            onChange={({ currentTarget }) => router.filter({ ...filters, confidence: currentTarget.value })}
          >
            <option value="">{texts.all}</option>
            {CONFIDENCES.map((each) => (
              <option key={each} value={each}>
                {texts.inventory.confidences[each]}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>
            <input
              type="checkbox"
              checked={dismissed}
              onChange={({ currentTarget }) =>
                router.filter({ ...filters, dismissed: currentTarget.checked ? 'true' : '' })
              }
            />{' '}
            {texts.inventory.dismissed}
          </span>
        </label>
      </div>
      <AnswerView shown={proposals}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.inventory.noProposals}</p>
          ) : (
            <Proposals
              items={items}
              isCut={nextCursor !== undefined}
              mayAdopt={mayAdopt}
              onDone={proposals.refresh}
            />
          )
        }
      </AnswerView>
    </>
  );
}

interface ProposalsProps {
  readonly items: readonly Proposal[];
  readonly isCut: boolean;
  readonly mayAdopt: boolean;
  readonly onDone: () => void;
}

function Proposals({ items, isCut, mayAdopt, onDone }: ProposalsProps) {
  const { texts, client, session, time } = useApp();
  const mayDismiss = mayDo(useWatched(session.state), 'operator');
  const [isDismissing, setDismissing] = useState(false);
  const [reason, setReason] = useState('');
  const [isBusy, setBusy] = useState(false);
  const [failed, setFailed] = useState<readonly ApiProblem[]>([]);
  const rows = useRows(
    items.map(({ id }) => id),
    () => undefined,
  );
  const chosen = items.filter(({ id }) => rows.selected.has(id));
  const run = async (act: (one: Proposal) => Promise<unknown>): Promise<void> => {
    setBusy(true);
    const problems = await oneByOne(chosen, act, time);
    setFailed(problems.map(([, error]) => problemFrom(error)));
    setBusy(false);
    rows.clear();
    onDone();
  };
  const adopt = ({ id, change }: Proposal): Promise<unknown> =>
    client.write(
      'POST /api/v1/topology/proposals/{id}/adopt',
      { expectedRevision: change.revision },
      { params: { id } },
    );
  const dismiss = ({ id }: Proposal): Promise<unknown> =>
    client.write(
      'POST /api/v1/topology/proposals/{id}/dismiss',
      { reason: reason.trim() },
      { params: { id } },
    );
  return (
    <>
      <p role="status">
        {texts.incidents.count(items.length, isCut)}
        {chosen.length > 0 && ` · ${texts.incidents.selected(chosen.length)}`}
      </p>
      {mayDismiss && (
        <div class="actions" role="group" aria-label={texts.actions.label}>
          {mayAdopt && (
            <button
              type="button"
              class="primary"
              disabled={isBusy || chosen.length === 0}
              onClick={() => void run(adopt)}
            >
              {texts.inventory.adopt}
            </button>
          )}
          <button type="button" disabled={isBusy || chosen.length === 0} onClick={() => setDismissing(true)}>
            {texts.inventory.dismiss}
          </button>
        </div>
      )}
      {failed.map((problem, at) => (
        <ProblemList key={at} problem={problem} />
      ))}
      <div class="table-frame">
        <StackingTable label={texts.inventory.tabs.wiring}>
          <thead>
            <tr>
              {mayDismiss && (
                <th scope="col">
                  <span class="hidden">{texts.keys.select}</span>
                </th>
              )}
              <th scope="col">{texts.inventory.proposal}</th>
              <th scope="col">{texts.inventory.confidence}</th>
              <th scope="col">{texts.inventory.evidence}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((each, at) => (
              <tr key={each.id} class={at === rows.at ? 'chosen' : ''}>
                {mayDismiss && (
                  <td>
                    <input
                      type="checkbox"
                      aria-label={texts.incidents.select(each.change.text)}
                      checked={rows.selected.has(each.id)}
                      onChange={() => rows.toggle(each.id)}
                    />
                  </td>
                )}
                <td>
                  <EntryLink {...each.change} />
                  <FieldChanges fields={each.change.fields} />
                  {each.dismissed !== undefined && (
                    <span class="dim small block">
                      {each.dismissed.actor}: <q>{each.dismissed.reason}</q>
                    </span>
                  )}
                </td>
                <td>{texts.inventory.confidences[each.confidence]}</td>
                <td>
                  <ul class="lines">
                    {each.evidence.map(({ source, device, interface: port, sees, as, observedAtMs }) => (
                      <li key={`${source} ${device} ${port}`}>
                        <b>{source.toUpperCase()}</b> {device} {port} → {sees}{' '}
                        <span class="dim">
                          ({as}; <Ago atMs={observedAtMs} />)
                        </span>
                      </li>
                    ))}
                  </ul>
                </td>
              </tr>
            ))}
          </tbody>
        </StackingTable>
      </div>
      {isDismissing && (
        <FormDialog
          title={texts.inventory.dismiss}
          confirm={texts.inventory.dismiss}
          onSubmit={() => run(dismiss)}
          onClose={() => setDismissing(false)}
        >
          <label>
            {texts.actions.reason}
            <input
              required
              maxLength={500}
              autofocus
              value={reason}
              onInput={({ currentTarget }) => setReason(currentTarget.value)}
            />
          </label>
        </FormDialog>
      )}
    </>
  );
}

/** What would be added has no page yet. */
function EntryLink({ kind: word, id, revision }: Proposal['change']) {
  const { texts } = useApp();
  const kind = kindOf(word);
  const words = `${kind === undefined ? word : texts.inventory.kinds[kind]}: ${id}`;
  if (revision === 0 || kind === undefined) return <b>+ {words}</b>;
  return <Link to={{ page: 'entry', kind, id }}>{words}</Link>;
}
