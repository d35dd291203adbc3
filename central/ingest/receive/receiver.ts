import type { Batch } from '../../../contract/batch.ts';
import { BatchError, decodeBatch } from '../../../contract/codec.ts';
import { MAX_STATE_BYTES, stateSchema, type AgentState } from '../../../contract/state.ts';
import { parseAgentTopic } from '../../../contract/topics.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import { isPhone, PHONE_PREFIX } from '../../../contract/survey-topics.ts';
import { SPARKPLUG_AGENT_PREFIX } from '../../../contract/sparkplug/identity.ts';
import type { Acknowledger } from '../commit/acknowledger.ts';
import type { AgentMemory } from './agent-memory.ts';
import type { JudgedBatches } from './judged-batches.ts';
import type { BusMessage } from '../../mqtt/bus.ts';
import type { BatchValidator, CheckedBatch, Refusal } from '../validate/checked-batch.ts';
import type { Counters } from '../stats/counters.ts';
import type { MissingWatch } from '../commit/missing-watch.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import { batchKey, toPendingBatch, type Keeper, type PendingBatch } from '../commit/pending-batch.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';
import type { SampleStore } from '../../store/sample-store.ts';
import type { WriteBuffer } from '../commit/write-buffer.ts';

export interface ReceiverDeps {
  readonly validator: BatchValidator;
  readonly observers: readonly BatchObserver[];
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly buffer: WriteBuffer;
  readonly judged: JudgedBatches;
  /** False: whether central's time is right is in doubt. */
  readonly isClockCertain: () => boolean;
  readonly agents: AgentMemory;
  readonly acks: Acknowledger;
  readonly missing: MissingWatch;
  readonly prepare: SampleStore['prepare'];
  readonly counters: Counters;
  readonly clock: Clock;
  /** Runs `work`; an error it throws is counted and logged, never rethrown. */
  readonly guard: (work: () => void) => void;
  readonly onState: (agent: string, state: AgentState, receivedAtMs: number) => void;
  readonly onAnyState: (agent: string, state: AgentState, receivedAtMs: number) => void;
}

interface Admission {
  /** As received, for the quarantine in case the validator itself fails; undefined: it did not come as a message. */
  readonly payload: Buffer | undefined;
  readonly receivedAtMs: number;
  readonly keptBy: Keeper;
}

/** What differs more from central's time waits until that is certain. */
const MAX_DOUBT_MS = 60_000;

/** Decides on each message: refuse it with a reason, ignore it as known, or admit it to the write buffer. */
export class Receiver {
  readonly #deps: ReceiverDeps;

  constructor(deps: ReceiverDeps) {
    this.#deps = deps;
  }

  /** False: nothing of it could be used. */
  receive({ topic, payload, batch }: BusMessage): boolean {
    const parsed = parseAgentTopic(topic);
    if (parsed?.agent.startsWith(SPARKPLUG_AGENT_PREFIX) === true) {
      // A broker with ACL patterns lets a Sparkplug node publish here; its seqs would collide with those of its `SampleIntake`.
      const reason = `ids that begin with ${SPARKPLUG_AGENT_PREFIX} are those of Sparkplug edge nodes, which send no ${parsed.kind}`;
      return this.#refuse(parsed.agent, 'sparkplug-id', reason, payload);
    }
    if (parsed !== undefined && isPhone(parsed.agent)) {
      const reason = `ids that begin with ${PHONE_PREFIX} are those of phones, which send no ${parsed.kind}`;
      return this.#refuse(parsed.agent, 'survey-id', reason, payload);
    }
    if (parsed?.kind === 'up') return this.#receiveBatch(parsed.agent, payload, batch);
    if (parsed?.kind === 'state') return this.#receiveState(parsed.agent, payload);
    const reason = `not a topic of an agent in its own partition: ${topic.slice(0, 200)}`;
    return this.#refuse('unknown', 'bad-topic', reason, payload);
  }

