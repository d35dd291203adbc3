import type { Clock } from '../runtime/clock.ts';
import type { AuditLog } from './access/audit.ts';
import type { AgentCounts } from './agent-config/rollout/rollout.ts';
import type { RolloutDeps } from './agent-config/rollout/rollouts.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { AgentRegistry } from './liveness/agent-registry.ts';

export interface RolloutEvidenceDeps {
  readonly registry: Pick<AgentRegistry, 'get' | 'phaseOf' | 'intervalOf'>;
  readonly ledger: Pick<Ledger, 'totals' | 'openBatches'>;
  readonly audit: Pick<AuditLog, 'append'>;
  readonly canJudge: () => boolean;
  readonly onRollout: RolloutDeps['onChange'];
  readonly clock: Pick<Clock, 'now' | 'monotonicMs'>;
}

/** Three intervals of a slow agent: whoever was not heard by then is silent. */
const ALL_HEARD_AFTER_MS = 90_000;
/** Who did it, where nobody did. */
const BY_ITSELF = 'central';

/** What roll-outs of configs judge agents by: liveness and ledger. What they do by themselves is in the audit log, too. */
export function rolloutEvidence(
  deps: RolloutEvidenceDeps,
): Pick<RolloutDeps, 'evidence' | 'counts' | 'totals' | 'canJudge' | 'onChange'> {
  const { registry, ledger, audit, canJudge, onRollout, clock } = deps;
  const startedAtMs = clock.now();
  const startedMonotonicMs = clock.monotonicMs();
  const isHeard = (agent: string): boolean =>
    (registry.get(agent, clock.now())?.lastSeenAtMs ?? 0) >= startedAtMs;
  return {
    canJudge: (agents) =>
      canJudge() &&
      (clock.monotonicMs() - startedMonotonicMs >= ALL_HEARD_AFTER_MS || [...agents].every(isHeard)),
    evidence: (agent) => ({
      isLive: registry.phaseOf(agent, clock.now()) === 'live',
      intervalMs: registry.intervalOf(agent),
      firstSeenAtMs: registry.get(agent, clock.now())?.firstSeenAtMs,
    }),
    counts: (agents, fromMs) => {
      const totals = ledger.totals(agents, fromMs, clock.now());
      const countsOf = (agent: string): AgentCounts => {
        const { storedPoints = 0, refusedPoints = 0, lostPoints = 0 } = totals.get(agent) ?? {};
        const { missing } = ledger.openBatches(agent);
        return { stored: storedPoints, refused: refusedPoints, lost: lostPoints, missing };
      };
      return new Map(agents.map((agent) => [agent, countsOf(agent)]));
    },
    totals: (agent, fromMs) => ledger.totals([agent], fromMs, clock.now()).get(agent),
    onChange: (rollout, entry) => {
      onRollout(rollout, entry);
      const { what, actor, detail = '', atMs } = entry;
      if (actor !== undefined || (what !== 'stopped' && what !== 'rolling_back')) return;
      audit.append({
        atMs,
        actor: BY_ITSELF,
        action: `rollout.${what}`,
        target: `${rollout.id} ${detail}`.trim(),
      });
    },
  };
}
