import type { Clock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { AgentProblems } from '../../health/agent-problems.ts';
import { EMPTY_INVENTORY } from '../../inventory/inventory.ts';
import { createLatestCache, type LatestCache } from '../../live/latest-cache.ts';
import { openAgentRegistry, type AgentRegistry } from '../../liveness/agent-registry.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../state/database.ts';
import { createAlertEngine, type AlertEngine } from '../engine/engine.ts';
import type { AlertEvent, AlertView } from '../history/alert.ts';
import type { ListedDevice } from '../rules/kinds/rule-kind.ts';
import type { AlertRule } from '../rules/rule.ts';
import { severityRank, type Severity } from '../rules/severity.ts';

/** An alert of the past, or of a test: sample times, Unix ms. */
export interface ReplayedAlert {
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly unit?: string;
  readonly site?: string;
  /** Gravest that it had. */
  readonly severity: Severity;
  /** That it had at last. */
  readonly lastSeverity: Severity;
  readonly startedAtMs: number;
  readonly firedAtMs: number;
  /** Undefined: it was open at the end. */
  readonly endedAtMs?: number;
  /** It ended because what it was about was gone. */
  readonly isWithdrawn?: true;
  /** When it fired. */
  readonly valueText: string;
}

export interface ReplayOptions {
  readonly rules: readonly AlertRule[];
  readonly startMs: number;
  /** Between two looks at what no sample tells. */
  readonly tickMs: number;
  /** Alerts beyond are counted and not kept. */
  readonly maxAlerts: number;
  /** Of the inventory; none without it. */
  readonly devices?: () => ReadonlyMap<string, ListedDevice>;
}

/** What keeps agents apart does not matter here. */
const UNSHARED = { maxEntitiesPerAgent: 200_000, stepsPerAgentPerS: 1_000, stepBurstPerAgent: 1_000_000 };

/**
 * Rules over samples in virtual time. Engine, life, flapping and storage are those that run in central; only the clock, and a
 * database in memory, are its own. Synchronous: the caller decides how much is done at once.
 */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #clock: VirtualClock;
  readonly #database: StateDatabase;
  readonly #liveness: AgentRegistry;
  readonly #latest: LatestCache = createLatestCache(new SeriesRegistry());
  readonly #engine: AlertEngine;
  readonly #alerts = new Map<string, ReplayedAlert>();
  #nextTickMs: number;
  #leftOut = 0;

  constructor(options: ReplayOptions) {
    this.#options = options;
    const { rules, startMs } = options;
    const clock = new VirtualClock(startMs);
    const database = openStateDatabase(':memory:');
    const liveness = openAgentRegistry({ inventory: EMPTY_INVENTORY, database, clock, log: silentLogger });
    this.#engine = createAlertEngine({
      rules,
      sources: {
        liveness,
        problems: new AgentProblems(silentLogger),
        latest: this.#latest,
        devices: options.devices ?? (() => EMPTY_INVENTORY.devices),
      },
      limits: UNSHARED,
      areInStep: true,
      onTransition: (alert, event) => this.#record(alert, event),
      database,
      clock,
      log: silentLogger,
    });
    this.#clock = clock;
    this.#database = database;
    this.#liveness = liveness;
    this.#nextTickMs = startMs + options.tickMs;
  }

  /** In the order in which they fired. */
  get alerts(): readonly ReplayedAlert[] {
    return [...this.#alerts.values()];
  }

  /** Alerts that were too many to keep. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Evaluations that failed: a bug. */
  get failed(): number {
    return this.#engine.stats().failedEvaluations;
  }

  /** How far time has gone, Unix ms. */
  get nowMs(): number {
    return this.#clock.nowMs;
  }

  /** Time goes on. A tick takes long where many alerts are open: a caller that shares its event loop goes by `stepTowards`. */
  advanceTo(timeMs: number): void {
    while (!this.stepTowards(timeMs));
  }

  /** Time goes on by at most one tick. True: it is there. */
  stepTowards(timeMs: number): boolean {
    if (this.#nextTickMs > timeMs) {
      this.#clock.nowMs = Math.max(this.#clock.nowMs, timeMs);
      return true;
    }
    this.#clock.nowMs = this.#nextTickMs;
    this.#engine.tick(this.#nextTickMs);
    this.#nextTickMs += this.#options.tickMs;
    return false;
  }

  /** An agent connects now, and says how often it sends. */
  connect(agent: string, intervalMs: number): void {
    this.#liveness.recordState(agent, { v: 1, online: true, birth: 1, intervalMs }, this.#clock.nowMs);
  }

  /** A batch arrives now. */
  observe(batch: SampleBatch): void {
    const nowMs = this.#clock.nowMs;
    const context = { receivedAtMs: nowMs, sentAtMs: nowMs, backfill: false };
    this.#liveness.observe(batch, context);
    this.#latest.observe(batch, context);
    this.#engine.observe(batch, context);
  }

  close(): void {
    this.#database.close();
  }

  #record(alert: AlertView, event: AlertEvent): void {
    const { id, rule, entity, unit, site, startedAtMs, firedAtMs } = alert;
    const known = this.#alerts.get(id);
    if (event.kind === 'fired') {
      if (this.#alerts.size >= this.#options.maxAlerts) {
        this.#leftOut++;
        return;
      }
      const place = { ...(unit !== undefined && { unit }), ...(site !== undefined && { site }) };
      const { severity } = event;
      const { valueText } = alert;
      const shape = { severity, lastSeverity: severity, startedAtMs, firedAtMs, valueText };
      this.#alerts.set(id, { rule, entity, ...place, ...shape });
      return;
    }
    if (known === undefined) return;
    const isGraver = severityRank(event.severity) > severityRank(known.severity);
    const isOver = event.kind === 'resolved' || event.kind === 'withdrawn';
    this.#alerts.set(id, {
      ...known,
      ...(isGraver && { severity: event.severity }),
      ...(!isOver && { lastSeverity: event.severity }),
      ...(isOver && { endedAtMs: event.atMs }),
      ...(event.kind === 'withdrawn' && { isWithdrawn: true as const }),
    });
  }
}

class VirtualClock implements Clock {
  nowMs: number;

  constructor(nowMs: number) {
    this.nowMs = nowMs;
  }

  now(): number {
    return this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  /** Nothing in a replay waits. */
  sleep(): Promise<void> {
    return Promise.reject(new Error('a replay has no time to sleep in'));
  }
}