  #receiveBatch(agent: string, payload: Buffer, decoded: Batch | undefined): boolean {
    let batch: Batch;
    try {
      batch = decoded ?? decodeBatch(payload);
    } catch (error) {
      if (!(error instanceof BatchError)) throw error;
      // No seq can be trusted, so nothing can be acknowledged: the agent quarantines the batch after some tries.
      return this.#refuse(agent, error.code, error.message, payload);
    }
    this.#take(agent, batch, payload);
    return true;
  }

  #take(agent: string, batch: Batch, payload: Buffer): void {
    const { ledger, clock, counters, agents, acks, buffer, judged } = this.#deps;
    const { epoch, seq, lowest } = batch;
    const receivedAtMs = clock.now();
    counters.counts.receivedBatches++;
    agents.recordBatch(agent, batch, receivedAtMs);
    judged.forgetBelow(agent, epoch, lowest);
    if (ledger.isStored(agent, epoch, seq)) {
      counters.counts.duplicateBatches++;
      acks.add(agent, epoch, seq);
    } else if (buffer.has(batchKey(agent, epoch, seq))) {
      counters.counts.duplicateBatches++;
    } else if (buffer.isFullFor(agent) || this.#isTimeInDoubt(batch.sentAtMs, receivedAtMs)) {
      counters.counts.droppedBatches++;
      // The agent sends it again, and observers must see it once.
      if (judged.has(agent, epoch, seq)) return;
      if (judged.add(agent, epoch, seq)) this.judge(agent, batch, receivedAtMs);
      else counters.counts.unjudgedBatches++;
    } else {
      this.admit(agent, batch, { payload, receivedAtMs, keptBy: 'sender' });
    }
  }

  /** Either clock may be the wrong one: nothing is refused for its time and acknowledged, and so deleted at the edge. */
  #isTimeInDoubt(sentAtMs: number, receivedAtMs: number): boolean {
    return Math.abs(receivedAtMs - sentAtMs) > MAX_DOUBT_MS && !this.#deps.isClockCertain();
  }

  /** Validates a new batch, passes it to the observers and adds it to the write buffer, which must have space; returns what was refused. */
  admit(agent: string, batch: Batch, { payload, receivedAtMs, keptBy }: Admission): readonly Refusal[] {
    const { buffer, judged } = this.#deps;
    const done = this.#check(agent, batch, { payload, receivedAtMs, keptBy });
    if (done === undefined) return [];
    const { checked, pending } = done;
    this.#quarantineRows(agent, batch, checked);
    if (!judged.has(agent, batch.epoch, batch.seq)) this.#show(agent, batch, checked, receivedAtMs);
    judged.bridge(agent, batch.epoch, batch.seq);
    buffer.add(pending);
    return checked.refusals;
  }

  /** Shows observers a batch that is not stored now. What is refused of it is told when it is stored. */
  judge(agent: string, batch: Batch, receivedAtMs: number): void {
    const { counters, guard, validator } = this.#deps;
    guard(() => {
      this.#show(agent, batch, validator.validate(agent, batch, receivedAtMs), receivedAtMs);
      counters.counts.judgedUnstoredBatches++;
    });
  }

  #show(
    agent: string,
    { epoch, seq, sentAtMs, backfill }: Batch,
    { tables, timesMoved = false }: CheckedBatch,
    receivedAtMs: number,
  ): void {
    const { observers, guard } = this.#deps;
    const seen = { agent, epoch, seq, tables };
    for (const observer of observers) {
      guard(() => observer.observe(seen, { receivedAtMs, sentAtMs, backfill, timesMoved }));
    }
  }

  /** A bug in here must not lose the batch: it stays unacknowledged, with a copy in the quarantine. */
  #check(
    agent: string,
    batch: Batch,
    { payload, receivedAtMs, keptBy }: Admission,
  ): { readonly checked: CheckedBatch; readonly pending: PendingBatch } | undefined {
    const { agents, counters, prepare, validator } = this.#deps;
    try {
      const checked = validator.validate(agent, batch, receivedAtMs);
      const rowTimeMs = agents.uniqueTimeMs(agent, receivedAtMs);
      const series = agents.batchSeries(agent, receivedAtMs);
      const arrival = { agent, batch, checked, receivedAtMs, rowTimeMs, series, keptBy, prepare };
      return { checked, pending: toPendingBatch(arrival) };
    } catch (error) {
      counters.counts.internalErrors++;
      const reason = `central could not check or prepare this batch: ${messageOf(error)}`;
      this.#refuse(agent, 'internal', reason, payload);
      return undefined;
    }
  }

  #quarantineRows(agent: string, batch: Batch, checked: CheckedBatch): void {
    const { counters, quarantine } = this.#deps;
    const { epoch, seq } = batch;
    for (const { row, measurement, code, reason, raw } of checked.refusals) {
      counters.refuseRows(code, 1);
      const where = { agent, epoch, seq, measurement, ...(row !== undefined && { row }) };
      quarantine.add({ ...where, code, reason, raw });
    }
  }

  #receiveState(agent: string, payload: Buffer): boolean {
    // An empty retained message only clears the previous one.
    if (payload.length === 0) return true;
    const { agents, counters, clock, guard } = this.#deps;
    counters.counts.stateMessages++;
    const state = parseState(payload);
    if (typeof state === 'string') {
      return this.#refuse(agent, 'bad-state', state, payload);
    }
    const receivedAtMs = clock.now();
    if (agents.acceptState(agent, state, receivedAtMs)) {
      guard(() => this.#recordLowest(agent, state, receivedAtMs));
      guard(() => this.#deps.onState(agent, state, receivedAtMs));
    } else {
      counters.counts.staleStates++;
    }
    guard(() => this.#deps.onAnyState(agent, state, receivedAtMs));
    if (state.online && state.epoch !== undefined) this.#deps.acks.tellIfTwin(agent, state.epoch);
    return true;
  }

  #recordLowest(agent: string, state: AgentState, receivedAtMs: number): void {
    const { epoch, lowest, highest } = state;
    if (!state.online || epoch === undefined || lowest === undefined || highest === undefined) return;
    // An agent whose queue is empty sends its next seq as `lowest`; a greater value cannot be right.
    const plausible = Math.min(lowest, highest + 1);
    this.#deps.missing.add(
      this.#deps.ledger.recordLowest(agent, epoch, plausible, receivedAtMs),
      receivedAtMs,
    );
  }

  #refuse(agent: string, code: string, reason: string, payload: Buffer | undefined): false {
    this.#deps.counters.refuseMessage(code);
    this.#deps.quarantine.add({ agent, code, reason, ...(payload !== undefined && { payload }) });
    return false;
  }
}

/** A birth or death, or what is wrong with it. */
function parseState(payload: Buffer): AgentState | string {
  if (payload.length > MAX_STATE_BYTES)
    return `state has ${payload.length} bytes, at most ${MAX_STATE_BYTES} are allowed`;
  let json: unknown;
  try {
    json = JSON.parse(payload.toString('utf8'));
  } catch {
    return 'state is not JSON';
  }
  const result = stateSchema.safeParse(json);
  if (result.success) return result.data;
  const problems = result.error.issues
    .slice(0, 5)
    .map(({ path, message }) => `${path.join('.')}: ${message}`);
  return problems.join('; ');
}
