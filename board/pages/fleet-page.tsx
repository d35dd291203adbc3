import { formatDuration, formatQuantity } from '../language/format.ts';
import { AnswerView } from '../parts/answer-view.tsx';
import { useApp, useWatched } from '../parts/app-context.ts';
import { StateMark, type ShownState } from '../parts/marks.tsx';
import { Ago } from '../parts/times.tsx';
import { SearchField } from '../parts/search-field.tsx';
import { useAnswer } from '../parts/use-answer.ts';
import { FleetTabs } from './fleet/fleet-tabs.tsx';
import { usePageTitle } from '../parts/use-page-title.ts';
import { Place } from '../parts/where.tsx';
import { StackingTable } from '../parts/stacking-table.tsx';

const PHASES = ['live', 'silent', 'stopped', 'never_seen'] as const;
const SHOWN = 200;
/** Silent is not down: nobody can say what its devices do. */
const MARKS: Readonly<Record<(typeof PHASES)[number], ShownState>> = {
  live: 'up',
  silent: 'unknown',
  stopped: 'unreachable',
  never_seen: 'unknown',
};

/** The agents: version, config, queue, clock, when each was heard. */
export function FleetPage() {
  const { texts, router, locale } = useApp();
  usePageTitle(texts.fleet.title);
  const { filters } = useWatched(router.place);
  const phase = PHASES.find((each) => each === filters['phase']);
  const q = filters['q'] === '' ? undefined : filters['q'];
  const agents = useAnswer(
    '/api/v1/agents',
    { query: { phase, q, limit: SHOWN } },
    { on: ['agent', 'config'] },
  );
  return (
    <section class="panel">
      <FleetTabs />
      <h1>{texts.fleet.title}</h1>
      <div class="filters" role="search">
        <label>
          {texts.fleet.phase}
          <select
            value={phase ?? ''}
            onChange={({ currentTarget }) => router.filter({ ...filters, phase: currentTarget.value })}
          >
            <option value="">{texts.all}</option>
            {PHASES.map((each) => (
              <option key={each} value={each}>
                {texts.agentPhases[each]}
              </option>
            ))}
          </select>
        </label>
        <SearchField placeholder={texts.fleet.find} />
      </div>
      <AnswerView shown={agents}>
        {({ items, nextCursor }) =>
          items.length === 0 ? (
            <p class="dim">{texts.fleet.none}</p>
          ) : (
            <>
              <p role="status">{texts.incidents.count(items.length, nextCursor !== undefined)}</p>
              <div class="table-frame">
                <StackingTable label={texts.fleet.table}>
                  <thead>
                    <tr>
                      {(['agent', 'phase', 'lastSeen', 'version', 'config', 'queue', 'clock'] as const).map(
                        (column) => (
                          <th key={column} scope="col">
                            {texts.fleet[column]}
                          </th>
                        ),
                      )}
                    </tr>
                  </thead>
                  <tbody>
                    {items.map((agent) => (
                      <tr key={agent.id}>
                        <td>
                          <b>{agent.id}</b>
                          <span class="small block">
                            <Place {...agent} />
                          </span>
                        </td>
                        <td>
                          <StateMark state={MARKS[agent.phase]} isSilent /> {texts.agentPhases[agent.phase]}
                          {agent.problems.map(({ problem, detail }) => (
                            <span key={problem} class="warn small block" lang="en">
                              {detail}
                            </span>
                          ))}
                        </td>
                        <td>{agent.lastSeenAtMs === undefined ? '–' : <Ago atMs={agent.lastSeenAtMs} />}</td>
                        <td>{agent.software ?? '–'}</td>
                        <td>
                          {texts.fleet.configs[agent.config.state]}
                          {agent.config.problem !== undefined && (
                            <span class="warn small block" lang="en">
                              {agent.config.problem.reason}
                            </span>
                          )}
                        </td>
                        <td>
                          {agent.queueBytes === undefined
                            ? '–'
                            : formatQuantity(locale, agent.queueBytes, 'B')}
                        </td>
                        <td>
                          {agent.clockOffsetMs === undefined
                            ? '–'
                            : Math.abs(agent.clockOffsetMs) < 1_000
                              ? `${agent.clockOffsetMs} ms`
                              : `${agent.clockOffsetMs < 0 ? '−' : ''}${formatDuration(locale, Math.abs(agent.clockOffsetMs))}`}
                        </td>
                      </tr>
                    ))}
                  </tbody>
                </StackingTable>
              </div>
            </>
          )
        }
      </AnswerView>
    </section>
  );
}
