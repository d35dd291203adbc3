import { applyStep, escalationsOf } from '../outbox/apply-step.ts';
import type { Escalation } from '../outbox/escalation-store.ts';
import type { Outbox } from '../outbox/outbox.ts';
import type { Telling } from '../outbox/telling.ts';
import type { Untold } from '../outbox/untold-store.ts';
import type { AlertOwners } from '../route/alert-owners.ts';
import { shouldTell, type Route, type RouteMatch, type UntoldReason } from '../route/should-tell.ts';
import { isWaiting, reasonNow, type HeldAlert, type HoldDeps, type HoldReason } from './hold.ts';

export interface HeldReviewDeps {
  readonly outbox: Outbox;
  readonly hold: HoldDeps;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
  readonly groupWindowMs: number;
}

/** Alerts that are asked about each second; more take turns. */
const REVIEWED_AT_ONCE = 500;
/** Of them, those whose answer is another one: a transaction of all would hold up everything else. */
const CHANGED_AT_ONCE = 200;
/** What waited together is told together, although the group window has passed meanwhile. */
const REGROUP_MS = 3_000;

interface Reviewed {
  readonly held: Map<string, HeldAlert | undefined>;
  readonly tellings: Telling[];
  readonly recalled: Telling[];
  readonly untold: Untold[];
  readonly escalations: Escalation[];
  /** Held now: nothing of them is to be escalated. */
  readonly ended: string[];
}

/** Asks again why alerts are held, and whether what is owed but was not told yet is suppressed meanwhile. */
export class HeldReview {
  readonly #deps: HeldReviewDeps;
  #untoldAfter = '';

  constructor(deps: HeldReviewDeps) {
    this.#deps = deps;
  }

  review(nowMs: number): void {
    const { outbox } = this.#deps;
    const reviewed: Reviewed = {
      ...{ held: new Map(), tellings: [], recalled: [], untold: [], escalations: [], ended: [] },
    };
    const asked: HeldAlert[] = [];
    for (const held of this.#next(nowMs)) {
      if (reviewed.held.size >= CHANGED_AT_ONCE) break;
      this.#review(held, reviewed, nowMs);
      asked.push(held);
    }
    outbox.held.takenInTurn(asked);
    this.#recall(reviewed, nowMs);
    if (reviewed.held.size > 0) outbox.save({ ...reviewed, atMs: nowMs });
  }

  /** Those that have waited for long enough first: their time counts from the fault on. */
  #next(nowMs: number): ReadonlySet<HeldAlert> {
    const { outbox, hold } = this.#deps;
    const next = new Set<HeldAlert>();
    for (const held of outbox.held.values()) {
      if (next.size >= REVIEWED_AT_ONCE) return next;
      if (held.why.kind === 'waiting' && !isWaiting(held.why, hold, nowMs)) next.add(held);
    }
    for (const held of outbox.held.values()) {
      if (next.size >= REVIEWED_AT_ONCE) break;
      next.add(held);
    }
    return next;
  }

  #review(held: HeldAlert, reviewed: Reviewed, nowMs: number): void {
    const why = reasonNow(held, this.#deps.hold, nowMs);
    if (why === held.why) return;
    const { id } = held.facts;
    reviewed.held.set(id, why && { ...held, why, sinceMs: nowMs });
    if (why === undefined) this.#tell(held, reviewed, nowMs);
  }

  #tell(held: HeldAlert, reviewed: Reviewed, nowMs: number): void {
    const { facts, why, sinceMs } = held;
    const { groupWindowMs } = this.#deps;
    const decision = this.#decide(held, nowMs);
    if (typeof decision === 'string') {
      reviewed.untold.push({ alertId: facts.id, kind: 'no_route', reason: decision });
      return;
    }
    reviewed.escalations.push(
      ...escalationsOf({ alertId: facts.id, belonging: this.#deps.owners.of(facts) }, decision, nowMs),
    );
    const begin = { kind: 'fired', facts, nowMs } as const;
    const context = { known: [], matchesFor: () => decision, isStateful: () => false };
    const owedSinceMs =
      why.kind === 'waiting' ? Math.min(nowMs, Math.max(sinceMs, nowMs - groupWindowMs + REGROUP_MS)) : nowMs;
    for (const telling of applyStep(begin, context)) reviewed.tellings.push({ ...telling, owedSinceMs });
  }

  /** An alert of the last seconds of a route's hours must not be lost because it waited, or was suppressed, over their end. */
  #decide(
    { facts, why, sinceMs, heldSinceMs }: HeldAlert,
    nowMs: number,
  ): readonly RouteMatch[] | UntoldReason {
    const { routes, timeZone, owners } = this.#deps;
    const owned = { ...facts, ...owners.of(facts) };
    const times = why.kind === 'waiting' ? [sinceMs, nowMs, heldSinceMs] : [nowMs, heldSinceMs];
    for (const beganMs of times) {
      const decision = shouldTell(owned, routes, nowMs, timeZone, beganMs);
      if (typeof decision !== 'string') return decision;
    }
    return 'no route takes it';
  }

  /** Such as what quiet hours or the group window hold back, as a window of maintenance begins. */
  #recall({ held, recalled, ended }: Reviewed, nowMs: number): void {
    const { outbox, hold } = this.#deps;
    const untold = outbox.tellings.untold(this.#untoldAfter, REVIEWED_AT_ONCE);
    this.#untoldAfter = untold.length < REVIEWED_AT_ONCE ? '' : (untold.at(-1)?.facts.id ?? '');
    for (const facts of new Map(untold.map((telling) => [telling.facts.id, telling.facts])).values()) {
      const why: HoldReason | undefined = hold.suppressor.suppressionOf(facts, nowMs);
      if (why === undefined) continue;
      const known = outbox.tellings.ofAlert(facts.id);
      // Whoever was told of it hears all that follows, and so does whoever is told next.
      if (known.some(({ told, owed }) => told !== 'nothing' || owed !== 'begin')) continue;
      held.set(facts.id, { facts, why, sinceMs: nowMs, heldSinceMs: nowMs });
      recalled.push(...known);
      ended.push(facts.id);
    }
  }
}
