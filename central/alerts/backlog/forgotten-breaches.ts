import type { LiveEntity } from '../engine/rule-runtime.ts';
import { trackKey } from './agent-track.ts';

/** A breach that was pending when its agent fell silent, and of which live judging knows nothing any more. */
export interface ForgottenBreach {
  readonly rule: string;
  readonly live: LiveEntity;
}

/** Of all agents together; beyond, those begin anew. */
const MAX_FORGOTTEN = 5_000;

/** Breaches that were pending when their agents fell silent, by agent. */
export class ForgottenBreaches {
  readonly #ofAgents = new Map<string, Map<string, ForgottenBreach>>();
  #count = 0;

  get count(): number {
    return this.#count;
  }

  add(rule: string, live: LiveEntity): void {
    if (this.#count >= MAX_FORGOTTEN) return;
    const ofAgent = this.#ofAgents.get(live.agent) ?? new Map<string, ForgottenBreach>();
    const before = ofAgent.size;
    ofAgent.set(trackKey(rule, live.key), { rule, live });
    this.#count += ofAgent.size - before;
    this.#ofAgents.set(live.agent, ofAgent);
  }

  /** Those of an agent, which are not kept any more. */
  take(agent: string): readonly ForgottenBreach[] {
    const ofAgent = this.#ofAgents.get(agent);
    if (ofAgent === undefined) return [];
    this.#ofAgents.delete(agent);
    this.#count -= ofAgent.size;
    return [...ofAgent.values()];
  }

  /** Of what was last measured before then: nobody goes on from there. */
  dropOld(beforeMs: number): void {
    for (const [agent, ofAgent] of this.#ofAgents) {
      for (const [key, { live }] of ofAgent) {
        if (live.lastSampleMs < beforeMs && ofAgent.delete(key)) this.#count--;
      }
      if (ofAgent.size === 0) this.#ofAgents.delete(agent);
    }
  }
}
