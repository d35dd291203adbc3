import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { AlertTransitions } from '../alerts/history/alert-transitions.ts';
import { isCanary } from '../alerts/history/canary-alarm.ts';
import type { CutOffPlaces, IncidentView } from '../alerts/incidents/incident-view.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import type { Severity } from '../alerts/rules/severity.ts';
import type { SuppressibleAlert, Suppressor } from '../alerts/suppression/suppression.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { StateDatabase } from '../state/database.ts';
import { callSeconds, escalate } from './call-others.ts';
import { ChannelLane, type OutboxBounds } from './channel-lane.ts';
import { CANARY_CHANNEL } from './canary/sink.ts';
import type { Channel, Outcome } from './channels/channel.ts';
import { explainTelling } from './explain/explain-telling.ts';
import type { TellingExplanation } from './explain/explanation.ts';
import { AlertFollower } from './follow-alerts.ts';
import { forgetChannels } from './forget-channels.ts';
import { ChildFollower } from './follow-children.ts';
import { CutFollower } from './follow-cuts.ts';
import { HeldReview } from './held/review-held.ts';
import type { HoldKind } from './held/hold.ts';
import { tellingRatherThanFailing } from './held/telling-rather-than-failing.ts';
import type { IncidentOf } from './outbox/group.ts';
import { Outbox } from './outbox/outbox.ts';
import { openOutboxQueries, type OutboxQueries } from './outbox/outbox-queries.ts';
import { gapTexts } from './on-call/gap-text.ts';
import type { Telling } from './outbox/telling.ts';
import { sendTest } from './send-test.ts';
import type { NotifySetup } from './settings/load-notify.ts';
import { AlertOwners, type OwnersInventory } from './route/alert-owners.ts';
import type { Route } from './route/should-tell.ts';
import { wouldTell, type UnraisedAlert } from './route/would-tell.ts';
import { willHear } from './will-hear.ts';

export interface NotifierDeps {
  /** Undefined: nobody is told of anything, and alerts are not followed. */
  readonly setup: NotifySetup | undefined;
  readonly transitions: AlertTransitions;
  readonly rules: Pick<RuleLookup, 'get'>;
  readonly inventory: Pick<Inventory, 'units'> & OwnersInventory;
  readonly timeZone: string;
  /** Why nobody is to be told of an alert; without it, all are told. */
  readonly suppressor?: Suppressor;
  /** What alerts hang on; without it, none waits for its root, and none is told together with others because of it. */
  readonly incidents?: IncidentView;
  /** Whether somebody sees to the alert: what is acknowledged is not escalated. */
  readonly isAcknowledged?: (alertId: string) => boolean;
  /** Where the canary ends; without it there is none. */
  readonly canarySink?: Channel | undefined;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly bounds?: Partial<OutboxBounds>;
}

export interface NotifierStats {
  readonly channels: number;
  /** Messages delivered, attempts that failed, and alerts that were given up, since the start. */
  readonly sent: Readonly<Record<string, number>>;
  readonly failedAttempts: Readonly<Record<string, number>>;
  readonly givenUp: number;
  /** Messages that wait to be delivered. */
  readonly waiting: number;
  /** For how long the oldest of their alerts could have been told; 0: none waits. */
  readonly undeliveredMs: number;
  /** Open alerts that nobody is told of yet, by the reason. */
  readonly held: Readonly<Partial<Record<HoldKind, number>>>;
}

/** What a channel is still to be told of an alert. */
export type OwedTelling = Pick<Telling, 'channel' | 'owed' | 'owedSinceMs' | 'notBeforeMs' | 'told'>;

export interface Notifier extends OutboxQueries {
  /** Each second: follows the alerts and sends what is due. */
  tick(): void;
  /** What is being sent may end; nothing new begins. */
  stop(): Promise<void>;
  /** Old receipts are deleted. */
  deleteOld(): void;
  /** Messages of the canary before that. */
  deleteCanaries(beforeMs: number): void;
  /** What each channel was told and is owed of an alert; of one that is over and told, nothing. */
  tellingsOf(alertId: string): readonly OwedTelling[];
  /** How grave an alert was at most, open or over, as somebody heard of it; undefined: nobody did. */
  toldSeverityOf(alertId: string): Severity | undefined;
  /** Whether somebody heard of an open alert, or will, if nothing suppresses it; true where nobody is told of anything. */
  willHear(alert: SuppressibleAlert): boolean;
  /** Whether any route takes an alert that never was, such as of a backtest. */
  wouldTell(alert: UnraisedAlert): boolean;
  /** Who was told of an alert and is still to be told, and why nobody was. */
  explain(alertId: string): TellingExplanation;
  /** Sends one test message at once, past all that waits; undefined: there is no such channel. */
  test(channel: string): Promise<Outcome | undefined>;
  stats(): NotifierStats;
}

const DAY_MS = 86_400_000;
const BOUNDS: OutboxBounds = { maxAgeMs: DAY_MS, maxOwed: 20_000 };
const RETENTION = { ms: 90 * DAY_MS, messages: 100_000 };
const STOP_GRACE_MS = 2_000;

