import { TokenBucket } from '../../../runtime/token-bucket.ts';
import type { AgentShare, LiveEntity } from './rule-runtime.ts';

export interface EntityLimits {
  /** Of all agents together, each counted with at most its own limit. */
  readonly maxEntities: number;
  /** Of one agent: every port of 200 switches in breach of one rule. */
  readonly maxEntitiesPerAgent: number;
  /** Below this many an agent may have more, however many all others have. */
  readonly assuredPerAgent: number;
  /** Steps of one agent's alerts: so many at once, and so many a second after that. Each stays on disk. */
  readonly stepBurstPerAgent: number;
  readonly stepsPerAgentPerS: number;
}

export const DEFAULT_ENTITY_LIMITS: EntityLimits = {
  maxEntities: 200_000,
  maxEntitiesPerAgent: 10_000,
  assuredPerAgent: 100,
  stepBurstPerAgent: 20_000,
  stepsPerAgentPerS: 4,
};

/** With its part of the history of each rule. */
const BYTES_AN_ENTITY = 1_024;
const SHARE_OF_HEAP = 0.2;

/** Of all agents together, in a process whose heap may take so much. */
export function entitiesThatFit(heapLimitBytes: number): number {
  const fitting = Math.floor((heapLimitBytes * SHARE_OF_HEAP) / BYTES_AN_ENTITY);
  return Math.min(DEFAULT_ENTITY_LIMITS.maxEntities, fitting);
}

/** An agent that has reached its own limits, and what was left out since the last report. */
export interface LimitedAgent {
  readonly agent: string;
  readonly entities: number;
  readonly refused: number;
}

/** Of a city of agents nearly all are well: what only alerts need is made with the first of them. */
class Share implements AgentShare {
  readonly agent: string;
  entities = 0;
  refused = 0;
  readonly #limits: EntityLimits;
  readonly #startedAtMs: number;
  #closed: AgentShare['closed'] | undefined = undefined;
  #steps: TokenBucket | undefined = undefined;

  constructor(agent: string, limits: EntityLimits, startedAtMs: number) {
    this.agent = agent;
    this.#limits = limits;
    this.#startedAtMs = startedAtMs;
  }

  get closed(): AgentShare['closed'] {
    return (this.#closed ??= new Map());
  }

  get steps(): TokenBucket {
    const { stepBurstPerAgent: capacity, stepsPerAgentPerS: refillPerS } = this.#limits;
    return (this.#steps ??= new TokenBucket({ capacity, refillPerS }, this.#startedAtMs));
  }
}

/**
 * Divides the entities among the agents that began them, so that no few of them leave the others without alerts. What was
 * restored beyond an agent's limit counts against that agent only.
 */
export class EntityShares {
  readonly limits: EntityLimits;
  readonly #startedAtMs: number;
  readonly #agents = new Map<string, AgentShare>();
  /** Of all agents, of each at most its limit. */
  #used = 0;

  constructor(limits: Partial<EntityLimits>, nowMs: number) {
    this.limits = { ...DEFAULT_ENTITY_LIMITS, ...limits };
    this.#startedAtMs = nowMs;
  }

  of(agent: string): AgentShare {
    let share = this.#agents.get(agent);
    if (share === undefined) {
      share = new Share(agent, this.limits, this.#startedAtMs);
      this.#agents.set(agent, share);
    }
    return share;
  }

  /** Of all agents. */
  get entities(): number {
    let sum = 0;
    for (const { entities } of this.#agents.values()) sum += entities;
    return sum;
  }

  isOwnLimitReached({ entities }: AgentShare): boolean {
    return entities >= this.limits.maxEntitiesPerAgent;
  }

  hasRoom(share: AgentShare): boolean {
    const { maxEntities, assuredPerAgent } = this.limits;
    if (this.isOwnLimitReached(share)) return false;
    return this.#used < maxEntities || share.entities < assuredPerAgent;
  }

  add(share: AgentShare): void {
    if (!this.isOwnLimitReached(share)) this.#used++;
    share.entities++;
  }

  remove(share: AgentShare, live: LiveEntity): void {
    share.closed.delete(live);
    share.entities--;
    if (!this.isOwnLimitReached(share)) this.#used--;
  }

  /** Each agent whose evaluations were left out for its own limits since the last call. */
  takeLimited(): readonly LimitedAgent[] {
    const limited: LimitedAgent[] = [];
    for (const share of this.#agents.values()) {
      const { agent, entities, refused } = share;
      if (refused === 0) continue;
      limited.push({ agent, entities, refused });
      share.refused = 0;
    }
    return limited;
  }

  /** It is retired. */
  forget(agent: string): void {
    if (this.#agents.get(agent)?.entities === 0) this.#agents.delete(agent);
  }
}
