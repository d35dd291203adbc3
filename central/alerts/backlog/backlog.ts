import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BatchContext, BatchObserver } from '../../samples/batch-observer.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import type { StateDatabase } from '../../state/database.ts';
import { measuredTimeMs, type AgentTime } from '../engine/agent-time.ts';
import type { AlertRule } from '../rules/rule.ts';
import { AgentTrack } from './agent-track.ts';
import { openBacklogStore, type BacklogStore } from './backlog-store.ts';
import { BatchQueue, type QueuedBatch } from './batch-queue.ts';
import { Checkpoint } from './checkpoint.ts';
import { cutEndOf } from './cut-end.ts';
import { CutWatch } from './cut-watch.ts';
import type { EntityTrack } from './entity-track.ts';
import { settle } from './settle.ts';
import { rowsOf } from './split-by-cut.ts';
import { Tracks, type TracksDeps } from './tracks.ts';

export interface BacklogDeps extends TracksDeps {
  readonly clockCorrectionOf: (agent: string) => number;
  /** Whether the agent still holds batches of that epoch below `seq`, as far as is known. */
  readonly awaitsBelow: (agent: string, epoch: string, seq: number) => boolean;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

export interface BacklogStats {
  /** Agents whose backlog is not judged yet, and what of them was in breach. */
  readonly agents: number;
  readonly entities: number;
  readonly judgedRows: number;
  /** They wait for their turn. */
  readonly waitingRows: number;
  /**
   * Not judged: more came than there is time or room for, or it came when the backlog of that time was done with. What was in breach
   * then may be missing in history.
   */
  readonly leftOutRows: number;
  /** Breaches that were not followed: there were too many at once. */
  readonly leftOutEntities: number;
  /** Late, of a time in which the agent was heard: not judged, since live judging goes on from the samples before and after. */
  readonly otherRows: number;
  /** Alerts that were over when central learned of them. */
  readonly learnedLate: number;
  /** Corrections of alerts that were known. */
  readonly corrected: number;
}

/** The backlog of agents, judged on a track of its own: what it finds is history, and is told to nobody. */
export interface Backlog extends BatchObserver {
  /** Each second, after the alerts. */
  tick(): void;
  /** Writes how far it is; before the database closes. */
  save(): void;
  /** The agent is retired. */
  forget(agent: string): void;
  stats(): BacklogStats;
}

/** Of each second, for judging: live judging goes first. */
const BUDGET_MS = 100;
/** At a stretch. */
const STRETCH_MS = 20;
const QUEUE = { maxRows: 50_000, maxRowsPerAgent: 10_000 };
/** Without a batch of backlog for so long, and none awaited, it is all there. */
const QUIET_MS = 20_000;
const SETTLE_EVERY_MS = 5_000;
/** Backlog that does not come, and ends that are not seen, are waited for so long. */
const EXPIRE_MS = 86_400_000;
const DROP_EVERY_MS = 3_600_000;

/** Opens after the alert engine, and observes each batch before it. */
export function createBacklog(deps: BacklogDeps): Backlog {
  return new BacklogTracks(deps, openBacklogStore(deps.database));
}

class BacklogTracks implements Backlog {
  readonly #deps: BacklogDeps;
  readonly #tracks: Tracks;
  readonly #checkpoint: Checkpoint;
  readonly #cuts = new CutWatch();
  readonly #queue = new BatchQueue(QUEUE);
  #rules: readonly AlertRule[];
  #droppedAtMs = 0;
  #secondAtMs = -Infinity;
  #spentMs = 0;
  #isFailing = false;
  #counts = { judgedRows: 0, leftOutRows: 0, leftOutEntities: 0, otherRows: 0, learnedLate: 0, corrected: 0 };

  constructor(deps: BacklogDeps, store: BacklogStore) {
    this.#deps = deps;
    this.#rules = deps.rules();
    this.#tracks = new Tracks(deps);
    this.#checkpoint = new Checkpoint(store, this.#tracks);
    this.#checkpoint.restore(deps.clock.now());
  }

