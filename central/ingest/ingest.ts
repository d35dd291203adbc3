import type { Sample } from '../../contract/sample.ts';
import type { AgentState } from '../../contract/state.ts';
import { CENTRAL_AGENT } from '../../contract/topics.ts';
import { BackOffLog } from '../../runtime/back-off-log.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Service } from '../../runtime/service.ts';
import { countIn } from '../ledger/intervals.ts';
import type { Ledger, NewlyMissing } from '../ledger/ledger.ts';
import type { SampleStore } from '../store/sample-store.ts';
import { Acknowledger } from './commit/acknowledger.ts';
import { AgentMemory } from './receive/agent-memory.ts';
import { commitGroup, commitUnstorable, recordLosses, type CommitDeps } from './commit/commit-batches.ts';
import type { Bus, BusMessage } from '../mqtt/bus.ts';
import type { BatchValidator } from './validate/checked-batch.ts';
import { Counters, type IngestStats } from './stats/counters.ts';
import type { ProtocolAdapter } from './adapters/protocol-adapter.ts';
import { SampleBatcher } from './adapters/sample-batcher.ts';
import type { SampleIntake } from './adapters/sample-intake.ts';
import type { PendingBatch } from './commit/pending-batch.ts';
import { FlowPublisher } from './flow/flow-publisher.ts';
import { JudgedBatches } from './receive/judged-batches.ts';
import { MessageQueue, type Handle, type HeldBack } from './receive/message-queue.ts';
import { DEFAULT_INGEST_LIMITS, type IngestLimits } from './limits.ts';
import { MissingWatch } from './commit/missing-watch.ts';
import type { BatchObserver } from '../samples/batch-observer.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import type { Quarantine } from './quarantine/quarantine.ts';
import { Receiver } from './receive/receiver.ts';
import { Replay } from './receive/replay.ts';
import type { RefusedListener, ReplayIntake } from './quarantine/replay-intake.ts';
import { StoreWriter } from './commit/store-writer.ts';
import { WriteBuffer } from './commit/write-buffer.ts';

/** An error that a hook throws is counted and logged. */
export interface IngestHooks {
  /** A birth or death that is not stale. */
  readonly onState?: (agent: string, state: AgentState, receivedAtMs: number) => void;
  /** After that, for each birth or death, also a stale one. */
  readonly onAnyState?: (agent: string, state: AgentState, receivedAtMs: number) => void;
}

export interface IngestDeps {
  readonly bus: Bus;
  readonly validator: BatchValidator;
  readonly observers: readonly BatchObserver[];
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly hooks?: IngestHooks;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly limits?: Partial<IngestLimits>;
  /** The store did not answer when it was opened. */
  readonly startsWithoutStore?: boolean;
  /** False while it is in doubt whether `clock` is right. Default: it always is. */
  readonly isClockCertain?: () => boolean;
  /** Whether two agents use this id. Default: none ever do. */
  readonly hasTwin?: (agent: string) => boolean;
}

export type IngestStanding = Pick<
  IngestStats,
  'flowMode' | 'storeAvailable' | 'storedPoints' | 'newestMeasuredAtMs'
>;

export interface Ingest extends Service {
  /** Adds a source of samples besides the edge agents. Call it before the bus starts. */
  attach(create: (intake: SampleIntake) => ProtocolAdapter): void;
  /** Central's own: validated, stored and in the ledger like an agent's. */
  readonly own: OwnSamples;
  /** For rows of the quarantine. */
  readonly replay: ReplayIntake;
  stats(): IngestStats;
  /** Of the stats what is asked each second: to count all of them takes longer. */
  readonly standing: IngestStanding;
  /** Counts an error of another part of central, which has logged it, among the internal ones. */
  countInternalError(): void;
}

const TICK_MS = 1_000;
const HELD_BACK_TEXTS: Readonly<Record<HeldBack, string>> = {
  wasted: "an agent's messages cannot be read and cost time: the next ones wait",
  backlog: 'an agent sends faster than its messages are handled in turn: it is read more slowly',
  dropped: 'no room for the messages of an agent: left unacknowledged, it still holds them',
};

/**
 * Takes messages from the bus to the store and acknowledges what is durable. Create it before the bus starts, so that no
 * message is missed; stop it before the bus, so that the last acknowledgements are still sent.
 */
export function createIngest(deps: IngestDeps): Ingest {
  return new Pipeline(deps);
}

