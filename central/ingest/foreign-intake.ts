import { PROTOCOL_VERSION, type Batch, type Loss } from '../../contract/batch.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import type { AgentMemory } from './agent-memory.ts';
import type { Counters } from './counters.ts';
import type { ForeignBatch, ForeignDoor, ForeignRefusal } from './dialect.ts';
import { splitIntoTables, type ForeignTables } from './foreign-tables.ts';
import type { Quarantine } from './quarantine.ts';
import type { Receiver } from './receiver.ts';
import type { WriteBuffer } from './write-buffer.ts';

export interface ForeignIntakeDeps {
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
  /** Not booked yet: they travel with the next batch that the buffer takes. */
  losses: Loss[];
}

/** Consecutive losses are joined; these many declarations fit one batch. */
const MAX_LOSSES = 64;

/**
 * Gives foreign samples the identity that our own batches bring along: an epoch for each start of central, so that
 * numbers never meet those of an earlier run, and a seq for each batch. Everything numbered here is stored or declared.
 */
export class ForeignIntake implements ForeignDoor {
  readonly #deps: ForeignIntakeDeps;
  readonly #epoch: string;
  readonly #senders = new Map<string, Sender>();

  constructor(deps: ForeignIntakeDeps) {
    this.#deps = deps;
    this.#epoch = newEpoch(deps.clock.now(), deps.random);
  }

  take({ agent, samples, sentAtMs, backfill }: ForeignBatch): boolean {
    const sender = this.#sender(agent);
    if (sender === undefined) {
      const reason = `more than ${this.#deps.maxAgents} agents send in other dialects`;
      this.refuse({ agent, code: 'too-many-agents', reason, values: samples.length });
      return false;
    }
    const { bodies, oversize } = splitIntoTables(samples);
    for (const sample of oversize) {
      const reason = `${sample.measurement}: too many tags or fields, or too long a name`;
      this.refuse({ agent, code: 'oversize', reason, values: 1, raw: sample });
    }
    let isTaken = true;
    for (const body of bodies)
      isTaken = this.#takeBody(agent, sender, body, { sentAtMs, backfill }) && isTaken;
    return isTaken;
  }

  declareLost(agent: string, messages: number): void {
    const sender = this.#sender(agent);
    if (sender === undefined || messages < 1) return;
    const { buffer, clock } = this.#deps;
    const nowMs = clock.now();
    this.#lose(sender, { messages, points: 0, fromMs: nowMs, toMs: nowMs, reason: 'not-received' });
    const nothing = { baseMs: nowMs, tables: [], points: 0, firstMs: nowMs };
    if (!buffer.isFull()) this.#admit(agent, sender, nothing, { sentAtMs: nowMs, backfill: true });
  }

  refuse({ agent, code, reason, values, raw, payload }: ForeignRefusal): void {
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

  #takeBody(agent: string, sender: Sender, body: ForeignTables, sent: Sent): boolean {
    const { buffer, counters } = this.#deps;
    if (!buffer.isFull()) {
      this.#admit(agent, sender, body, sent);
      return true;
    }
    counters.counts.droppedForeignPoints += body.points;
    const { points, firstMs: fromMs, baseMs: toMs } = body;
    this.#lose(sender, { messages: 1, points, fromMs, toMs, reason: 'queue-full' });
    return false;
  }

  #admit(agent: string, sender: Sender, body: ForeignTables, { sentAtMs, backfill }: Sent): void {
    const { receiver, agents, counters, clock } = this.#deps;
    const receivedAtMs = clock.now();
    const batch: Batch = {
      v: PROTOCOL_VERSION,
      epoch: this.#epoch,
      seq: sender.nextSeq++,
      // Batches of one sender may be stored out of order; a hole is never a loss here unless it is declared.
      lowest: 1,
      // As the envelope's schema wants it; a clock that is set to nonsense says nothing.
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
    sender.losses = [];
    counters.counts.receivedBatches++;
    if (body.points > 0) agents.noteBatch(agent, batch, receivedAtMs);
    receiver.admit(agent, batch, { payload: undefined, receivedAtMs, wantsAck: false });
  }

  #lose(sender: Sender, lost: Omit<Loss, 'from' | 'to'> & { readonly messages: number }): void {
    const { messages, points, fromMs, toMs, reason } = lost;
    const from = sender.nextSeq;
    sender.nextSeq += messages;
    const to = sender.nextSeq - 1;
    const last = sender.losses.at(-1);
    if (last === undefined || (last.reason !== reason && sender.losses.length < MAX_LOSSES)) {
      sender.losses.push({ from, to, points, fromMs, toMs, reason });
      return;
    }
    // Seqs are handed out one after the other, so that two losses without a batch between them are one range.
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

type Sent = Pick<ForeignBatch, 'sentAtMs' | 'backfill'>;

function newEpoch(nowMs: number, random: Random): string {
  const chance = Math.floor(random() * 36 ** 4);
  return `${nowMs.toString(36)}${chance.toString(36).padStart(4, '0')}`;
}
