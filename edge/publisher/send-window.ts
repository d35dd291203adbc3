import type { Flow } from '../../contract/ack.ts';
import type { Random } from '../../runtime/clock.ts';
import { CreditBucket } from './credit-bucket.ts';
import { FreshBatches, type FreshBatch } from './fresh-batches.ts';
import type { PublisherTimings } from './timings.ts';
import { Unanswered } from './unanswered.ts';

/** In force on each connection until central's first ack or flow message. */
export const DEFAULT_WINDOW = 8;
const DEFAULT_BACKFILL_PER_S = 1;
/** Each wait for an ack is extended by up to this share, so that the resends of a fleet spread. */
const ACK_JITTER = 0.2;
const SCAN_CHUNK = 32;

export interface SendWindowDeps {
  /** Unacknowledged seqs above `afterSeq`, in order. */
  readonly pending: (afterSeq: number, limit: number) => readonly { readonly seq: number }[];
  readonly highest: () => number;
  readonly random: Random;
  readonly timings: PublisherTimings;
}

export type Decision =
  | { readonly action: 'send'; readonly seq: number; readonly backfill: boolean; readonly resend: boolean }
  /** Central answers other batches but not this one. */
  | { readonly action: 'set-aside'; readonly seq: number };

/** Inclusive. */
export type SeqRange = readonly [number, number];

interface Flight extends FreshBatch {
  readonly sendOrder: number;
  readonly sentAtMs: number;
  readonly isResend: boolean;
  dueMs: number;
}

/**
 * Decides what is sent next. Times are monotonic ms and arguments; nothing here does I/O.
 *
 * A batch is unsent, in flight (a place in the window, until it is answered or its ack is overdue) or gone. Live batches
 * take free places first; backlog takes what is left, except one place reserved for the next live batch. While every place
 * is overdue, a live batch takes the place of an old one, so that central receives live data first when it returns.
 */
export class SendWindow {
  readonly #deps: SendWindowDeps;
  readonly #flights = new Map<number, Flight>();
  readonly #fresh = new FreshBatches();
  readonly #unanswered: Unanswered;
  #credits = new CreditBucket(DEFAULT_BACKFILL_PER_S, 0);
  #open = false;
  #roundTripMs: number | undefined;
  #mode: Flow['mode'] = 'go';
  #window = DEFAULT_WINDOW;
  #backlogFromMs = 0;
  /** Nothing at or below it is unsent backlog. */
  #cursor = 0;
  #sendOrder = 0;
  #lastAnswerAtMs = 0;

  constructor(deps: SendWindowDeps) {
    this.#deps = deps;
    this.#unanswered = new Unanswered(deps.timings.stuckAfterResends);
  }

  get inFlight(): number {
    return this.#flights.size;
  }

  get flowMode(): Flow['mode'] {
    return this.#mode;
  }

  isInFlight(seq: number): boolean {
    return this.#flights.has(seq);
  }

