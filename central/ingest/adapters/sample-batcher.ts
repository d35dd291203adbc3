import { PROTOCOL_VERSION, type Batch, type Loss } from '../../../contract/batch.ts';
import type { Clock, Random } from '../../../runtime/clock.ts';
import type { LostBatches } from '../../ledger/ledger.ts';
import type { AgentMemory } from '../receive/agent-memory.ts';
import type { Refusal } from '../validate/checked-batch.ts';
import type { Counters } from '../stats/counters.ts';
import type { AgentSamples, IntakeRefusal, RefusedSample, SampleIntake } from './sample-intake.ts';
import { splitIntoTables, type BatchBody } from './split-samples.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';
import type { Receiver } from '../receive/receiver.ts';
import type { WriteBuffer } from '../commit/write-buffer.ts';

export interface SampleBatcherDeps {
  readonly receiver: Receiver;
  readonly buffer: WriteBuffer;
  readonly agents: AgentMemory;
  readonly counters: Counters;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly random: Random;
  readonly maxAgents: number;
}

interface Sender {
  nextSeq: number;
  /** Not in the ledger yet: they go with the next batch, at the latest when a tick finds the write buffer not full. */
  losses: Loss[];
}

/** Most declarations in one batch; consecutive losses are merged. */
const MAX_LOSSES = 64;

/**
 * Makes batches of samples that come without any: a new epoch at each start of central, so that seqs never collide with
 * those of an earlier run, and a seq for each batch. Each seq is stored or declared lost, unless central is killed: what
 * it holds then is lost without a declaration.
 */
export class SampleBatcher implements SampleIntake {
  readonly #deps: SampleBatcherDeps;
  readonly #epoch: string;
  readonly #senders = new Map<string, Sender>();

  constructor(deps: SampleBatcherDeps) {
    this.#deps = deps;
    this.#epoch = newEpoch(deps.clock.now(), deps.random);
  }

  take({ agent, samples, sentAtMs, backfill }: AgentSamples): readonly RefusedSample[] {
    const sender = this.#sender(agent);
    if (sender === undefined) {
      const reason = `more than ${this.#deps.maxAgents} agents send without batches`;
      this.refuse({ agent, code: 'too-many-agents', reason, values: samples.length });
      return [];
    }
    const { bodies, oversize } = splitIntoTables(samples);
    for (const sample of oversize) {
      const reason = `${sample.measurement}: too many tags or fields, or too long a name`;
      this.refuse({ agent, code: 'oversize', reason, values: 1, raw: sample });
    }
    return bodies.flatMap((body) => this.#takeBody(agent, sender, body, { sentAtMs, backfill }));
  }

  declareLost(agent: string, messages: number): void {
    const sender = this.#sender(agent);
    if (sender === undefined || messages < 1) return;
    const { buffer, clock } = this.#deps;
    const nowMs = clock.now();
    this.#recordLoss(sender, { messages, points: 0, fromMs: nowMs, toMs: nowMs, reason: 'not-received' });
    if (!buffer.isFull()) this.#admitEmpty(agent, sender, nowMs);
  }

  /** Called each second: declares losses once the write buffer is not full, also for a sender that sends no more. */
  declarePending(): void {
    const { buffer, clock } = this.#deps;
    for (const [agent, sender] of this.#senders) {
      if (sender.losses.length === 0) continue;
      if (buffer.isFull()) return;
      this.#admitEmpty(agent, sender, clock.now());
    }
  }

  /** Central stops: no further batch will declare these. */
  takePending(): readonly LostBatches[] {
    return [...this.#senders].flatMap(([agent, sender]) => {
      const losses = sender.losses.splice(0);
      return losses.length === 0 ? [] : [{ agent, epoch: this.#epoch, losses }];
    });
  }

  refuse({ agent, code, reason, values, raw, payload }: IntakeRefusal): void {
    const { counters, quarantine } = this.#deps;
    if (values === undefined) counters.refuseMessage(code);
    else counters.refuseRows(code, values);
    quarantine.add({
      agent,
      code,
      reason,
      ...(raw !== undefined && { raw }),
      ...(payload !== undefined && { payload }),
    });
  }

  countRefused(code: string, values: number): void {
    this.#deps.counters.refuseRows(code, values);
  }

  #takeBody(agent: string, sender: Sender, body: BatchBody, sent: Sent): readonly RefusedSample[] {
    const { buffer, clock, counters, receiver } = this.#deps;
    if (!buffer.isFull()) return this.#admit(agent, sender, body, sent);
    const receivedAtMs = clock.now();
    receiver.judge(agent, this.#toBatch(sender, body, sent, receivedAtMs), receivedAtMs);
    counters.counts.lostIntakePoints += body.points;
    const { points, firstMs: fromMs, baseMs: toMs } = body;
    this.#recordLoss(sender, { messages: 1, points, fromMs, toMs, reason: 'queue-full' });
    return [];
  }

  #admitEmpty(agent: string, sender: Sender, nowMs: number): void {
    const empty = { baseMs: nowMs, tables: [], points: 0, firstMs: nowMs, samples: [] };
    this.#admit(agent, sender, empty, { sentAtMs: nowMs, backfill: true });
  }

  #admit(agent: string, sender: Sender, body: BatchBody, sent: Sent): readonly RefusedSample[] {
    const { receiver, agents, counters, clock } = this.#deps;
    const receivedAtMs = clock.now();
    const batch = this.#toBatch(sender, body, sent, receivedAtMs);
    sender.nextSeq++;
    sender.losses = [];
    counters.counts.receivedBatches++;
    if (body.points > 0) agents.recordBatch(agent, batch, receivedAtMs);
    const refusals = receiver.admit(agent, batch, { payload: undefined, receivedAtMs, keptBy: 'nobody' });
    return refusedSamples(body, refusals);
  }

