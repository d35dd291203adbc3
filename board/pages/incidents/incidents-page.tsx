import { useState } from 'preact/hooks';
import type { Answers } from '../../api/answers.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { IncidentHandling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { useRows } from '../../parts/use-rows.ts';
import { StackingTable } from '../../parts/stacking-table.tsx';
import { AcknowledgeDialog } from './acknowledge-dialog.tsx';
import { choiceOf, FilterBar, ORDERS, SEVERITIES, type FilterChoices } from './filter-bar.tsx';
import { SelectCell, SelectionLine } from './selection.tsx';

type Incident = Answers['/api/v1/incidents']['items'][number];

const SHOWN = 200;
const STATES = ['open', 'ended'] as const;

/** All incidents, grouped by root; each with who has it. */
export function IncidentsPage() {
  const { texts, router } = useApp();
  usePageTitle(texts.incidents.title);
  const { filters } = useWatched(router.place);
  const state = choiceOf(STATES, filters['state']) ?? 'open';
  const severity = choiceOf(SEVERITIES, filters['severity']);
  const order = choiceOf(ORDERS, filters['order']) ?? 'severity';
  const q = filters['q'] === '' ? undefined : filters['q'];
  const incidents = useAnswer(
    '/api/v1/incidents',
    { query: { state, severity, order, q, unit: filters['unit'], limit: SHOWN } },
    { on: ['alert', 'state'] },
  );
  const choices: FilterChoices = {
    states: STATES.map((each) => ({ value: each, words: texts.incidents[each] })),
    state,
    find: texts.incidents.find,
  };
  return (
    <section class="panel">
      <h1>{texts.incidents.title}</h1>
      <FilterBar choices={choices} />
      <AnswerView shown={incidents}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.incidents.none}</p>
          ) : (
            <IncidentTable items={items} isCut={nextCursor !== undefined} onDone={incidents.refresh} />
          )
        }
      </AnswerView>
    </section>
  );
}

interface IncidentTableProps {
  readonly items: readonly Incident[];
  readonly isCut: boolean;
  readonly onDone: () => void;
}

function IncidentTable({ items, isCut, onDone }: IncidentTableProps) {
  const { texts, router, locale } = useApp();
  const [isAsking, setAsking] = useState(false);
  const rows = useRows(
    items.map(({ id }) => id),
    (id) => router.go({ page: 'incident', id }),
    { a: () => setAsking(true) },
  );
  const chosen = items.filter(({ id }, at) =>
    rows.selected.size > 0 ? rows.selected.has(id) : at === rows.at,
  );
  const heads = chosen.flatMap(({ headAlert }) => headAlert ?? []);
  return (
    <>
      <SelectionLine
        count={items.length}
        isCut={isCut}
        selected={rows.selected.size}
        onAcknowledge={() => setAsking(true)}
      />
      <div class="table-frame">
        <StackingTable label={texts.incidents.table}>
          <thead>
            <tr>
              <th scope="col">
                <span class="hidden">{texts.keys.select}</span>
              </th>
              <th scope="col">{texts.incidents.severity}</th>
              <th scope="col">{texts.incidents.title}</th>
              <th scope="col">{texts.incidents.affected}</th>
              <th scope="col">{texts.incidents.began}</th>
              <th scope="col">{texts.incidents.who}</th>
            </tr>
          </thead>
          <tbody>
            {items.map((incident, at) => (
              <tr key={incident.id} class={at === rows.at ? 'chosen' : ''}>
                <SelectCell
                  about={incident.rootName ?? incident.id}
                  isSelected={rows.selected.has(incident.id)}
                  onToggle={() => rows.toggle(incident.id)}
                />
                <td>
                  <SeverityMark severity={incident.severity} />
                </td>
                <td>
                  <Link to={{ page: 'incident', id: incident.id }}>
                    {incident.title[locale.language]}:{' '}
                    {incident.rootName ?? incident.root ?? texts.incidents.rootUnknown}
                  </Link>
                </td>
                <td>
                  {incident.counts !== undefined &&
                    texts.city.hadCutOff(incident.counts.sites, incident.counts.units)}
                  <span class="dim small block">{texts.alertsCount(incident.openAlerts)}</span>
                </td>
                <td>
                  <Since atMs={incident.beganAtMs} />
                </td>
                <td>{incident.endedAtMs === undefined && <IncidentHandling incident={incident} />}</td>
              </tr>
            ))}
          </tbody>
        </StackingTable>
      </div>
      {isAsking && heads.length > 0 && (
        <AcknowledgeDialog
          alerts={heads}
          onClose={() => setAsking(false)}
          onDone={() => {
            rows.clear();
            onDone();
          }}
        />
      )}
    </>
  );
}