  observe(batch: SampleBatch, context: BatchContext): void {
    if (batch.agent === CENTRAL_AGENT) return;
    if (context.backfill) this.#take(batch, context);
    else this.#noteLive(batch, context);
  }

  tick(): void {
    const nowMs = this.#deps.clock.now();
    this.#followRules(nowMs);
    const untilMs = this.#deps.clock.monotonicMs() + STRETCH_MS;
    while (this.#deps.clock.monotonicMs() < untilMs && this.#hasTime()) {
      const queued = this.#queue.take();
      if (queued === undefined) break;
      this.#judge(queued);
    }
    const settleUntilMs = this.#deps.clock.monotonicMs() + STRETCH_MS;
    const hasTime = (): boolean => this.#deps.clock.monotonicMs() < settleUntilMs;
    for (const of of this.#tracks.agents.values()) {
      if (!hasTime()) break;
      if (nowMs < of.settleAtMs) continue;
      of.settleAtMs = nowMs + SETTLE_EVERY_MS;
      this.#trying(() => this.#settle(of, hasTime, nowMs));
    }
    this.#trying(() => this.#checkpoint.writeIfDue(nowMs));
    if (Math.abs(nowMs - this.#droppedAtMs) >= DROP_EVERY_MS) {
      this.#droppedAtMs = nowMs;
      this.#tracks.dropForgotten(nowMs - EXPIRE_MS);
    }
    this.#counts.leftOutEntities += this.#tracks.takeRefused();
  }

  save(): void {
    this.#checkpoint.writeAll();
  }

  forget(agent: string): void {
    this.#cuts.forget(agent);
    this.#tracks.forget(agent);
    const of = this.#tracks.agents.get(agent);
    if (of !== undefined) this.#close(of);
  }

  stats(): BacklogStats {
    const { agents, entityCount } = this.#tracks;
    return { agents: agents.size, entities: entityCount, waitingRows: this.#queue.rows, ...this.#counts };
  }

  #noteLive(batch: SampleBatch, context: BatchContext): void {
    const { agent, epoch, seq } = batch;
    const fromMs = this.#cuts.hear(agent, context.receivedAtMs);
    if (fromMs !== undefined) {
      const toMs = cutEndOf(batch, this.#timeOf(agent, context));
      const nowMs = this.#deps.clock.now();
      const heardSinceMs = this.#cuts.heardSince(agent, context.receivedAtMs);
      this.#tracks.open(agent, { fromMs, toMs, epoch, seq }, false, nowMs, heardSinceMs);
    }
    const of = this.#tracks.agents.get(agent);
    if (of !== undefined) of.lastLiveMs = context.receivedAtMs;
  }

  #take(batch: SampleBatch, context: BatchContext): void {
    const rows = rowsOf(batch);
    const { agent, epoch, seq } = batch;
    const toMs = context.receivedAtMs;
    const fromMs = this.#cuts.silentSince(agent, toMs);
    // It came before the first live batch: the cut goes on.
    if (fromMs !== undefined) {
      const heardSinceMs = this.#cuts.heardSince(agent, toMs);
      this.#tracks.open(agent, { fromMs, toMs, epoch, seq }, true, this.#deps.clock.now(), heardSinceMs);
    }
    const of = this.#tracks.agents.get(agent);
    if (of === undefined) {
      this.#countUnjudged(batch, (timeMs) => {
        const measuredMs = measuredTimeMs(timeMs, this.#timeOf(agent, context));
        return this.#cuts.isBeforeLastEnd(agent, measuredMs) ? 'leftOutRows' : 'otherRows';
      });
      return;
    }
    of.lastBackfillMs = this.#deps.clock.now();
    const queued = { batch, context, rows };
    if (this.#queue.rows === 0 && this.#hasTime()) this.#judge(queued);
    else if (!this.#queue.add(queued)) this.#counts.leftOutRows += rows;
  }

  /** Rows of no cut that is open: they came when their cut was done with, or are late for another reason. */
  #countUnjudged(
    { tables }: SampleBatch,
    countOf: (timeMs: number) => 'leftOutRows' | 'otherRows' | undefined,
  ): void {
    for (const { rows } of tables) {
      for (const { timeMs } of rows) {
        const count = countOf(timeMs);
        if (count !== undefined) this.#counts[count]++;
      }
    }
  }

  #judge({ batch, context, rows }: QueuedBatch): void {
    const { clock, log } = this.#deps;
    const of = this.#tracks.agents.get(batch.agent);
    if (of === undefined) return;
    const startMs = clock.monotonicMs();
    try {
      const time = this.#timeOf(batch.agent, context);
      const judgedRows = this.#tracks.evaluate(of, batch, time, clock.now());
      this.#counts.judgedRows += judgedRows;
      if (judgedRows < rows)
        this.#countUnjudged(batch, (timeMs) => {
          const measuredMs = measuredTimeMs(timeMs, time);
          if (of.cutOf(measuredMs) !== undefined) return undefined;
          return measuredMs < of.heardSinceMs ? 'leftOutRows' : 'otherRows';
        });
    } catch (err) {
      this.#counts.leftOutRows += rows;
      log.error({ agent: batch.agent, seq: batch.seq, err }, 'the alert rules failed on a batch of backlog');
    }
    this.#spentMs += clock.monotonicMs() - startMs;
  }

  #settle(of: AgentTrack, hasTime: () => boolean, nowMs: number): void {
    const { live, awaitsBelow } = this.#deps;
    const quietMs = nowMs - of.lastBackfillMs;
    if (this.#queue.has(of.agent) || quietMs < QUIET_MS) return;
    const isExpired = quietMs >= EXPIRE_MS;
    if (!isExpired && of.isCutOff) return;
    of.isAwaited = of.cuts.some(({ epoch, seq }) => awaitsBelow(of.agent, epoch, seq));
    if (of.isAwaited && !isExpired) return;
    const catchUp = (track: EntityTrack): void => this.#tracks.catchUp(of, track, Infinity, nowMs);
    const { late, corrections, done, isWhole } = settle(of, { live, catchUp, hasTime, isExpired }, nowMs);
    if (!isWhole) of.settleAtMs = nowMs;
    if (late.length + corrections.length > 0) {
      live.correct({ late, corrections }, () => this.#checkpoint.deleteNow(of.agent, done));
      this.#counts.learnedLate += late.length;
      this.#counts.corrected += corrections.length;
    }
    for (const track of done) {
      this.#checkpoint.delete(of.agent, track);
      this.#tracks.remove(of, track);
    }
    if (of.entities.size === 0) this.#close(of);
  }

  #close(of: AgentTrack): void {
    this.#checkpoint.deleteAgent(of.agent);
    this.#tracks.close(of);
  }

  #followRules(nowMs: number): void {
    const rules = this.#deps.rules();
    const isSame = rules.length === this.#rules.length && rules.every((rule, at) => rule === this.#rules[at]);
    if (isSame) return;
    this.#rules = rules;
    this.#tracks.useRules(rules, nowMs);
  }

  #timeOf(agent: string, { receivedAtMs, timesMoved }: BatchContext): AgentTime {
    return { receivedAtMs, correctionMs: timesMoved === true ? 0 : this.#deps.clockCorrectionOf(agent) };
  }

  #hasTime(): boolean {
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#secondAtMs >= 1_000) {
      this.#secondAtMs = nowMs;
      this.#spentMs = 0;
    }
    return this.#spentMs < BUDGET_MS;
  }

  /** The disk may refuse: it is tried again. */
  #trying(work: () => void): void {
    try {
      work();
      this.#isFailing = false;
    } catch (err) {
      if (!this.#isFailing)
        this.#deps.log.error({ err }, 'what the backlog proves cannot be written; it is tried again');
      this.#isFailing = true;
    }
  }
}
