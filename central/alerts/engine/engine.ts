import type { Clock } from '../../../runtime/clock.ts';
import type { LatencySnapshot } from '../../../runtime/latency-histogram.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { StateDatabase } from '../../state/database.ts';
import { AlertJournal } from '../history/alert-journal.ts';
import { openAlertRepository } from '../history/alert-repository.ts';
import { isAboutCanary } from '../history/canary-alarm.ts';
import type { AlertEvent, AlertView } from '../history/alert.ts';
import {
  openAlertStatistics,
  type AlertStatistics,
  type StatisticsQuery,
} from '../history/alert-statistics.ts';
import { toView, type AlertWrite } from '../history/alert-record.ts';
import type { EventKind } from '../lifecycle/alert-state.ts';
import type {
  EvidenceSources,
  RowEvaluator,
  SeriesEvaluator,
  TickEvaluator,
} from '../rules/kinds/rule-kind.ts';
import type { AlertRule, RuleLookup } from '../rules/rule.ts';
import type { Severity } from '../rules/severity.ts';
import { ActiveAlerts, type EvidenceListener } from './active-alerts.ts';
import { createAlertCorrections, type AlertCorrections } from './correct-alerts.ts';
import { createAlertQueries, type AlertQueries } from './alert-queries.ts';
import { BatchEvaluator, type KeyNotes } from './evaluate-batch.ts';
import { findUnjudged } from './unjudged-groups.ts';
import { GoneSeries } from './gone-series.ts';
import type { WatchedDevice } from './watched-device.ts';
import { EntityShares, type EntityLimits, type LimitedAgent } from './entity-shares.ts';
import { TickEvaluations } from './evaluate-tick.ts';
import { replaceRules } from './replace-rules.ts';
import { createAlertHandling, type AlertHandling } from './handle-alerts.ts';
import { restoreEntities } from './restore.ts';
import { createRuntimes, deviceOf, judgesReports, type RuleRuntime } from './rule-runtime.ts';
import { TickSchedule } from './tick-schedule.ts';

