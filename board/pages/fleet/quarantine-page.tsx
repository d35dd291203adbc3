import { useRef, useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { mayDo } from '../../api/session.ts';
import { formatNumber } from '../../language/format.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { useRows } from '../../parts/use-rows.ts';
import { Span } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { FleetTabs } from './fleet-tabs.tsx';
import { QuarantineDialog, type Wanted } from './quarantine-dialog.tsx';
import { QuarantineEntries } from './quarantine-entries.tsx';
import { groupQuery, QuarantineFilters } from './quarantine-filters.tsx';

type Groups = Answers['/api/v1/quarantine/groups'];
export type Group = Groups['groups'][number];

const NO_NAMES = { codes: [], measurements: [] };

/** What was refused and waits, by agent, reason and measurement; a group opens with its rows. */
export function QuarantinePage() {
  const { texts, locale, session, router } = useApp();
  usePageTitle(texts.quarantine.title);
  const { filters } = useWatched(router.place);
  const query = groupQuery(filters);
  const isFiltered = Object.keys(query).length > 0;
  const groups = useAnswer('/api/v1/quarantine/groups', { query }, { everyMs: 30_000 });
  const names = useLast(groups.value) ?? NO_NAMES;
  const [wanted, setWanted] = useState<Wanted | undefined>(undefined);
  const [said, setSaid] = useState('');
  const state = useWatched(session.state);
  return (
    <section class="panel">
      <FleetTabs />
      <h1>{texts.quarantine.title}</h1>
      <p class="dim">{texts.quarantine.explain}</p>
      <p role="status">{said}</p>
      <QuarantineFilters codes={names.codes} measurements={names.measurements} />
      <AnswerView shown={groups}>
        {(found) =>
          found.total === 0 ? (
            <p class="dim">{isFiltered ? texts.quarantine.noneFits : texts.quarantine.none}</p>
          ) : (
            <>
              <div class="actions">
                <span>{texts.quarantine.waiting(formatNumber(locale, found.entries))}</span>
                {found.groups.length < found.total && (
                  <span class="dim">{texts.quarantine.someGroups(found.groups.length, found.total)}</span>
                )}
                {mayDo(state, 'engineer') && !isFiltered && (
                  <button
                    type="button"
                    onClick={() => setWanted({ do: 'replay', count: found.entries, of: { all: true } })}
                  >
                    {texts.quarantine.replay}: {texts.all}
                  </button>
                )}
              </div>
              <GroupTable groups={found.groups} onWanted={setWanted} />
            </>
          )
        }
      </AnswerView>
      {wanted !== undefined && (
        <QuarantineDialog
          wanted={wanted}
          onClose={() => setWanted(undefined)}
          onDone={(words) => {
            setSaid(words);
            groups.refresh();
          }}
        />
      )}
    </section>
  );
}

/** The last one that was there: while other groups are read, the choices stay. */
function useLast<T>(value: T | undefined): T | undefined {
  const last = useRef(value);
  if (value !== undefined) last.current = value;
  return last.current;
}

interface GroupTableProps {
  readonly groups: readonly Group[];
  readonly onWanted: (wanted: Wanted) => void;
}

function GroupTable({ groups, onWanted }: GroupTableProps) {
  const { texts, locale, router, session } = useApp();
  const state = useWatched(session.state);
  const { filters } = useWatched(router.place);
  const keys = groups.map(keyOf);
  const toggle = (key: string): void =>
    router.filter({ ...filters, open: filters['open'] === key ? '' : key });
  const { at } = useRows(keys, toggle);
  return (
    <div class="table-frame whole-words">
      <StackingTable label={texts.quarantine.table}>
        <thead>
          <tr>
            {(['agent', 'measurement', 'code', 'count', 'range'] as const).map((column) => (
              <th key={column} scope="col">
                {texts.quarantine[column]}
              </th>
            ))}
            <th scope="col">{texts.actions.label}</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group, index) => {
            const key = keyOf(group);
            const isOpen = filters['open'] === key;
            const { agent, code, measurement, count, replayable, firstAtMs, lastAtMs, reason } = group;
            const of = { agent, code, ...(measurement !== undefined && { measurement }) };
            return [
              <tr key={key} class={index === at ? 'chosen' : ''}>
                <td>
                  <b>{agent}</b>
                </td>
                <td>{measurement === undefined ? '–' : breakable(measurement)}</td>
                <td>
                  {code}
                  <span class="dim small block" lang="en">
                    {reason}
                  </span>
                </td>
                <td>
                  {formatNumber(locale, count)}
                  {replayable < count && (
                    <span class="dim small block">
                      {texts.quarantine.notReplayable(formatNumber(locale, count - replayable))}
                    </span>
                  )}
                </td>
                <td>
                  <Span fromMs={firstAtMs} toMs={lastAtMs} />
                </td>
                <td>
                  <div class="actions">
                    <button type="button" aria-expanded={isOpen} onClick={() => toggle(key)}>
                      {texts.quarantine.entries}
                    </button>
                    {mayDo(state, 'engineer') && replayable > 0 && (
                      <button
                        type="button"
                        class="primary"
                        onClick={() => onWanted({ do: 'replay', count: replayable, of })}
                      >
                        {texts.quarantine.replay}
                      </button>
                    )}
                    {mayDo(state, 'admin') && (
                      <button type="button" onClick={() => onWanted({ do: 'discard', count, of })}>
                        {texts.quarantine.discard}
                      </button>
                    )}
                  </div>
                </td>
              </tr>,
              isOpen && (
                <tr key={`${key} rows`}>
                  <td colSpan={6}>
                    <QuarantineEntries of={of} reason={reason} onWanted={onWanted} />
                  </td>
                </tr>
              ),
            ];
          })}
        </tbody>
      </StackingTable>
    </div>
  );
}

/** Pure. */
function keyOf({ agent, code, measurement = '' }: Group): string {
  return `${agent} ${code} ${measurement}`;
}

/** A long name breaks behind its underscores alone. */
function breakable(name: string) {
  return name.split(/(?<=_)/).flatMap((part) => [part, <wbr key={part} />]);
}
