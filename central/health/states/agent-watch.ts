import type { AgentRegistry } from '../../liveness/agent-registry.ts';
import type { AgentNode } from './graph-nodes.ts';

export interface AgentWatchDeps {
  readonly registry: Pick<AgentRegistry, 'phaseOf' | 'absences'>;
  /** It is live, or no longer: what it measured counts, or no longer. */
  readonly onLive: (agent: AgentNode) => void;
  readonly onHeard: (agent: AgentNode, change: 1 | -1) => void;
  readonly setMissed: (agent: AgentNode, isMissed: boolean, nowMs: number) => void;
}

/** Silence of more than three of its own intervals, all of them while central listened. */
const MISSED_INTERVALS = 3;

/** Follows which agents are live: a look at each of them every half second, as their registry does at its own ticks. */
export class AgentWatch {
  readonly #deps: AgentWatchDeps;
  /** Of which something measured has arrived since central started. */
  readonly #spoken = new Set<string>();
  #agents: ReadonlyMap<string, AgentNode> = new Map();

  constructor(deps: AgentWatchDeps) {
    this.#deps = deps;
  }

  /** The inventory is another one; nothing is known of these objects yet. */
  replace(agents: ReadonlyMap<string, AgentNode>, nowMs: number): void {
    const before = this.#agents;
    this.#agents = agents;
    for (const agent of agents.values()) {
      if (before.get(agent.id)?.isMissed === true) this.#deps.setMissed(agent, true, nowMs);
    }
    for (const id of this.#spoken) if (!agents.has(id)) this.#spoken.delete(id);
    this.tick(nowMs);
  }

  /** A batch of it has arrived, and the registry knows. */
  noteSpoken(id: string, nowMs: number): void {
    const agent = this.#agents.get(id);
    if (agent === undefined) return;
    if (agent.isHeard) return;
    this.#spoken.add(id);
    this.#review(agent, nowMs);
  }

  tick(nowMs: number): void {
    let isAnySilent = false;
    for (const agent of this.#agents.values()) {
      if (this.#review(agent, nowMs)) isAnySilent = true;
    }
    if (!isAnySilent) return;
    const isMissed = (_id: string, missedIntervals: number): boolean => missedIntervals > MISSED_INTERVALS;
    for (const { agent: id, missedIntervals } of this.#deps.registry.absences(nowMs, isMissed)) {
      const agent = isMissed(id, missedIntervals) ? this.#agents.get(id) : undefined;
      if (agent === undefined || agent.isMissed) continue;
      if (this.#deps.registry.phaseOf(id, nowMs) === 'silent') this.#deps.setMissed(agent, true, nowMs);
    }
  }

  /** True: it is silent, and not yet long enough to be missed. */
  #review(agent: AgentNode, nowMs: number): boolean {
    const { registry, onLive, onHeard, setMissed } = this.#deps;
    const phase = registry.phaseOf(agent.id, nowMs);
    const isLive = phase === 'live';
    const isHeard = isLive && (agent.isHeard || this.#spoken.has(agent.id));
    if (agent.isMissed && phase !== 'silent') setMissed(agent, false, nowMs);
    if (isHeard !== agent.isHeard) {
      agent.isHeard = isHeard;
      onHeard(agent, isHeard ? 1 : -1);
    }
    if (isLive !== agent.isLive) {
      agent.isLive = isLive;
      onLive(agent);
    }
    return phase === 'silent' && !agent.isMissed;
  }
}
