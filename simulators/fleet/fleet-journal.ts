import { rename, rm } from 'node:fs/promises';
import { newEpoch } from '../../edge/queue/epoch.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import { AgentQueue, type HeldBatch } from './agent-queue.ts';
import { BodyCache } from './body-cache.ts';
import { decodeJournalRecord, encodeJournalRecord } from './journal-record.ts';

export interface FleetJournalDeps {
  readonly directory: string;
  readonly clock: Clock;
  readonly log: Logger;
}

/** About two hours of the whole city. What is appended at once is written at once, however much a slow disk let wait. */
const LIMITS = {
  maxBytes: 1024 * 1024 * 1024,
  segmentBytes: 4 * 1024 * 1024,
  commitDelayMs: 0,
  commitMaxRecords: 10_000,
};
/** What a kill can undo: batches that were acknowledged since are sent again. */
const SETTLE_MS = 10_000;
const READ_AHEAD = 1_000;
/** Instead of a declaration of loss: each agent declares its own. */
const NOTHING = Buffer.alloc(0);

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * One queue on disk (edge/queue) for all agents of a fleet: a write and an fdatasync ten times a second, not for each
 * agent. It still holds each batch until central has acknowledged it, also across restarts. Of each agent it holds the
 * newest batch at least, because that tells its epoch and next seq; an agent of whom it holds nothing begins a new epoch.
 */
export class FleetJournal {
  readonly #deps: FleetJournalDeps;
  readonly #agents = new Map<string, AgentQueue>();
  readonly #cache = new BodyCache();
  /** Seqs of the journal whose batches are lost, until the agents know. */
  #lost: Range[] = [];
  #queue: Queue | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(deps: FleetJournalDeps) {
    this.#deps = deps;
  }

  static async open(deps: FleetJournalDeps): Promise<FleetJournal> {
    const journal = new FleetJournal(deps);
    await journal.#open();
    return journal;
  }

  queueOf(agent: string): AgentQueue {
    const known = this.#agents.get(agent);
    if (known !== undefined) return known;
    const made = this.#makeQueue(agent, newEpoch(), []);
    this.#agents.set(agent, made);
    return made;
  }

  async close(): Promise<void> {
    clearInterval(this.#timer);
    this.#settle();
    await this.#queue?.close();
  }

  async #open(): Promise<void> {
    const { directory, log } = this.#deps;
    let queue = await this.#openQueue();
    if (queue.stats().damagedSegments > 0) {
      // Seqs that were used may be missing, and none may be used twice.
      const aside = `${directory}-damaged`;
      log.error({ directory, aside }, 'journal is damaged and set aside: all simulated agents start anew');
      await queue.close();
      await rm(aside, { recursive: true, force: true });
      await rename(directory, aside);
      queue = await this.#openQueue();
    }
    this.#queue = queue;
    await this.#recover(queue);
    queue.onDurable(() => this.#passOnLosses());
    this.#timer = setInterval(() => this.#settle(), SETTLE_MS);
  }

  #openQueue(): Promise<Queue> {
    const { directory, clock, log } = this.#deps;
    return openQueue({
      directory,
      clock,
      log,
      encodeLoss: (losses) => {
        this.#lost.push(...losses);
        return NOTHING;
      },
      ...LIMITS,
    });
  }

  async #recover(queue: Queue): Promise<void> {
    const found = new Map<string, { epoch: string; batches: HeldBatch[] }>();
    let after = 0;
    let entries = queue.pending(0, READ_AHEAD);
    while (entries.length > 0) {
      for (const { seq: place, appendedAtMs, points, firstMs, lastMs } of entries) {
        after = place;
        const record = decodeJournalRecord((await queue.read(place)) ?? NOTHING);
        if (record === undefined) continue;
        const { agent, epoch, seq, body } = record;
        const batch = { seq, place, points, firstMs, lastMs, appendedAtMs, bytes: body.length };
        const known = found.get(agent);
        if (known?.epoch === epoch) known.batches.push(batch);
        else found.set(agent, { epoch, batches: [batch] });
      }
      entries = queue.pending(after, READ_AHEAD);
    }
    for (const [agent, { epoch, batches }] of found)
      this.#agents.set(agent, this.#makeQueue(agent, epoch, batches));
  }

  #makeQueue(agent: string, epoch: string, held: readonly HeldBatch[]): AgentQueue {
    const { clock, log } = this.#deps;
    return new AgentQueue(
      {
        agent,
        epoch,
        clock,
        log,
        cache: this.#cache,
        append: async (seq, item) => {
          const body = encodeJournalRecord({ agent, epoch, seq }, item.body);
          return this.#queue?.append({ ...item, body });
        },
        read: async (place) => {
          const bytes = await this.#queue?.read(place);
          return bytes && decodeJournalRecord(bytes)?.body;
        },
      },
      held,
    );
  }

  /** All that no agent holds is done with. */
  #settle(): void {
    const queue = this.#queue;
    if (queue === undefined) return;
    const held = [...this.#agents.values()].flatMap((agent) => agent.heldPlaces()).sort((a, b) => a - b);
    const settled: [number, number][] = [];
    let next = 1;
    for (const place of [...held, queue.highest() + 1]) {
      if (place > next) settled.push([next, place - 1]);
      next = place + 1;
    }
    queue.ack(queue.epoch, settled);
  }

  #passOnLosses(): void {
    if (this.#lost.length === 0) return;
    const lost = this.#lost;
    this.#lost = [];
    for (const agent of this.#agents.values())
      agent.lose((place) => lost.some(({ from, to }) => from <= place && place <= to));
  }
}
