import type { FieldValue } from '../../../../contract/sample.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import type { AlertEngine } from '../../engine/engine.ts';
import { isCorrection } from '../../history/alert-correction.ts';
import { openAlertTransitions } from '../../history/alert-transitions.ts';
import type { AlertDetail } from '../../history/alert.ts';
import { ruleKinds } from '../../rules/kinds/index.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { openStateDatabase } from '../../../state/database.ts';
import { batchOf, TEST_CATALOGUE, type BatchOf } from '../../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../../testing/engine-harness.ts';
import { SeriesPool } from '../../testing/series-pool.ts';
import { createBacklog, type Backlog } from '../backlog.ts';

/** An engine with the backlog beside it, on virtual time. Times in seconds since START. */
export class BacklogHarness {
  readonly base = new EngineHarness();
  engine!: AlertEngine;
  backlog!: Backlog;
  /** The agent still holds some. */
  isAwaited = false;
  readonly #pool = new SeriesPool();
  #seq = 0;

  constructor() {
    this.base.database.close();
    this.base.database = openStateDatabase(':memory:');
  }

  start(rules: readonly AlertRule[]): void {
    this.#attach(this.base.start(rules));
  }

  /** As after kill -9: what was not written is gone. */
  restart(rules: readonly AlertRule[]): void {
    this.start(rules);
  }

  get nowS(): number {
    return (this.base.clock.now() - START) / S;
  }

  /** Second by second. */
  runTo(atS: number): void {
    while (this.nowS < atS) {
      this.base.clock.freeze(S);
      this.#tick();
    }
  }

  /** Without what happens meanwhile. */
  skipTo(atS: number): void {
    this.base.clock.freeze((atS - this.nowS) * S);
    this.#tick();
  }

  /** Measured and sent now. */
  live(value: FieldValue, options: Partial<BatchOf> = {}): void {
    this.#observe([[this.nowS, value]], false, options);
  }

  /** Measured then, and sent now. */
  late(values: readonly (readonly [atS: number, value: FieldValue])[], options: Partial<BatchOf> = {}): void {
    this.#observe(values, true, options);
  }

  /** All alerts, oldest first. */
  alerts(): readonly AlertDetail[] {
    const { items } = this.engine.list({ limit: 1_000, order: 'oldest' });
    return items.flatMap(({ id }) => this.engine.get(id) ?? []);
  }

  /** Such as `60 to 300 resolved, late`, by their begin. */
  history(): string[] {
    return [...this.alerts()]
      .sort((a, b) => a.startedAtMs - b.startedAtMs)
      .map(({ startedAtMs, resolvedAtMs, phase, learnedLateAtMs }) => {
        const end = resolvedAtMs === undefined ? 'now' : String((resolvedAtMs - START) / S);
        const late = learnedLateAtMs === undefined ? '' : ', late';
        return `${(startedAtMs - START) / S} to ${end} ${phase}${late}`;
      });
  }

  /** When something was wrong, by history as it is now: begin and end of each, in seconds. */
  intervals(): (readonly [number, number])[] {
    return this.alerts().flatMap(({ startedAtMs, resolvedAtMs = Infinity, timeline }) => {
      const cuts = timeline.flatMap(({ kind, atMs }) =>
        kind === 'interrupted' || kind === 'resumed' ? [atMs] : [],
      );
      const times = [startedAtMs, ...cuts, resolvedAtMs].map((atMs) => (atMs - START) / S);
      return times.flatMap((atS, at): [number, number][] =>
        at % 2 === 0 ? [[atS, times[at + 1] ?? NaN]] : [],
      );
    });
  }

  /** What followers are to tell, such as `fired a-1` with when it was recorded, in the order of recording. */
  told(): string[] {
    return openAlertTransitions(this.base.database)
      .after(0, 10_000)
      .filter(({ kind, alert }) => alert.isLearnedLate !== true && !isCorrection(kind) && kind !== 'started')
      .map(({ kind, alert, recordedAtMs }) => `${(recordedAtMs - START) / S} ${kind} ${alert.id}`);
  }

  /** The timeline of one alert, such as `60 started`. */
  timeline(at: number): string[] {
    return (this.alerts()[at]?.timeline ?? []).map(
      ({ kind, atMs }) => `${Math.round((atMs - START) / S)} ${kind}`,
    );
  }

  end(): void {
    this.base.end();
  }

  #observe(values: readonly (readonly [number, FieldValue])[], backfill: boolean, options: Partial<BatchOf>) {
    const rows = values.map(([atS, value]) => ({ tags: ['h'], timeMs: START + atS * S, values: [value] }));
    const batch = batchOf({ rows, seq: ++this.#seq, pool: this.#pool, ...options });
    const nowMs = this.base.clock.now();
    const context = { receivedAtMs: nowMs, sentAtMs: nowMs, backfill };
    this.backlog.observe(batch, context);
    this.engine.observe(batch, context);
  }

  #tick(): void {
    this.engine.tick(this.base.clock.now());
    this.backlog.tick();
  }

  #attach(engine: AlertEngine): void {
    const { base } = this;
    this.engine = engine;
    this.backlog = createBacklog({
      live: engine.live,
      rules: () => engine.rules.all(),
      catalogue: TEST_CATALOGUE,
      kinds: ruleKinds,
      devices: () => new Map(),
      clockCorrectionOf: (agent) => base.liveness.clockCorrectionOf(agent),
      awaitsBelow: () => this.isAwaited,
      database: base.database,
      clock: base.clock,
      log: silentLogger,
    });
  }
}
