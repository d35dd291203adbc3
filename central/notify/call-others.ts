import type { CutOffPlaces } from '../alerts/incidents/incident-view.ts';
import type { HoldDeps } from './held/hold.ts';
import type { Escalation } from './outbox/escalation-store.ts';
import type { Outbox } from './outbox/outbox.ts';
import { channelsToCall, shouldCallAtMs } from './route/should-call.ts';
import type { AlertOwners } from './route/alert-owners.ts';
import type { Route } from './route/should-tell.ts';
import { ToldInIncident, type ToldInIncidentDeps } from './told-in-incident.ts';
import { oweBegin, oweEnd, withoutSecond, type Telling } from './outbox/telling.ts';

export interface CallDeps {
  readonly outbox: Outbox;
  readonly hold: Pick<HoldDeps, 'suppressor'>;
  readonly routes: readonly Route[];
  readonly owners: Pick<AlertOwners, 'of'>;
  readonly timeZone: string;
  /** Of the head of an open incident. */
  readonly cutOffOf: (alertId: string) => CutOffPlaces | undefined;
  readonly openWith: ToldInIncidentDeps['openWith'];
  readonly isAcknowledged: (alertId: string) => boolean;
}

/** In one transaction: one of all would hold up everything else. */
const AT_ONCE = 500;
/** An acknowledgement may be taken back or run out, and whatever suppresses an alert may end. */
const ASKED_AGAIN_MS = 60_000;

/** Other channels hear of what theirs have not delivered in time, but not while it is suppressed, or within quiet hours. */
export function callSeconds(deps: Omit<CallDeps, 'isAcknowledged' | 'openWith'>, nowMs: number): void {
  const { outbox } = deps;
  const due = outbox.tellings.secondsDue(nowMs, AT_ONCE);
  if (due.length === 0) return;
  const tellings = due.flatMap((telling) => {
    const { second, facts } = telling;
    if (second === undefined) return [];
    // Such as one that became milder again before its change was told.
    if (outbox.isHeard(telling)) return [withoutSecond(telling)];
    const atMs = secondAtMs(telling, second.channel, deps, nowMs);
    if (atMs > nowMs) return [{ ...telling, second: { ...second, atMs } }];
    const known = outbox.tellings.find(second.channel, facts.id);
    const isOver = facts.endedAtMs !== undefined;
    // Escalation called it before: it has heard of the end as well.
    if (isOver && known === undefined && outbox.wasTold(second.channel, facts.id))
      return [withoutSecond(telling)];
    const begin = { channel: second.channel, facts, nowMs, notBeforeMs: nowMs };
    const begun = oweBegin(known, begin);
    return [withoutSecond(telling), isOver ? oweEnd(begun, begin) : begun];
  });
  outbox.save({ tellings, atMs: nowMs });
}

/** Where no route names it any more, it is told: nobody may have heard of the alert. */
function secondAtMs(
  { facts }: Telling,
  channel: string,
  { hold, routes, owners, timeZone }: Omit<CallDeps, 'isAcknowledged' | 'openWith'>,
  nowMs: number,
): number {
  if (hold.suppressor.suppressionOf(facts, nowMs) !== undefined) return nowMs + ASKED_AGAIN_MS;
  return (
    shouldCallAtMs({ ...facts, ...owners.of(facts) }, { channel, as: 'second' }, routes, nowMs, timeZone) ??
    nowMs
  );
}

/**
 * Other channels hear of what nobody acknowledged in time, if the routes still name them for it as it is then, and not
 * within quiet hours. Their ends go to them as well: they were told.
 */
export function escalate(deps: CallDeps, nowMs: number): void {
  const { outbox } = deps;
  const due = outbox.escalations.due(nowMs, AT_ONCE);
  if (due.length === 0) return;
  const tellings: Telling[] = [];
  const postponed: Escalation[] = [];
  const inIncident = new ToldInIncident(deps);
  for (const escalation of due) {
    const { alertId, channel, suppressed, belonging, isWithheld = false } = escalation;
    const known = outbox.tellings.ofAlert(alertId);
    const facts = known[0]?.facts;
    // Whoever was to hear first was not told after all, or it is over.
    if (facts === undefined || facts.endedAtMs !== undefined) continue;
    const isAcknowledged = !isWithheld && deps.isAcknowledged(alertId);
    if (isAcknowledged || deps.hold.suppressor.suppressionOf(facts, nowMs) !== undefined) {
      postponed.push({ ...escalation, atMs: nowMs + ASKED_AGAIN_MS });
      continue;
    }
    const cutOff = deps.cutOffOf(alertId);
    // Whoever was told first is not left alone with it because it belongs to others by now.
    const heads = [deps.owners.of(facts), belonging ?? {}].map((its) => ({ ...facts, ...its, cutOff }));
    const times = [...heads, ...(suppressed === undefined ? [] : [suppressed])].flatMap(
      (routed) =>
        shouldCallAtMs(routed, { channel, as: 'escalation' }, deps.routes, nowMs, deps.timeZone) ?? [],
    );
    // Once it is graver again, the routes are asked again.
    if (times.length === 0) continue;
    const atMs = Math.min(...times);
    if (atMs > nowMs) {
      postponed.push({ ...escalation, atMs });
      continue;
    }
    const channels = channelsToCall(channel, deps.routes, nowMs);
    if (isWithheld && channels.length > 0 && channels.every((each) => inIncident.isAsGrave(each, facts))) {
      postponed.push({ ...escalation, atMs: nowMs + ASKED_AGAIN_MS });
      continue;
    }
    for (const each of channels) {
      const before = known.find((telling) => telling.channel === each);
      tellings.push(oweBegin(before, { channel: each, facts, nowMs, notBeforeMs: nowMs }));
    }
  }
  outbox.save({ tellings, escalated: due, escalations: postponed, atMs: nowMs });
}
