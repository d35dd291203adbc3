import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Part } from '../jobs/part.ts';
import type { Bus } from '../mqtt/bus.ts';
import type { StateDatabase } from '../state/database.ts';
import {
  createAgentConfigs,
  type AgentConfigs,
  type ConfigChecker,
  type ConfigDeclarations,
} from './agent-configs.ts';
import { ConfigPublisher } from './config-publisher.ts';
import { openConfigRevisions, type ConfigRevisions } from './config-revisions.ts';
import type { ConfigStanding, ReportedConfig } from './standing.ts';
import { openRolloutRepository } from './rollout/rollout-repository.ts';
import { Rollouts, type RolloutDeps } from './rollout/rollouts.ts';
import { StandingWatch } from './standing-watch.ts';

export interface AgentConfigPartDeps {
  readonly bus: Bus;
  readonly database: StateDatabase;
  readonly agents: () => Iterable<string>;
  /** What the agent last reported; undefined: nothing yet. */
  readonly reported: (agent: string) => ReportedConfig | undefined;
  readonly check: ConfigChecker;
  readonly declarations: ConfigDeclarations;
  readonly onChange: (agent: string, standing: ConfigStanding) => void;
  /** What roll-outs judge agents by, and whom they tell. */
  readonly rollout: Pick<RolloutDeps, 'evidence' | 'counts' | 'totals' | 'canJudge' | 'onChange'>;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AgentConfigPart extends Part<{
  readonly configs: AgentConfigs;
  readonly rollouts: Rollouts;
}> {
  readonly revisions: ConfigRevisions;
  /** To be called after each state message of an agent. */
  readonly onAgentState: (agent: string) => void;
}

const SECOND_MS = 1_000;

/** What agents are to run. Make it before the bus starts. */
export function createAgentConfigPart(deps: AgentConfigPartDeps): AgentConfigPart {
  const { bus, database, agents, reported, check, declarations, onChange, rollout, clock, log } = deps;
  const revisions = openConfigRevisions(database);
  // What was set just before a kill may not have been taken in.
  for (const { agent, config } of revisions.all()) declarations.take(agent, config);
  const publisher = new ConfigPublisher({ bus, revisions, reported, clock, log });
  const publish = (agent: string): void => publisher.publish(agent);
  const configs = createAgentConfigs({ revisions, reported, check, declarations, publish, clock });
  const rollouts = new Rollouts({
    ...{ repository: openRolloutRepository(database), configs, clock, log },
    ...rollout,
  });
  const watch = new StandingWatch({ agents, standing: (agent) => configs.standing(agent), onChange });
  return {
    shared: { configs, rollouts },
    revisions,
    onAgentState: (agent) => publisher.onAgentState(agent),
    jobs: [
      { name: 'changes of agent configs', everyMs: SECOND_MS, run: () => watch.check() },
      { name: 'roll-outs', everyMs: SECOND_MS, run: () => rollouts.tick() },
    ],
    end: { name: 'agent configs', run: () => publisher.stop() },
  };
}
