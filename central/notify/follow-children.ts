import type { IncidentHead } from '../alerts/incidents/incident-view.ts';
import { severityRank, type Severity } from '../alerts/rules/severity.ts';
import type { AlertFollower } from './follow-alerts.ts';
import type { HeldAlert, HoldDeps } from './held/hold.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { AlertOwners } from './route/alert-owners.ts';
import { shouldTell, type Route } from './route/should-tell.ts';
import { tellOfHeads, type HeadMatch } from './tell-of-heads.ts';

export interface ChildFollowerDeps {
  readonly heads: () => readonly IncidentHead[];
  readonly alerts: Pick<AlertFollower, 'isUpToDate' | 'factsOf'>;
  readonly outbox: Outbox;
  readonly hold: Pick<HoldDeps, 'suppressor'>;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
}

interface Asked {
  readonly headId: string;
  readonly severity: Severity;
}

/** So many that are held no more are forgotten together. */
const KEPT = 1_000;
/** Routes are asked for so many in a second; the others have their turn. */
const ASKED_AT_ONCE = 500;

/**
 * Whoever would hear of an alert, were it not for what it hangs on, hears of the head instead: routes may send the two to different teams, and
 * a head that one team was told of is no news to the other. Its end goes to them as well.
 */
export class ChildFollower {
  readonly #deps: ChildFollowerDeps;
  /** For what the routes were asked, by the id of the child. After a restart all are asked again. */
  readonly #asked = new Map<string, Asked>();
  /** Ids of heads by root, and what was held, when nothing was left to ask. */
  #settled: { readonly heads: ReadonlyMap<string, string>; readonly version: number } | undefined;

  constructor(deps: ChildFollowerDeps) {
    this.#deps = deps;
  }

  /** After the alerts were followed and those that are held were reviewed. */
  follow(nowMs: number): void {
    const { outbox, heads, alerts } = this.#deps;
    const headOf = new Map(heads().map((head) => [head.root, head]));
    if (this.#isSettled(headOf)) return;
    const { version } = outbox.held;
    const reached = new Map<string, Map<string, HeadMatch>>();
    const asked = new Map<string, Asked>();
    const mayHear = this.#onceAHead(nowMs);
    let hanging = 0;
    let later = 0;
    let left = headOf.size > 0 && alerts.isUpToDate() ? ASKED_AT_ONCE : 0;
    for (const held of outbox.held.values()) {
      const { facts, why } = held;
      if (why.kind !== 'parent' && why.kind !== 'power') continue;
      hanging++;
      const head = headOf.get(why.by);
      if (head === undefined || this.#isAsked(held, head)) continue;
      if (left === 0 || !mayHear(head)) {
        later++;
        continue;
      }
      left--;
      asked.set(facts.id, { headId: head.alert.id, severity: facts.severity });
      for (const match of this.#reachedBy(held, head, nowMs)) {
        const ofHead = reached.get(head.alert.id) ?? new Map<string, HeadMatch>();
        reached.set(head.alert.id, ofHead.set(match.channel, ofHead.get(match.channel) ?? match));
      }
    }
    const matches = [...reached].map(([id, ofHead]) => [id, [...ofHead.values()]] as const);
    if (matches.length > 0) tellOfHeads(new Map(matches), this.#deps, nowMs);
    // Only what is on disk: where it could not be written, they are asked again.
    for (const [id, of] of asked) this.#asked.set(id, of);
    if (this.#asked.size > 2 * hanging + KEPT) this.#forgetOthers();
    const ids = new Map([...headOf].map(([root, { alert }]) => [root, alert.id]));
    this.#settled = later === 0 ? { heads: ids, version } : undefined;
  }

  #isSettled(headOf: ReadonlyMap<string, IncidentHead>): boolean {
    const { heads, version } = this.#settled ?? {};
    if (heads?.size !== headOf.size || version !== this.#deps.outbox.held.version) return false;
    for (const [root, { alert }] of headOf) if (heads.get(root) !== alert.id) return false;
    return true;
  }

  #isAsked({ facts }: HeldAlert, { alert }: IncidentHead): boolean {
    const asked = this.#asked.get(facts.id);
    return asked !== undefined && asked.headId === alert.id && asked.severity === facts.severity;
  }

  #forgetOthers(): void {
    for (const id of this.#asked.keys())
      if (this.#deps.outbox.held.get(id) === undefined) this.#asked.delete(id);
  }

  /** False: nobody is to hear of the head now, because it is held, or suppressed. */
  #onceAHead(nowMs: number): (head: IncidentHead) => boolean {
    const { outbox, hold } = this.#deps;
    const answers = new Map<IncidentHead, boolean>();
    return (head) => {
      const answer =
        answers.get(head) ??
        (outbox.held.get(head.alert.id) === undefined &&
          hold.suppressor.suppressionOf(head.alert, nowMs) === undefined);
      answers.set(head, answer);
      return answer;
    };
  }

  /** Channels that would hear of the child, and know nothing of its head, nor of another alert about the root that is as grave as the child. */
  #reachedBy(
    { facts, heldSinceMs }: HeldAlert,
    { alert: head, othersTold }: IncidentHead,
    nowMs: number,
  ): readonly HeadMatch[] {
    const { outbox, routes, timeZone } = this.#deps;
    const belonging = this.#deps.owners.of(facts);
    const decision = shouldTell({ ...facts, ...belonging }, routes, nowMs, timeZone, heldSinceMs);
    if (typeof decision === 'string') return [];
    const rank = severityRank(facts.severity);
    const others = othersTold().filter((other) => severityRank(other.severity) >= rank);
    const known = [head, ...others].flatMap(({ id }) => outbox.tellings.ofAlert(id));
    const { rule, severity, unit, site } = facts;
    const suppressed = {
      rule,
      severity,
      ...(unit !== undefined && { unit }),
      ...(site !== undefined && { site }),
      ...belonging,
    };
    return decision
      .filter(({ channel }) => !known.some((telling) => telling.channel === channel))
      .map((match) => ({ ...match, suppressed }));
  }
}