  /** A durable batch that is new enough to be live. */
  offer(batch: FreshBatch): void {
    if (!this.#flights.has(batch.seq)) this.#fresh.add(batch);
  }

  connected(nowMs: number): void {
    this.#open = true;
    this.#backlogFromMs = nowMs + this.#deps.random() * this.#deps.timings.backlogDelayMaxMs;
    this.#credits = new CreditBucket(DEFAULT_BACKFILL_PER_S, nowMs);
    this.#lastAnswerAtMs = nowMs;
  }

  /** Everything unacknowledged is unsent again; window, mode and rate return to their defaults. */
  disconnected(nowMs: number): void {
    this.#open = false;
    for (const flight of this.#flights.values()) if (isFresh(flight, nowMs)) this.#fresh.add(flight);
    this.#flights.clear();
    this.#unanswered.disconnected();
    this.#cursor = 0;
    this.#mode = 'go';
    this.#window = DEFAULT_WINDOW;
  }

  /** Removes answered batches; returns the time from each one's last send to its answer, ms. */
  recordAnswer(
    answer: {
      readonly ranges: readonly SeqRange[];
      readonly window: number;
      readonly backfillPerS: number;
    },
    nowMs: number,
  ): number[] {
    const isAnswered = (seq: number): boolean => answer.ranges.some(([from, to]) => from <= seq && seq <= to);
    const latenciesMs: number[] = [];
    this.#roundTripMs = undefined;
    for (const flight of this.#flights.values()) {
      if (!isAnswered(flight.seq)) continue;
      this.#flights.delete(flight.seq);
      this.#unanswered.recordAnswer(flight.sendOrder);
      const latencyMs = nowMs - flight.sentAtMs;
      latenciesMs.push(latencyMs);
      if (!flight.isResend) this.#roundTripMs = Math.min(latencyMs, this.#roundTripMs ?? Infinity);
    }
    this.#unanswered.removeIf(isAnswered);
    this.#fresh.removeIf(isAnswered);
    this.#window = answer.window;
    this.#credits.setRate(answer.backfillPerS, nowMs);
    this.#endLongWaits(nowMs);
    this.#lastAnswerAtMs = nowMs;
    return latenciesMs;
  }

  /** Of the last answer: since the newest of its batches was sent, if that was sent once; an answer may be to any send. */
  get roundTripMs(): number | undefined {
    return this.#roundTripMs;
  }

  applyFlow(flow: Pick<Flow, 'mode' | 'backfillPerS'>, nowMs: number): void {
    const wasHeld = this.#mode === 'hold';
    this.#mode = flow.mode;
    this.#credits.setRate(flow.backfillPerS, nowMs);
    if (wasHeld && flow.mode !== 'hold') this.#spreadResends(nowMs);
    else this.#endLongWaits(nowMs);
  }

  /** The batch is no longer in the queue. */
  remove(seq: number): void {
    this.#flights.delete(seq);
    this.#unanswered.remove(seq);
  }

  /** What to do now; counts as done. Call again until undefined. */
  next(nowMs: number): Decision | undefined {
    if (!this.#open || this.#mode === 'hold') return undefined;
    this.#fresh.expire(nowMs);
    this.#freePlaces(nowMs);
    return this.#nextFresh(nowMs) ?? this.#nextResend(nowMs) ?? this.#nextBacklog(nowMs);
  }

  /** When to call next() again after it returned undefined; undefined: at the next event. */
  nextWakeMs(nowMs: number): number | undefined {
    if (!this.#open || this.#mode === 'hold') return undefined;
    let wakeMs = Infinity;
    for (const { dueMs } of this.#flights.values()) if (dueMs > nowMs) wakeMs = Math.min(wakeMs, dueMs);
    if (this.#mode === 'go' && this.#hasBacklogPlace() && this.#findBacklog() !== undefined) {
      const creditAtMs = this.#credits.readyAtMs(nowMs) ?? Infinity;
      wakeMs = Math.min(wakeMs, Math.max(creditAtMs, this.#backlogFromMs));
    }
    return wakeMs === Infinity ? undefined : wakeMs;
  }

  #nextFresh(nowMs: number): Decision | undefined {
    if (this.#flights.size >= this.#window) return undefined;
    const batch = this.#fresh.take();
    return batch && this.#send(batch, nowMs);
  }

  #nextResend(nowMs: number): Decision | undefined {
    for (const flight of this.#overdue(nowMs)) {
      if (this.#mode === 'live-only' && !isFresh(flight, nowMs)) continue;
      this.#unanswered.recordTimeout(flight.seq, flight.sendOrder);
      return this.#send(flight, nowMs);
    }
    return undefined;
  }

  #nextBacklog(nowMs: number): Decision | undefined {
    if (this.#mode !== 'go' || nowMs < this.#backlogFromMs || !this.#hasBacklogPlace()) return undefined;
    const seq = this.#findBacklog();
    if (seq === undefined || !this.#credits.tryTake(nowMs)) return undefined;
    this.#cursor = seq;
    return this.#send({ seq, freshUntilMs: -Infinity }, nowMs);
  }

  #hasBacklogPlace(): boolean {
    return this.#flights.size < Math.max(1, this.#window - 1);
  }

  #findBacklog(): number | undefined {
    const firstFresh = this.#fresh.lowestSeq ?? Infinity;
    while (this.#cursor < this.#deps.highest()) {
      const chunk = this.#deps.pending(this.#cursor, SCAN_CHUNK);
      for (const { seq } of chunk) {
        if (seq >= firstFresh) return undefined;
        if (!this.#flights.has(seq)) return seq;
        this.#cursor = seq;
      }
      if (chunk.length < SCAN_CHUNK) return undefined;
    }
    return undefined;
  }

  #send(batch: FreshBatch, nowMs: number): Decision {
    const { seq, freshUntilMs } = batch;
    this.#flights.delete(seq);
    if (this.#unanswered.isStuck(seq)) {
      this.#unanswered.remove(seq);
      return { action: 'set-aside', seq };
    }
    const resends = this.#unanswered.resendsOf(seq);
    const { ackTimeoutMs, ackTimeoutMaxMs } = this.#deps.timings;
    const waitMs = Math.min(ackTimeoutMaxMs, ackTimeoutMs * 2 ** Math.min(resends, 30));
    this.#flights.set(seq, {
      seq,
      freshUntilMs,
      sendOrder: this.#sendOrder++,
      sentAtMs: nowMs,
      isResend: resends > 0,
      dueMs: nowMs + waitMs * (1 + ACK_JITTER * this.#deps.random()),
    });
    return { action: 'send', seq, backfill: !isFresh(batch, nowMs), resend: resends > 0 };
  }

  /** Overdue batches become unsent when the window shrank, or when a live batch needs the place. */
  #freePlaces(nowMs: number): void {
    if (this.#flights.size + this.#fresh.size <= this.#window) return;
    for (const flight of this.#overdue(nowMs)) {
      if (this.#flights.size + this.#fresh.size <= this.#window) return;
      const fresh = isFresh(flight, nowMs);
      if (fresh && this.#flights.size <= this.#window) continue;
      this.#flights.delete(flight.seq);
      this.#unanswered.recordTimeout(flight.seq, flight.sendOrder);
      this.#cursor = Math.min(this.#cursor, flight.seq - 1);
      if (fresh) this.#fresh.add(flight);
    }
  }

  #overdue(nowMs: number): Flight[] {
    const overdue: Flight[] = [];
    for (const flight of this.#flights.values()) if (flight.dueMs <= nowMs) overdue.push(flight);
    return overdue.sort((a, b) => a.dueMs - b.dueMs);
  }

  /** Central answers after a long silence: the doubled waits of that time no longer apply. */
  #endLongWaits(nowMs: number): void {
    if (nowMs - this.#lastAnswerAtMs > 2 * this.#deps.timings.ackTimeoutMs) this.#spreadResends(nowMs);
  }

  #spreadResends(nowMs: number): void {
    for (const flight of this.#flights.values()) {
      if (flight.dueMs > nowMs && this.#unanswered.resendsOf(flight.seq) === 0) continue;
      const soonMs = nowMs + this.#deps.random() * this.#deps.timings.ackTimeoutMs;
      flight.dueMs = flight.dueMs <= nowMs ? soonMs : Math.min(flight.dueMs, soonMs);
    }
  }
}

function isFresh(batch: FreshBatch, nowMs: number): boolean {
  return batch.freshUntilMs > nowMs;
}
