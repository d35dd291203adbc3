import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import type { Quarantine } from '../ingest/quarantine/quarantine.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { SeriesRegistry } from '../samples/series-registry.ts';
import type { ProblemFinding } from './agent-problems.ts';

/** Each part that divides its room among the agents. */
export interface LimitSources {
  readonly alerts: {
    takeLimited(): readonly { readonly agent: string; readonly entities: number; readonly refused: number }[];
  };
  readonly series: Pick<SeriesRegistry, 'takeRefused'>;
  readonly quarantine: Pick<Quarantine, 'takeNotKept'>;
  readonly ledger: Pick<Ledger, 'completeness'>;
  readonly registry: Pick<AgentRegistry, 'get'>;
}

/** The agents that reached a limit since the last call, and those whose claims the ledger does not believe. */
export function findLimited(sources: LimitSources, nowMs: number): readonly ProblemFinding[] {
  const found: ProblemFinding[] = [
    ...sources.alerts.takeLimited().map(
      ({ agent, entities, refused }) =>
        ({
          agent,
          problem: 'too_many_alerts',
          count: refused,
          detail: `${entities} alerts and breaches at once; ${refused} evaluations more were left out`,
        }) as const,
    ),
    ...sources.series.takeRefused().map(
      ({ agent, refused }) =>
        ({
          agent,
          problem: 'too_many_series',
          count: refused,
          detail: `more different series within an hour than an agent may send; ${refused} rows were refused`,
        }) as const,
    ),
    ...sources.quarantine.takeNotKept().map(
      ({ agent, entries }) =>
        ({
          agent,
          problem: 'too_many_refused',
          count: entries,
          detail: `more refused rows than its share of the quarantine; ${entries} were not kept`,
        }) as const,
    ),
    ...sources.ledger.completeness().implausible.map(
      ({ agent, stored, lost }) =>
        ({
          agent,
          problem: 'implausible_losses',
          count: 1,
          detail: `claims to have lost ${lost} batches, delivered ${stored}: left out of the completeness`,
        }) as const,
    ),
  ];
  // One that is retired keeps its ledger; names that no agent can have are of senders that nobody knows.
  return found.filter(
    ({ agent }) => AGENT_ID_PATTERN.test(agent) && sources.registry.get(agent, nowMs) !== undefined,
  );
}