export interface AlertEngineDeps {
  readonly rules: readonly AlertRule[];
  /** What rules read at each tick, besides samples. */
  readonly sources: EvidenceSources;
  /** What the inventory says of devices at present. */
  readonly devices?: () => ReadonlyMap<string, WatchedDevice>;
  /** Whether the inventory has the device, and it is not retired; without it, whether `devices` has it, where that has any. */
  readonly isInService?: (device: string) => boolean;
  readonly limits?: Partial<EntityLimits>;
  /** Rules over reports begin their intervals together, and not each in a second of its own: what one finds does not depend on the others. */
  readonly areInStep?: boolean;
  /** Called with each transition once it is on disk; must return at once. */
  readonly onTransition?: (alert: AlertView, event: AlertEvent) => void;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface AlertStats {
  readonly rules: number;
  readonly pending: number;
  readonly firing: number;
  readonly recovering: number;
  readonly activeBySeverity: Readonly<Record<Severity, number>>;
  readonly transitions: Readonly<Partial<Record<EventKind, number>>>;
  /** Values compared with a rule's levels. */
  readonly evaluatedValues: number;
  readonly backfillBatches: number;
  /** Left out because a newer sample of the same entity or measurement was evaluated before. */
  readonly lateSamples: number;
  /** Entities that are kept: pending, alerting, or lately resolved. */
  readonly entities: number;
  /** Evaluations beyond what is kept of all agents together. */
  readonly refusedEntities: number;
  /** Breaches of devices that the inventory lacks: they raise no alert. */
  readonly unexpectedBreaches: number;
  /** Steps the disk has not taken yet, and those dropped because it took none for too long. */
  readonly unsavedSteps: number;
  readonly droppedSteps: number;
  /** Batches, and rules at a tick, whose evaluation threw an error: a bug in central, logged. */
  readonly failedEvaluations: number;
  /** From a batch's arrival to its transition being on disk. */
  readonly latency: LatencySnapshot;
}

export interface AlertEngine extends BatchObserver, Omit<AlertQueries, 'phaseCounts'>, AlertHandling {
  /** Each second: rules that read no samples, writing what waits, forgetting what is old. */
  tick(nowMs: number): void;
  /** Closes the alerts about what an agent reported, and about itself, as withdrawn: it is retired. Returns their number. */
  withdraw(agent: string, nowMs: number): number;
  /** Closes only those about what it reported; what is still in breach begins anew. */
  withdrawReported(agent: string, nowMs: number): number;
  /** Closes the alerts about devices that were taken out of the inventory or retired. Returns their number. */
  withdrawDevices(devices: ReadonlySet<string>, nowMs: number): number;
  /** The agents that have too many alerts and breaches, and what was left out since the last call. */
  takeLimited(): readonly LimitedAgent[];
  /** Writes everything; before the database closes. False when the disk refused. */
  save(): boolean;
  stats(): AlertStats;
  /** Of what is on disk. */
  statistics(query: StatisticsQuery): AlertStatistics;
  /** Those that run, by id: a live view. */
  readonly rules: RuleLookup;
  readonly live: LiveTrack;
  /** Of the faults that central raises on purpose: those that are over and began before. */
  deleteCanaries(beforeMs: number): void;
  /** Closes the alerts about hops that are no longer on their way; where there is none, the faults, too. Returns their number. */
  withdrawCanaries(hops: readonly string[], nowMs: number): number;
  /** From the next sample on. Alerts go on, or are withdrawn, as after a restart with these rules. */
  replaceRules(rules: readonly AlertRule[]): void;
}

/** What the track of the backlog reads of live judging, and how it corrects what that recorded. */
export interface LiveTrack extends AlertCorrections {
  readonly runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly keyNotes: KeyNotes;
  /** There is one listener. */
  listen(listener: EvidenceListener): void;
}

/** Progress of `for` and `clearFor` that a crash may cost. */
const CHECKPOINT_MS = 5_000;
const REMOVE_OLD_MS = 60_000;
/** Of 1,000 series or things each: some 20 ms, and ten times that in the usual interval of rules over reports. */
const PARTS_PER_TICK = 10;

const NO_DEVICES: ReadonlyMap<string, WatchedDevice> = new Map();

export function createAlertEngine(deps: AlertEngineDeps): AlertEngine {
  const { clock, log, sources } = deps;
  const startedAtMs = clock.now();
  const devices = deps.devices ?? (() => NO_DEVICES);
  const repository = openAlertRepository(deps.database);
  const runtimes = createRuntimes(deps.rules);
  const { onTransition } = deps;
  const onWritten =
    onTransition &&
    (({ record, events }: AlertWrite): void => {
      const view = toView(record, runtimes.get(record.rule)?.rule);
      for (const event of events) onTransition(view, event);
    });
  const journal = new AlertJournal({ repository, clock, log, onWritten });
  const shares = new EntityShares(deps.limits ?? {}, startedAtMs);
  restoreEntities({ repository, runtimes, journal, shares }, startedAtMs);
  const alerts = new ActiveAlerts(runtimes, journal, shares);
  const rowRuntimes = [...runtimes.values()].filter(readsRows);
  let tickRuntimes = [...runtimes.values()].filter(readsEvidence);
  const keyNotes: KeyNotes = new Map();
  const batches = new BatchEvaluator(rowRuntimes, alerts, devices, startedAtMs, { keyNotes });
  const isListed = (device: string): boolean => devices().has(device);
  const isInService = deps.isInService ?? ((device) => devices().size === 0 || isListed(device));
  const gone = new GoneSeries([...runtimes.values()].filter(isAboutSeries), isListed, isInService);
  const schedule = new TickSchedule(startedAtMs);
  const evaluations = new TickEvaluations({
    sources,
    alerts,
    maxPartsPerTick: deps.areInStep === true ? Infinity : PARTS_PER_TICK,
    onFailed: ({ rule: { id: rule } }, err) => {
      failedEvaluations++;
      log.error({ rule, err }, 'an alert rule failed');
    },
  });
  const queries = createAlertQueries(repository, runtimes);
  let backfillBatches = 0;
  let failedEvaluations = 0;
  let checkpointAtMs = startedAtMs;
  let removeOldAtMs = startedAtMs;

  return {
    observe: (batch, context) => {
      if (context.backfill) {
        backfillBatches++;
        return;
      }
      try {
        const correctionMs =
          context.timesMoved === true ? 0 : sources.liveness.clockCorrectionOf(batch.agent);
        batches.evaluate(batch, { receivedAtMs: context.receivedAtMs, correctionMs }, clock.now());
        gone.observe(batch, clock.now());
        journal.flush();
      } catch (err) {
        failedEvaluations++;
        log.error({ agent: batch.agent, seq: batch.seq, err }, 'the alert rules failed on a batch');
      }
    },
    tick: (nowMs) => {
      for (const [place, runtime] of tickRuntimes.entries()) {
        if (schedule.isDue(runtime, deps.areInStep === true ? 0 : place, nowMs))
          evaluations.begin(runtime, nowMs);
      }
      evaluations.goOn(nowMs);
      journal.flush();
      if (nowMs - checkpointAtMs >= CHECKPOINT_MS) {
        checkpointAtMs = nowMs;
        alerts.writeCheckpoint(nowMs, false);
      }
      if (nowMs - removeOldAtMs >= REMOVE_OLD_MS) {
        removeOldAtMs = nowMs;
        alerts.removeOld(nowMs);
        for (const { runtime, live } of gone.findGone(nowMs)) alerts.withdrawEntity(runtime, live, nowMs);
        for (const { runtime, live } of findUnjudged(tickRuntimes, nowMs))
          alerts.withdrawEntity(runtime, live, nowMs);
        journal.flush();
      }
    },
    withdraw: (agent, nowMs) => alerts.withdraw(agent, nowMs, () => true),
    withdrawReported: (agent, nowMs) =>
      alerts.withdraw(agent, nowMs, ({ evaluator }) => judgesReports(evaluator)),
    withdrawDevices: (devices, nowMs) =>
      devices.size === 0 ? 0 : alerts.withdrawAll((live) => devices.has(deviceOf(live) ?? ''), nowMs),
    takeLimited: () => shares.takeLimited(),
    save: () => alerts.writeCheckpoint(clock.now(), true),
    ...queries,
    ...createAlertHandling({ repository, runtimes, journal, clock, onWritten }),
    live: {
      runtimes,
      keyNotes,
      listen: (listener) => (alerts.listener = listener),
      ...createAlertCorrections({ repository, runtimes, journal, clock, onWritten }),
    },
    statistics: openAlertStatistics(deps.database),
    rules: {
      get: (id) => runtimes.get(id)?.rule,
      all: () => [...runtimes.values()].map(({ rule }) => rule),
    },
    deleteCanaries: (beforeMs) => repository.deleteCanaries(beforeMs),
    withdrawCanaries: (hops, nowMs) =>
      alerts.withdrawAll(({ entity, tags }, { evaluator }) => {
        const hop = entity['hop'] ?? tags?.['hop'];
        return isAboutCanary(evaluator) && (hops.length === 0 || (hop !== undefined && !hops.includes(hop)));
      }, nowMs),
    replaceRules: (rules) => {
      replaceRules({ runtimes, alerts, journal }, rules, clock.now());
      const all = [...runtimes.values()];
      tickRuntimes = all.filter(readsEvidence);
      evaluations.keepOnly(tickRuntimes);
      const reading = all.filter(readsRows);
      batches.use(reading);
      gone.use(all.filter(isAboutSeries));
    },
    stats: () => ({
      rules: runtimes.size,
      ...queries.phaseCounts(),
      transitions: Object.fromEntries(alerts.transitions),
      evaluatedValues: batches.evaluatedValues,
      backfillBatches,
      lateSamples: alerts.lateSamples + batches.overtakenSamples,
      entities: shares.entities,
      refusedEntities: alerts.refusedEntities,
      unexpectedBreaches: batches.unexpectedBreaches,
      unsavedSteps: journal.waiting,
      droppedSteps: journal.dropped,
      failedEvaluations,
      latency: journal.latency.snapshot(),
    }),
  };
}

function readsRows(runtime: RuleRuntime): runtime is RuleRuntime<RowEvaluator> {
  return runtime.evaluator.reads === 'rows';
}

function isAboutSeries(runtime: RuleRuntime): runtime is RuleRuntime<SeriesEvaluator> {
  const { measurement, where } = runtime.evaluator as Partial<SeriesEvaluator>;
  return measurement !== undefined && where !== undefined;
}

function readsEvidence(runtime: RuleRuntime): runtime is RuleRuntime<TickEvaluator> {
  return runtime.evaluator.reads === 'evidence';
}
