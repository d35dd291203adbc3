import type { Answers } from '../../api/answers.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { IncidentHandling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { incidentAbout } from '../city/incident-about.ts';
import { choiceOf, FilterBar, ORDERS, SEVERITIES, type FilterChoices } from './filter-bar.tsx';
import { SelectableList } from './selectable-list.tsx';

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
            <IncidentList items={items} isCut={nextCursor !== undefined} onDone={incidents.refresh} />
          )
        }
      </AnswerView>
    </section>
  );
}

interface IncidentListProps {
  readonly items: readonly Incident[];
  readonly isCut: boolean;
  readonly onDone: () => void;
}

function IncidentList(props: IncidentListProps) {
  const { texts, router, locale } = useApp();
  return (
    <SelectableList
      {...props}
      label={texts.incidents.table}
      columns={[
        texts.incidents.severity,
        texts.incidents.title,
        texts.incidents.affected,
        texts.incidents.began,
        texts.incidents.who,
      ]}
      about={(incident) => incidentAbout(incident) || incident.id}
      alertsOf={({ headAlert }) => (headAlert === undefined ? [] : [headAlert])}
      onOpen={(id) => router.go({ page: 'incident', id })}
      cells={(incident) => (
        <>
          <td>
            <SeverityMark severity={incident.severity} />
          </td>
          <td>
            <Link to={{ page: 'incident', id: incident.id }}>
              {incident.title[locale.language]}: {incidentAbout(incident) || texts.incidents.rootUnknown}
            </Link>
            {incident.root === undefined && incidentAbout(incident) !== '' && (
              <span class="dim small block">{texts.incidents.rootUnknown}</span>
            )}
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
        </>
      )}
    />
  );
}
