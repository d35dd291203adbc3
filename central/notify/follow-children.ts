import type { IncidentHead } from '../alerts/incidents/incident-view.ts';
import type { AlertFollower } from './follow-alerts.ts';
import type { HeldAlert, HoldDeps } from './held/hold.ts';
import type { Outbox } from './outbox/outbox.ts';
import { shouldTell, type Route, type RouteMatch } from './route/should-tell.ts';
import { tellOfHeads } from './tell-of-heads.ts';

export interface ChildFollowerDeps {
  readonly heads: () => readonly IncidentHead[];
  readonly alerts: Pick<AlertFollower, 'isUpToDate' | 'factsOf'>;
  readonly outbox: Outbox;
  readonly hold: Pick<HoldDeps, 'suppressor'>;
  readonly routes: readonly Route[];
  readonly timeZone: string;
}

/** Routes are asked for so many in a second; the others have their turn. */
const ASKED_AT_ONCE = 500;

/**
 * Whoever would hear of an alert, were it not for what it hangs on, hears of the head instead: routes may send the two to different teams, and
 * a head that one team was told of is no news to the other. Its end goes to them as well.
 */
export class ChildFollower {
  readonly #deps: ChildFollowerDeps;
  /** For which head, and with which severity, the routes were asked, by the id of the child. After a restart all are asked again. */
  #asked: ReadonlyMap<string, string> = new Map();

  constructor(deps: ChildFollowerDeps) {
    this.#deps = deps;
  }

  /** After the alerts were followed and those that are held were reviewed. */
  follow(nowMs: number): void {
    const { outbox, heads, alerts } = this.#deps;
    const hanging = [...outbox.held.values()].filter(
      ({ why }) => why.kind === 'parent' || why.kind === 'power',
    );
    if (hanging.length === 0) {
      this.#asked = new Map();
      return;
    }
    const headOf = new Map(heads().map((head) => [head.root, head]));
    const asked = new Map<string, string>();
    const reached = new Map<string, Map<string, RouteMatch>>();
    let left = alerts.isUpToDate() ? ASKED_AT_ONCE : 0;
    for (const held of hanging) {
      const { id, severity } = held.facts;
      const head = headOf.get(held.why.by);
      const before = this.#asked.get(id);
      const key = `${head?.alert.id} ${severity}`;
      if (head === undefined || before === key || left === 0) {
        if (before !== undefined) asked.set(id, before);
        continue;
      }
      left--;
      const found = this.#reachedBy(held, head, nowMs);
      if (found === 'later') continue;
      asked.set(id, key);
      for (const match of found) {
        const ofHead = reached.get(head.alert.id) ?? new Map<string, RouteMatch>();
        reached.set(head.alert.id, ofHead.set(match.channel, ofHead.get(match.channel) ?? match));
      }
    }
    const matches = [...reached].map(([id, ofHead]) => [id, [...ofHead.values()]] as const);
    if (reached.size > 0) tellOfHeads(new Map(matches), this.#deps, nowMs);
    this.#asked = asked;
  }

  /** `later`: the head is held, or suppressed by now. */
  #reachedBy(
    { facts, heldSinceMs }: HeldAlert,
    { alert: head }: IncidentHead,
    nowMs: number,
  ): readonly RouteMatch[] | 'later' {
    const { outbox, hold, routes, timeZone } = this.#deps;
    if (outbox.held.get(head.id) !== undefined) return 'later';
    const decision = shouldTell(facts, routes, nowMs, timeZone, heldSinceMs);
    if (typeof decision === 'string') return [];
    const known = outbox.tellings.ofAlert(head.id);
    const matches = decision.filter(({ channel }) => !known.some((telling) => telling.channel === channel));
    const isSuppressed = matches.length > 0 && hold.suppressor.suppressionOf(head, nowMs) !== undefined;
    return isSuppressed ? 'later' : matches;
  }
}
