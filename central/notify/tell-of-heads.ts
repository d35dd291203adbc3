import type { AlertFollower } from './follow-alerts.ts';
import { applyStep, escalationsOf } from './outbox/apply-step.ts';
import type { Outbox } from './outbox/outbox.ts';
import type { AlertOwners } from './route/alert-owners.ts';
import type { RoutedAlert, RouteMatch } from './route/should-tell.ts';

export interface HeadMatch extends RouteMatch {
  /** What the route took, where that is an alert that hangs on the head, and not the head. */
  readonly suppressed?: RoutedAlert;
}

interface TellingOfHeads {
  readonly alerts: Pick<AlertFollower, 'factsOf'>;
  readonly outbox: Outbox;
  readonly owners: Pick<AlertOwners, 'of'>;
}

/** Channels that know nothing of them hear that these open alerts have begun: by id, and whom the routes name. */
export function tellOfHeads(
  reached: ReadonlyMap<string, readonly HeadMatch[]>,
  { alerts, outbox, owners }: TellingOfHeads,
  nowMs: number,
): void {
  const open = alerts.factsOf(new Set(reached.keys()));
  const begun = open.map((facts) => ({ facts, matches: reached.get(facts.id) ?? [] }));
  const tellings = begun.flatMap(({ facts, matches }) =>
    applyStep(
      { kind: 'fired', facts, nowMs },
      { known: [], matchesFor: () => matches, isStateful: () => false },
    ),
  );
  const escalations = begun.flatMap(({ facts, matches }) => {
    const of = { alertId: facts.id, belonging: owners.of(facts) };
    return matches.flatMap((match) => {
      const { suppressed } = match;
      const ofMatch = escalationsOf(of, [match], nowMs);
      return suppressed === undefined ? ofMatch : ofMatch.map((each) => ({ ...each, suppressed }));
    });
  });
  outbox.save({ tellings, escalations, atMs: nowMs });
}