  #toBatch(sender: Sender, body: BatchBody, { sentAtMs, backfill }: Sent, receivedAtMs: number): Batch {
    return {
      v: PROTOCOL_VERSION,
      epoch: this.#epoch,
      seq: sender.nextSeq,
      // Batches of one sender may be stored out of order: here a gap is a loss only if it is declared.
      lowest: 1,
      // The schema of a batch requires this; a sender's clock may be set to nonsense.
      sentAtMs: Number.isSafeInteger(sentAtMs) && sentAtMs >= 0 ? sentAtMs : receivedAtMs,
      backfill,
      baseMs: body.baseMs,
      tables: body.tables.map((table) => ({
        ...table,
        tags: [...table.tags],
        fields: [...table.fields],
        rows: [...table.rows],
      })),
      losses: sender.losses,
    };
  }

  #recordLoss(sender: Sender, lost: Omit<Loss, 'from' | 'to'> & { readonly messages: number }): void {
    const { messages, points, fromMs, toMs, reason } = lost;
    const from = sender.nextSeq;
    sender.nextSeq += messages;
    const to = sender.nextSeq - 1;
    const last = sender.losses.at(-1);
    if (last === undefined || (last.reason !== reason && sender.losses.length < MAX_LOSSES)) {
      sender.losses.push({ from, to, points, fromMs, toMs, reason });
      return;
    }
    // Seqs are consecutive, so two losses without a batch between them are one range.
    last.to = to;
    last.points += points;
    last.fromMs = Math.min(last.fromMs, fromMs);
    last.toMs = Math.max(last.toMs, toMs);
  }

  #sender(agent: string): Sender | undefined {
    let sender = this.#senders.get(agent);
    if (sender === undefined) {
      if (this.#senders.size >= this.#deps.maxAgents) return undefined;
      sender = { nextSeq: 1, losses: [] };
      this.#senders.set(agent, sender);
    }
    return sender;
  }
}

/** A refusal without a row is about a field that the catalogue does not know; the sample itself is stored. */
export function refusedSamples(
  { samples }: BatchBody,
  refusals: readonly Refusal[],
): readonly RefusedSample[] {
  return refusals.flatMap(({ row, code }) => {
    const sample = row === undefined ? undefined : samples[row];
    return sample === undefined ? [] : [{ sample, code }];
  });
}

type Sent = Pick<AgentSamples, 'sentAtMs' | 'backfill'>;

function newEpoch(nowMs: number, random: Random): string {
  const suffix = Math.floor(random() * 36 ** 4);
  return `${nowMs.toString(36)}${suffix.toString(36).padStart(4, '0')}`;
}
