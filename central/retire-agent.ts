import { agentTopic } from '../contract/topics.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { AgentCredentials } from './access/agent-credentials.ts';
import type { ConfigRevisions } from './agent-config/config-revisions.ts';
import type { Backlog } from './alerts/backlog/backlog.ts';
import type { AlertEngine } from './alerts/engine/engine.ts';
import type { AgentProblems } from './health/agent-problems.ts';
import type { CustomMeasurements } from './catalogue/custom-measurements.ts';
import type { AgentRegistry } from './liveness/agent-registry.ts';
import type { Bus } from './mqtt/bus.ts';

export interface RetireAgentDeps {
  readonly credentials: Pick<AgentCredentials, 'revoke'>;
  readonly disconnectAgent: (agent: string) => void;
  readonly revisions: Pick<ConfigRevisions, 'forget'>;
  readonly measurements: Pick<CustomMeasurements, 'take'>;
  readonly registry: Pick<AgentRegistry, 'get' | 'retire'>;
  readonly alerts: Pick<AlertEngine, 'withdraw'>;
  readonly backlog: Pick<Backlog, 'forget'>;
  readonly problems: Pick<AgentProblems, 'forget'>;
  readonly bus: Pick<Bus, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Logger;
}

/** Ends all that is known of an agent, but for its samples and its ledger; false: nothing was known. */
export function retireAgent(agent: string, deps: RetireAgentDeps): boolean {
  const { credentials, disconnectAgent, revisions, measurements, registry } = deps;
  const { alerts, backlog, problems, bus, clock, log } = deps;
  const isKnown = registry.get(agent, clock.now()) !== undefined;
  if (!credentials.revoke(agent) && !isKnown) return false;
  disconnectAgent(agent);
  revisions.forget(agent);
  measurements.take(agent, null);
  registry.retire(agent);
  alerts.withdraw(agent, clock.now());
  backlog.forget(agent);
  problems.forget(agent);
  for (const kind of ['state', 'config'] as const) {
    // An empty retained message deletes the one before.
    bus.publish(agentTopic(agent, kind), '', { qos: 1, retain: true }).catch((err: unknown) => {
      log.warn({ agent, kind, err }, 'the retained message of a retired agent could not be deleted');
    });
  }
  return true;
}