class Pipeline implements Ingest {
  readonly name = 'ingest';
  readonly #deps: IngestDeps;
  readonly #limits: IngestLimits;
  readonly #counters = new Counters();
  readonly #agents: AgentMemory;
  readonly #buffer: WriteBuffer;
  readonly #judged: JudgedBatches;
  readonly #missing: MissingWatch;
  readonly #flow: FlowPublisher;
  readonly #acks: Acknowledger;
  readonly #messageQueue: MessageQueue;
  readonly #heldBackLog: BackOffLog;
  /** Apart, so that a flood hides no loss. */
  readonly #missingLog: BackOffLog;
  readonly #writer: StoreWriter;
  readonly #receiver: Receiver;
  readonly #adapters: ProtocolAdapter[] = [];
  readonly #batchers: SampleBatcher[] = [];
  readonly own: OwnSamples;
  readonly replay: ReplayIntake;
  readonly #replayListeners: RefusedListener[] = [];
  readonly #stop = new AbortController();
  #stopped: Promise<void> | undefined;

  constructor(deps: IngestDeps) {
    this.#deps = deps;
    this.#limits = { ...DEFAULT_INGEST_LIMITS, ...deps.limits };
    this.#agents = new AgentMemory(this.#limits.maxAgents);
    this.#buffer = new WriteBuffer(this.#limits.bufferMaxBytes);
    this.#judged = new JudgedBatches(this.#limits);
    this.#missing = new MissingWatch(deps.ledger, this.#limits.missingGraceMs);
    this.#flow = this.#createFlow();
    this.#acks = new Acknowledger({
      publish: (topic, payload) => this.#publish(topic, payload, { qos: 0, retain: false }),
      credits: () => this.#flow.credits(),
      nowMs: () => deps.clock.now(),
      hasTwin: deps.hasTwin ?? (() => false),
    });
    this.#writer = this.#createWriter();
    this.#receiver = this.#createReceiver();
    this.#heldBackLog = new BackOffLog(deps.clock.monotonicMs());
    this.#missingLog = new BackOffLog(deps.clock.monotonicMs());
    this.#messageQueue = this.#createMessageQueue();
    this.own = this.#createOwnSamples();
    this.replay = this.#createReplay();
    deps.bus.onMessage((message) => this.#enqueue(message));
    deps.bus.holdBack(({ topic }) => this.#messageQueue.room(topic));
    deps.bus.onConnected(() => this.#flow.publish());
  }

  attach(create: (intake: SampleIntake) => ProtocolAdapter): void {
    const { bus } = this.#deps;
    const adapter = create(this.#createBatcher());
    const handle = (message: BusMessage): boolean => {
      this.#guard(() => adapter.receive(message));
      return true;
    };
    bus.onMessage((message) => this.#enqueue(message, handle), adapter.filters);
    bus.onConnected(() => this.#guard(() => adapter.onConnected()));
    this.#adapters.push(adapter);
  }

  start(): Promise<void> {
    if (this.#deps.bus.connected) this.#flow.publish();
    void this.#keepTicking();
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#shutDown();
    return this.#stopped;
  }

  countInternalError(): void {
    this.#counters.counts.internalErrors++;
  }

  get standing(): IngestStanding {
    return {
      flowMode: this.#flow.mode,
      storeAvailable: this.#writer.downSinceMs === undefined,
      storedPoints: this.#counters.counts.storedPoints,
      newestMeasuredAtMs: this.#counters.newestMeasuredAtMs,
    };
  }

  stats(): IngestStats {
    const nowMs = this.#deps.clock.now();
    const { oldestReceivedAtMs } = this.#buffer;
    return {
      ...this.#counters.snapshot(),
      ...this.standing,
      bufferBytes: this.#buffer.bytes,
      bufferBatches: this.#buffer.heldBatches,
      bufferFillRatio: this.#buffer.fillRatio,
      messageQueueBytes: this.#messageQueue.bytes,
      storeLimit: this.#writer.limit ?? this.#deps.store.fault,
      limitedBatches: this.#buffer.parkedBatches,
      unstoredForMs: this.#unstoredForMs(),
      lastStoreLatencyMs: this.#writer.lastLatencyMs,
      lagMs: Math.max(0, nowMs - (oldestReceivedAtMs ?? nowMs)),
      oldestReceivedAtMs,
      backfillingAgents: this.#agents.countBackfilling(nowMs),
      knownAgents: this.#agents.count,
    };
  }

  #unstoredForMs(): number | undefined {
    const sinceMs = this.#writer.downSinceMs;
    return sinceMs === undefined ? undefined : this.#deps.clock.monotonicMs() - sinceMs;
  }

  #enqueue(message: BusMessage, handle?: Handle): void {
    if (this.#stopped !== undefined) return;
    const { counts } = this.#counters;
    counts.receivedMessages++;
    counts.receivedBytes += message.payload.length;
    this.#messageQueue.offer(message, handle);
  }

  /** False: it was of no use. */
  #receive(message: BusMessage): boolean {
    let isOfUse = true;
    this.#guard(() => (isOfUse = this.#receiver.receive(message)));
    return isOfUse;
  }

  #noteHeldBack(sender: string, why: HeldBack): void {
    const { clock, log } = this.#deps;
    const { counts } = this.#counters;
    if (why === 'dropped') counts.droppedMessages++;
    else counts.heldBack++;
    const count = this.#heldBackLog.count(`${why} ${sender}`, clock.monotonicMs());
    if (count !== undefined) log.warn({ agent: sender, why, count }, HELD_BACK_TEXTS[why]);
  }

  #createBatcher(): SampleBatcher {
    const { clock, quarantine, random } = this.#deps;
    const batcher = new SampleBatcher({
      receiver: this.#receiver,
      buffer: this.#buffer,
      agents: this.#agents,
      counters: this.#counters,
      quarantine,
      clock,
      random,
      maxAgents: this.#limits.maxAgents,
    });
    this.#batchers.push(batcher);
    return batcher;
  }

  #createOwnSamples(): OwnSamples {
    const batcher = this.#createBatcher();
    const write = (samples: readonly Sample[]): void => {
      if (this.#stopped !== undefined) return;
      const sentAtMs = this.#deps.clock.now();
      this.#guard(() => batcher.take({ agent: CENTRAL_AGENT, samples, sentAtMs, backfill: false }));
      this.#writer.notify();
    };
    return { write };
  }

  #createReplay(): ReplayIntake {
    const replay = new Replay({
      ...this.#deps,
      buffer: this.#buffer,
      agents: this.#agents,
      prepare: (batch) => this.#deps.store.prepare(batch),
      guard: (work) => this.#guard(work),
    });
    return {
      refusalOf: (agent, batch) => replay.refusalOf(agent, batch),
      take: (agent, batch) => {
        if (this.#stopped !== undefined) return 'full';
        const taken = replay.take(agent, batch);
        this.#writer.notify();
        return taken;
      },
      onRefused: (listener) => this.#replayListeners.push(listener),
    };
  }

  #createReceiver(): Receiver {
    return new Receiver({
      ...this.#deps,
      buffer: this.#buffer,
      judged: this.#judged,
      isClockCertain: this.#deps.isClockCertain ?? (() => true),
      agents: this.#agents,
      acks: this.#acks,
      missing: this.#missing,
      prepare: (batch) => this.#deps.store.prepare(batch),
      counters: this.#counters,
      guard: (work) => this.#guard(work),
      onState: (agent, state, receivedAtMs) => this.#deps.hooks?.onState?.(agent, state, receivedAtMs),
      onAnyState: (agent, state, receivedAtMs) => this.#deps.hooks?.onAnyState?.(agent, state, receivedAtMs),
    });
  }

  #createMessageQueue(): MessageQueue {
    return new MessageQueue({
      limits: this.#limits,
      clock: this.#deps.clock,
      handle: (message) => this.#receive(message),
      onHeldBack: (sender, why) => this.#noteHeldBack(sender, why),
      afterSlice: () => {
        this.#acks.flush();
        this.#writer.notify();
        this.#flow.update();
      },
    });
  }

  #createFlow(): FlowPublisher {
    const { clock, log } = this.#deps;
    return new FlowPublisher({
      limits: this.#limits,
      clock,
      log,
      fillRatio: () => this.#buffer.fillRatio,
      storeAvailable: () => this.#writer.downSinceMs === undefined,
      judgedRatio: () => this.#judged.fillRatio,
      backfillingAgents: () => this.#agents.countBackfilling(clock.now()),
      publish: (topic, payload, options) => this.#publish(topic, payload, options),
    });
  }

  #createWriter(): StoreWriter {
    const deps: CommitDeps = {
      ...this.#deps,
      acks: this.#acks,
      missing: this.#missing,
      counters: this.#counters,
      onReplayRefused: (refused) => {
        for (const listener of this.#replayListeners) listener(refused);
      },
    };
    return new StoreWriter({
      ...this.#deps,
      buffer: this.#buffer,
      limits: this.#limits,
      onWritten: (group, rejections) => commitGroup(deps, group, rejections),
      onUnstorable: async (batch, reason) => {
        await commitUnstorable(deps, batch, reason);
        await this.#storeIdentity(batch);
      },
      onGivenBack: (batches) => this.#guard(() => this.#giveBack(batches)),
      onFailure: (kind) => {
        this.#counters.counts[kind === 'store' ? 'storeFailures' : 'ledgerFailures']++;
      },
      onSettled: () => this.#flow.update(),
      startsWithoutStore: this.#deps.startsWithoutStore ?? false,
    });
  }

  /** Agents send them again, and observers must see them once; of the others nobody has a copy. */
  #giveBack(batches: readonly PendingBatch[]): void {
    for (const { agent, epoch, seq, keptBy } of batches) {
      this.#counters.counts.droppedBatches++;
      if (keptBy === 'sender') this.#judged.add(agent, epoch, seq);
    }
    const lost = batches.filter(({ keptBy }) => keptBy === 'nobody');
    recordLosses({ ...this.#deps, counters: this.#counters }, lost, []);
  }

  /** Of a batch that is refused whole: what is in the ledger and not in the store counts as lost by the store. */
  async #storeIdentity({ agent, epoch, seq }: PendingBatch): Promise<void> {
    const { log, store } = this.#deps;
    const nothing = store.prepare({ agent, epoch, seq, tables: [] });
    try {
      await store.write([nothing], AbortSignal.timeout(this.#limits.writeTimeoutMs));
    } catch (error) {
      log.warn({ agent, epoch, seq, err: error }, 'a refused batch will count as lost by the store');
    }
  }

  /** Best effort: the agent's resend gets another ack, and the flow is published again at the next connect. */
  #publish(topic: string, payload: string, options: { qos: 0 | 1; retain: boolean }): void {
    this.#deps.bus.publish(topic, payload, options).catch((error: unknown) => {
      this.#deps.log.debug({ topic, err: error }, 'not published');
    });
  }

  async #keepTicking(): Promise<void> {
    const { clock } = this.#deps;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(TICK_MS, this.#stop.signal).catch(() => undefined);
      this.#flow.update();
      this.#flow.republishIfDue();
      for (const missing of this.#missing.confirmed(clock.now())) this.#reportMissing(missing);
      if (this.#stopped === undefined) this.#tickIntakes(clock.now());
    }
  }

  #tickIntakes(nowMs: number): void {
    for (const adapter of this.#adapters) this.#guard(() => adapter.tick(nowMs));
    for (const batcher of this.#batchers) this.#guard(() => batcher.declarePending());
    this.#writer.notify();
  }

  #reportMissing(missing: NewlyMissing): void {
    this.#counters.countMissing(countIn(missing.ranges));
    const { clock, log } = this.#deps;
    const count = this.#missingLog.count(missing.agent, clock.monotonicMs());
    if (count === undefined) return;
    log.error(
      { missing, count },
      `batches are missing: never received, never declared lost; gap no. ${count} of this agent`,
    );
  }

  async #shutDown(): Promise<void> {
    await this.#messageQueue.whenEmpty();
    for (const adapter of this.#adapters) this.#guard(() => adapter.flush());
    await this.#writer.drain(this.#limits.stopTimeoutMs);
    await this.#deps.quarantine.flush();
    this.#guard(() => this.#declareUnstored());
    this.#stop.abort(new Error('stopping'));
  }

  /** Edge agents still hold what was not acknowledged; the senders behind a `SampleIntake` do not. */
  #declareUnstored(): void {
    const unstored = this.#buffer.held().filter(({ keptBy }) => keptBy === 'nobody');
    const pending = this.#batchers.flatMap((batcher) => batcher.takePending());
    recordLosses({ ...this.#deps, counters: this.#counters }, unstored, pending);
  }

  /** Catches what one message, hook or adapter throws: counted, logged, never rethrown. */
  #guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#counters.counts.internalErrors++;
      this.#deps.log.error({ err: error }, 'part of ingest failed');
    }
  }
}
