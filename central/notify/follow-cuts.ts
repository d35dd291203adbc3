import type { CutOffPlaces, IncidentHead } from '../alerts/incidents/incident-view.ts';
import type { AlertFollower } from './follow-alerts.ts';
import type { HoldDeps } from './held/hold.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { AlertOwners } from './route/alert-owners.ts';
import { shouldTell, type Route, type RouteMatch } from './route/should-tell.ts';
import { tellOfHeads } from './tell-of-heads.ts';

export interface CutFollowerDeps {
  readonly heads: () => readonly IncidentHead[];
  readonly alerts: Pick<AlertFollower, 'isUpToDate' | 'factsOf'>;
  readonly outbox: Outbox;
  readonly hold: Pick<HoldDeps, 'suppressor'>;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
}

/**
 * Whoever is responsible for something that an incident cuts off hears of its head, wherever the root is: also when the incident
 * grows later. Their own alerts are suppressed, so they would hear of nothing.
 */
export class CutFollower {
  readonly #deps: CutFollowerDeps;
  /** For what the routes were asked, by the id of the head. After a restart all are asked again: who was told is not told again. */
  #asked: ReadonlyMap<string, CutOffPlaces> = new Map();

  constructor(deps: CutFollowerDeps) {
    this.#deps = deps;
  }

  /** Also of one that ended since the last call. */
  cutOffOf(alertId: string): CutOffPlaces | undefined {
    return this.#asked.get(alertId);
  }

  /** After the alerts were followed and those that are held were reviewed. */
  follow(nowMs: number): void {
    const heads = this.#deps.heads();
    const isNew = heads.some(({ alert, cutOff }) => this.#asked.get(alert.id) !== cutOff);
    if (isNew && !this.#deps.alerts.isUpToDate()) return;
    const asked = new Map<string, CutOffPlaces>();
    const reached = new Map<string, readonly RouteMatch[]>();
    for (const head of heads) {
      const { id } = head.alert;
      const before = this.#asked.get(id);
      const found = before === head.cutOff ? undefined : this.#reachedBy(head, nowMs);
      if (found !== undefined && found !== 'later' && found.length > 0) reached.set(id, found);
      const current = found === 'later' ? before : head.cutOff;
      if (current !== undefined) asked.set(id, current);
    }
    if (reached.size > 0) tellOfHeads(reached, this.#deps, nowMs);
    this.#asked = asked;
  }

  /** `later`: it is held, or suppressed by now. */
  #reachedBy({ alert, cutOff }: IncidentHead, nowMs: number): readonly RouteMatch[] | 'later' {
    const { outbox, hold } = this.#deps;
    if (outbox.held.get(alert.id) !== undefined) return 'later';
    const belonging = this.#deps.owners.of(alert);
    const matchesFor = (places: CutOffPlaces | undefined): readonly RouteMatch[] => {
      const decision = shouldTell(
        { ...alert, ...belonging, cutOff: places },
        this.#deps.routes,
        nowMs,
        this.#deps.timeZone,
      );
      return typeof decision === 'string' ? [] : decision;
    };
    const known = outbox.tellings.ofAlert(alert.id);
    // Not those that take it only because their hours have begun meanwhile.
    const others = [...matchesFor(this.#asked.get(alert.id)), ...known];
    const matches = matchesFor(cutOff).filter(
      ({ channel }) => !others.some((other) => other.channel === channel),
    );
    const isSuppressed = matches.length > 0 && hold.suppressor.suppressionOf(alert, nowMs) !== undefined;
    return isSuppressed ? 'later' : matches;
  }
}
