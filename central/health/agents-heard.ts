import type { LatestCache } from '../live/latest-cache.ts';
import type { AgentView } from '../liveness/agent-view.ts';

export interface AgentsHeard {
  /** Agents that are not silent and of which something has arrived since central started. */
  readonly agentsHeard: number;
  /** Since any agent was last seen, ms; undefined: none ever was. */
  readonly quietForMs: number | undefined;
}

/** Pure. An agent that was live before a restart of central counts once something of it has arrived. */
export function agentsHeard(
  agents: readonly AgentView[],
  latest: Pick<LatestCache, 'isMeasured'>,
  nowMs: number,
): AgentsHeard {
  const lastMs = agents.reduce(
    (last, { lastSeenAtMs = -Infinity }) => Math.max(last, lastSeenAtMs),
    -Infinity,
  );
  return {
    agentsHeard: agents.filter(({ id, phase }) => phase === 'live' && latest.isMeasured('agent', id)).length,
    quietForMs: lastMs === -Infinity ? undefined : nowMs - lastMs,
  };
}
