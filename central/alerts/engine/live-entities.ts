import { NOTHING_RECENT } from '../lifecycle/flapping.ts';
import type { Parts } from '../lifecycle/parts.ts';
import type { EntityShares } from './entity-shares.ts';
import type { Evidence } from './evidence.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

/** The entities of all rules that are not simply healthy, each with the agent that it counts against. */
export class LiveEntities {
  readonly #runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly #shares: EntityShares;

  /** `shares` has what is in the runtimes already. */
  constructor(runtimes: ReadonlyMap<string, RuleRuntime>, shares: EntityShares) {
    this.#runtimes = runtimes;
    this.#shares = shares;
  }

  /** It may be changed meanwhile. */
  *all(): Iterable<readonly [LiveEntity, RuleRuntime]> {
    for (const runtime of this.#runtimes.values()) {
      for (const live of runtime.entities.values()) yield [live, runtime];
    }
  }

  add(runtime: RuleRuntime, evidence: Evidence, parts: Parts, nowMs: number): LiveEntity {
    const { key, entity, agent, location, tags, value, sample } = evidence;
    const live: LiveEntity = {
      key,
      entity,
      agent,
      share: this.#shares.of(agent),
      location,
      tags,
      state: undefined,
      lastSampleMs: sample.timeMs,
      parts,
      touchedAtMs: nowMs,
      startValue: value,
      value,
      alert: undefined,
      toldLevel: -1,
      closedByHand: undefined,
      closedAtMs: undefined,
      pendingSaved: false,
      recent: NOTHING_RECENT,
    };
    runtime.entities.set(key, live);
    this.#shares.add(live.share);
    return live;
  }

  remove(runtime: RuleRuntime, live: LiveEntity): void {
    if (runtime.entities.delete(live.key)) this.#shares.remove(live.share, live);
  }

  /** It is where its newest sample says, and told of by who sent that, once nobody says otherwise. True if it moved. */
  follow(live: LiveEntity, { agent, location }: Evidence): boolean {
    const isTakenOver =
      live.agent !== agent && ![...live.parts.values()].some((part) => part.agent === live.agent);
    if (isTakenOver) {
      this.#shares.remove(live.share, live);
      live.agent = agent;
      live.share = this.#shares.of(agent);
      this.#shares.add(live.share);
    }
    const { unit, site } = live.location;
    if (live.parts.size > 1 || (location.unit === unit && location.site === site)) return isTakenOver;
    live.location = location;
    return true;
  }
}