/** Tells people and other programs of alerts: once each, also over a crash, and of the end whoever heard of the beginning. */
export function createNotifier(deps: NotifierDeps): Notifier {
  const { setup, database, clock, log } = deps;
  const bounds = { ...BOUNDS, ...deps.bounds };
  const outbox = new Outbox(database);
  const queries = openOutboxQueries(database);
  const incidentOf: IncidentOf = (alertId) => deps.incidents?.incidentOf(alertId);
  const laneDeps = { ...deps, outbox, incidentOf, bounds, groupWindowMs: setup?.groupWindow ?? 0 };
  const lanes = (setup?.channels ?? []).map((channel) => new ChannelLane(channel, laneDeps));
  const sink = setup && deps.canarySink;
  const allLanes =
    sink === undefined ? lanes : [...lanes, new ChannelLane(sink, { ...laneDeps, groupWindowMs: 0 })];
  const laneOf = (id: string) => lanes.find(({ channel }) => channel.id === id);
  const hold = tellingRatherThanFailing(
    {
      suppressor: {
        // Silences and windows may be meant for everything.
        suppressionOf: (alert, nowMs) =>
          isCanary(alert) ? undefined : deps.suppressor?.suppressionOf(alert, nowMs),
      },
      mayHaveParent: (alert, nowMs) => deps.incidents?.awaitsRoot(alert, nowMs) ?? false,
      parentWindowMs: setup?.parentWindow ?? 0,
    },
    log,
  );
  const routes = routesOf(setup, sink);
  const owners = new AlertOwners(deps.inventory, routes);
  const openWith = (alertId: string): readonly string[] => deps.incidents?.openWith(alertId) ?? [];
  const routing = { outbox, hold, routes, owners, timeZone: deps.timeZone };
  const review = new HeldReview({ ...routing, groupWindowMs: setup?.groupWindow ?? 0 });
  const follower = new AlertFollower({
    ...routing,
    transitions: deps.transitions,
    clock,
    rules: deps.rules,
    units: deps.inventory,
    isStateful: (channel) => laneOf(channel)?.channel.state !== undefined,
    maxAgeMs: bounds.maxAgeMs,
    cutOffOf: (alertId) => cuts.cutOffOf(alertId),
    openWith,
  });
  const cuts: CutFollower = new CutFollower({
    ...routing,
    heads: () => deps.incidents?.heads() ?? [],
    alerts: follower,
  });
  const children = new ChildFollower({
    ...routing,
    heads: () => deps.incidents?.heads() ?? [],
    alerts: follower,
  });
  const cutOffOf = (alertId: string): CutOffPlaces | undefined =>
    deps.incidents?.heads().find(({ alert }) => alert.id === alertId)?.cutOff;
  const calling = { ...routing, cutOffOf, openWith, isAcknowledged: deps.isAcknowledged ?? (() => false) };
  const forgotten =
    setup === undefined
      ? 0
      : forgetChannels(
          outbox,
          allLanes.map(({ channel }) => channel.id),
          deps,
        );
  for (const text of gapTexts(setup?.onCall?.gaps(clock.now()) ?? [])) log.warn(text);
  let isFailing = false;
  const stopping = new AbortController();
  const stop = async (): Promise<void> => {
    await Promise.all(allLanes.map((lane) => lane.stop(STOP_GRACE_MS)));
    stopping.abort(new Error('central stops'));
  };

  return {
    ...queries,
    tick: () => {
      if (setup === undefined) return;
      try {
        follower.follow(clock.now());
        review.review(clock.now());
        callSeconds(calling, clock.now());
        escalate(calling, clock.now());
        for (const lane of allLanes) lane.pump();
        cuts.follow(clock.now());
        children.follow(clock.now());
        if (isFailing) log.info('notifications go on');
        isFailing = false;
      } catch (err) {
        if (!isFailing) log.error({ err }, 'notifications cannot go on; it is tried again each second');
        isFailing = true;
      }
    },
    stop,
    deleteOld: () => outbox.deleteOld({ beforeMs: clock.now() - RETENTION.ms, messages: RETENTION.messages }),
    deleteCanaries: (beforeMs) => outbox.deleteOfChannel(CANARY_CHANNEL, beforeMs),
    tellingsOf: (alertId) => outbox.tellings.ofAlert(alertId),
    toldSeverityOf: (alertId) => outbox.messages.toldSeverityOf(alertId),
    willHear: (alert) => setup === undefined || willHear(alert, routing, clock.now()),
    wouldTell: (alert) => wouldTell(alert, routing),
    explain: (alertId) =>
      explainTelling(alertId, {
        outbox,
        queries,
        whyOwed: (telling) => laneOf(telling.channel)?.whyOwed(telling),
        hasChannels: lanes.length > 0,
      }),
    test: async (id) => {
      const lane = laneOf(id);
      if (lane === undefined) return undefined;
      return sendTest(lane.channel, { outbox, clock, signal: stopping.signal });
    },
    stats: () => {
      const oldestMs = outbox.messages.oldestWaitingMs();
      const byChannel = (count: (lane: ChannelLane) => number) =>
        Object.fromEntries(lanes.map((lane) => [lane.channel.id, count(lane)]));
      return {
        channels: lanes.length,
        sent: byChannel(({ counts }) => counts.sent),
        failedAttempts: byChannel(({ counts }) => counts.failedAttempts),
        givenUp: forgotten + lanes.reduce((sum, { counts }) => sum + counts.givenUp, 0),
        waiting: setup === undefined ? 0 : outbox.messages.waitingCount(),
        undeliveredMs:
          setup === undefined || oldestMs === undefined ? 0 : Math.max(0, clock.now() - oldestMs),
        held: outbox.held.counts(),
      };
    },
  };
}

function routesOf(setup: NotifySetup | undefined, sink: Channel | undefined): readonly Route[] {
  const routes = setup?.routes ?? [];
  return sink === undefined
    ? routes
    : [...routes, { name: 'canary', channels: [sink.id], isForCanary: true }];
}
