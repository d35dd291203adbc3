import type { Answers } from '../../api/answers.ts';
import { AnswerView } from '../../parts/answer-view.tsx';
import { useApp, useWatched } from '../../parts/app-context.ts';
import { Handling } from '../../parts/handling.tsx';
import { Link } from '../../parts/link.tsx';
import { SeverityMark } from '../../parts/marks.tsx';
import { Since } from '../../parts/times.tsx';
import { useAnswer } from '../../parts/use-answer.ts';
import { usePageTitle } from '../../parts/use-page-title.ts';
import { Place } from '../../parts/where.tsx';
import { choiceOf, FilterBar, ORDERS, SEVERITIES } from './filter-bar.tsx';
import { QuietList } from './quiet-list.tsx';
import { SelectableList } from './selectable-list.tsx';

type Alert = Answers['/api/v1/alerts']['items'][number];

const SHOWN = 200;
const STATES = ['active', 'resolved', 'all'] as const;

/** Every alert by itself, those that are not told on their own among them. */
export function AlertsPage() {
  const { texts, router } = useApp();
  usePageTitle(texts.alerts.title);
  const { filters } = useWatched(router.place);
  const state = choiceOf(STATES, filters['state']) ?? 'active';
  const alerts = useAnswer(
    '/api/v1/alerts',
    {
      query: {
        state: state === 'all' ? undefined : state,
        severity: choiceOf(SEVERITIES, filters['severity']),
        order: choiceOf(ORDERS, filters['order']) ?? 'severity',
        q: filters['q'] === '' ? undefined : filters['q'],
        unit: filters['unit'],
        site: filters['site'],
        acknowledged: filters['acknowledged'] === 'false' ? false : undefined,
        limit: SHOWN,
      },
    },
    { on: ['alert'] },
  );
  const states = STATES.map((each) => ({ value: each, words: texts.alerts.states[each] }));
  return (
    <section class="panel">
      <h1>{texts.alerts.title}</h1>
      <QuietList />
      <FilterBar choices={{ states, state, find: texts.incidents.find }} />
      <label>
        <input
          type="checkbox"
          checked={filters['acknowledged'] === 'false'}
          onChange={({ currentTarget }) =>
            router.filter({ ...filters, acknowledged: currentTarget.checked ? 'false' : '' })
          }
        />{' '}
        {texts.alerts.unacknowledged}
      </label>
      <AnswerView shown={alerts}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.alerts.none}</p>
          ) : (
            <AlertList items={items} isCut={nextCursor !== undefined} onDone={alerts.refresh} />
          )
        }
      </AnswerView>
    </section>
  );
}

interface AlertListProps {
  readonly items: readonly Alert[];
  readonly isCut: boolean;
  readonly onDone: () => void;
}

function AlertList(props: AlertListProps) {
  const { texts, router, locale } = useApp();
  return (
    <SelectableList
      {...props}
      label={texts.alerts.table}
      columns={[
        texts.incidents.severity,
        texts.alerts.title,
        texts.incidents.where,
        texts.alerts.value,
        texts.incidents.began,
        texts.incidents.who,
      ]}
      about={({ title, entity }) => `${title[locale.language]} ${Object.values(entity).join(' ')}`}
      alertsOf={({ id }) => [id]}
      onOpen={(id) => router.go({ page: 'alert', id })}
      cells={(alert) => (
        <>
          <td>
            <SeverityMark severity={alert.severity} />
          </td>
          <td>
            <Link to={{ page: 'alert', id: alert.id }}>{alert.title[locale.language]}</Link>
            <span class="dim small block">{Object.values(alert.entity).join(' · ')}</span>
          </td>
          <td>
            <Place {...alert} />
          </td>
          <td>{alert.valueText}</td>
          <td>
            <Since atMs={alert.startedAtMs} />
          </td>
          <td>
            {alert.suppression === undefined ? (
              alert.resolvedAtMs === undefined && <Handling alert={alert} />
            ) : (
              <span class="dim">{texts.alerts.suppressed}</span>
            )}
          </td>
        </>
      )}
    />
  );
}
