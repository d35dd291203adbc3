import { join } from 'node:path';
import { createIngest, type Ingest } from '../../../central/ingest/ingest.ts';
import { openQuarantine } from '../../../central/ingest/quarantine/quarantine.ts';
import type { BusMessage } from '../../../central/mqtt/bus.ts';
import { createValidator } from '../../../central/ingest/validate/validator.ts';
import { openLedger } from '../../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase, type StateDatabase } from '../../../central/state/database.ts';
import { encodeBatch, encodeSamples } from '../../../contract/codec.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { agentTopic } from '../../../contract/topics.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { discardingStore } from '../../../rehearsal/central/discarding-store.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../../support/server-process.ts';
import type { Figures } from '../in-turns.ts';
import { valuesIn, type AgentSamples } from '../shapes.ts';
import { within } from '../sleep.ts';
import { NullBus } from './null-bus.ts';

export interface Batches {
  readonly messages: readonly BusMessage[];
  readonly values: number;
}

interface Body {
  readonly agent: string;
  readonly bytes: Buffer;
}

const TURN_LIMIT_S = 60;

/** Central's ingest with a bus and a store that do nothing; everything between them is real. */
export class IngestBench {
  readonly #scratch: TemporaryDirectory = temporaryDirectory('bench-ingest');
  readonly #bus = new NullBus();
  readonly #database: StateDatabase;
  readonly #ingest: Ingest;
  readonly #bodies: readonly Body[];
  readonly #valuesPerPass: number;
  #seq = 1;

  private constructor(shape: readonly AgentSamples[]) {
    this.#bodies = shape.flatMap(({ agent, samples }) =>
      encodeSamples(samples).bodies.map(({ bytes }) => ({ agent, bytes })),
    );
    this.#valuesPerPass = shape.reduce((sum, { samples }) => sum + valuesIn(samples), 0);
    this.#database = openStateDatabase(join(this.#scratch.path, 'state.db'));
    const common = { clock: systemClock, log: silentLogger };
    this.#ingest = createIngest({
      ...common,
      bus: this.#bus,
      validator: createValidator(CATALOGUE),
      observers: [],
      store: { ...discardingStore, grouping: { delayMs: 5, maxPoints: 5_000 } },
      ledger: openLedger(this.#database),
      quarantine: openQuarantine({ ...common, directory: join(this.#scratch.path, 'quarantine') }),
      random: Math.random,
    });
  }

  static async open(shape: readonly AgentSamples[]): Promise<IngestBench> {
    const bench = new IngestBench(shape);
    await bench.#ingest.start(new AbortController().signal);
    return bench;
  }

  /** Each agent's batch, `repeat` times with new seqs, so that none is a resend. */
  prepare(repeat: number): Batches {
    const messages: BusMessage[] = [];
    for (let pass = 0; pass < repeat; pass++) {
      for (const { agent, bytes } of this.#bodies) {
        const seq = this.#seq++;
        const header = { epoch: 'bench000', seq, lowest: seq, sentAtMs: Date.now(), backfill: false };
        messages.push({ topic: agentTopic(agent, 'up'), payload: encodeBatch(header, bytes) });
      }
    }
    return { messages, values: this.#valuesPerPass * repeat };
  }

  /**
   * Keeps `window` batches unacknowledged. Measures from the first acknowledgements after the window is full to the last
   * before it empties, so that neither the start nor the wait for the last group counts.
   */
  async takeIn({ messages, values }: Batches, window: number): Promise<Figures> {
    const marks: { readonly acked: number; readonly atMs: number }[] = [];
    let fed = 0;
    let acked = 0;
    const feed = (): void => {
      for (; fed < messages.length && fed - acked < window; fed++) this.#bus.receive(messages[fed]);
    };
    const done = new Promise<void>((resolve) => {
      this.#bus.onAcked = (count) => {
        acked += count;
        const isSteady = acked >= window && fed < messages.length;
        if (isSteady) marks.push({ acked, atMs: performance.now() });
        feed();
        if (acked === messages.length) resolve();
      };
    });
    feed();
    await within(TURN_LIMIT_S, done);
    const [first, last] = [marks[0], marks.at(-1)];
    if (first === undefined || last === undefined || first === last) {
      throw new Error(`${messages.length} batches are too few for a window of ${window}`);
    }
    const batchesPerS = (last.acked - first.acked) / ((last.atMs - first.atMs) / 1_000);
    return { batchesPerS, valuesPerS: (batchesPerS * values) / messages.length };
  }

  assertNothingRefused(): void {
    const { refusedRows, refusedMessages, droppedMessages, droppedBatches } = this.#ingest.stats();
    const refused = { ...refusedRows, ...refusedMessages };
    if (Object.keys(refused).length === 0 && droppedMessages + droppedBatches === 0) return;
    const counts = JSON.stringify({ ...refused, droppedMessages, droppedBatches });
    throw new Error(`ingest refused what the bench sent: ${counts}`);
  }

  async close(): Promise<void> {
    await this.#ingest.stop();
    this.#database.close();
    this.#scratch.remove();
  }
}
