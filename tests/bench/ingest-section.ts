import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { createIngest } from '../../central/ingest/ingest.ts';
import type { Bus, BusMessage } from '../../central/ingest/bus.ts';
import { openQuarantine } from '../../central/ingest/quarantine.ts';
import { createValidator } from '../../central/ingest/validate.ts';
import { openLedger } from '../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import type { SampleStore } from '../../central/store/sample-store.ts';
import { ackSchema } from '../../contract/ack.ts';
import { encodeBatch } from '../../contract/codec.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { agentTopic } from '../../contract/topics.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { BULK_VALUES_PER_POINT, interfaceBatch } from './bulk-shape.ts';
import { toLoad } from './load-shape.ts';
import { ratioOf, rounded, type Section } from './section.ts';
import { sideBySide } from './side-by-side.ts';

const AGENTS = 20;
const BATCHES_A_TURN = 60;

/** Full batches from the bus to the acknowledgement, ledger on disk, a store that takes all at once. */
export const ingestSection: Section = {
  name: 'ingest',
  title: 'Ingest alone: inflate, check, book, acknowledge; beside inflating and JSON.parse alone',
  run: async ({ seconds }) => {
    const scratch = temporaryDirectory('bench-ingest');
    const database = openStateDatabase(join(scratch.path, 'state.db'));
    const bus = new LoopBus();
    const ingest = createIngest({
      bus,
      validator: createValidator(CATALOGUE, { retentionMs: 7 * 86_400_000 }),
      observers: [],
      store: takesAll,
      ledger: openLedger(database),
      quarantine: openQuarantine({
        directory: join(scratch.path, 'quarantine'),
        clock: systemClock,
        log: silentLogger,
      }),
      clock: systemClock,
      random: Math.random,
      log: silentLogger,
    });
    await ingest.start(new AbortController().signal);
    try {
      const source = new BatchSource();
      let sent: readonly Sent[] = [];
      const prepare = (): void => {
        sent = source.next();
      };
      const rates = await sideBySide(
        [
          { name: 'ingest', prepare, once: () => bus.sendAndAwaitAcks(sent) },
          { name: 'inflate and JSON.parse', prepare, once: () => inflateAndParse(sent) },
        ],
        seconds,
      );
      const { refusedRows } = ingest.stats();
      if (Object.keys(refusedRows).length > 0) throw new Error(`refused: ${JSON.stringify(refusedRows)}`);
      const [ours, reference] = rates;
      return {
        head: ['what', 'values/s', 'ratio'],
        rows: rates.map(({ name, perS }) => [name, rounded(perS), ratioOf(perS, reference?.perS ?? perS)]),
        raw: { ours, reference },
      };
    } finally {
      await ingest.stop();
      database.close();
      scratch.remove();
    }
  },
};

interface Sent {
  readonly topic: string;
  readonly payload: Buffer;
  readonly values: number;
}

/** New batches each time: a resend would only be acknowledged. */
class BatchSource {
  readonly #loads = Array.from({ length: AGENTS }, (_, index) =>
    toLoad(`bench-${index}`, interfaceBatch(`bench-${index}`)),
  );
  #seq = 0;

  next(): Sent[] {
    const nowMs = Date.now();
    const sent: Sent[] = [];
    while (sent.length < BATCHES_A_TURN) {
      this.#seq++;
      for (const { agent, bodies } of this.#loads) {
        for (const [index, body] of bodies.entries()) {
          const seq = (this.#seq - 1) * bodies.length + index + 1;
          const header = { epoch: 'bench000', seq, lowest: 1, sentAtMs: nowMs, backfill: false };
          sent.push({
            topic: agentTopic(agent, 'up'),
            payload: encodeBatch(header, body.at(nowMs - 3_600_000 + this.#seq)),
            values: body.points * BULK_VALUES_PER_POINT,
          });
        }
      }
    }
    return sent;
  }
}

function inflateAndParse(sent: readonly Sent[]): number {
  let values = 0;
  for (const one of sent) {
    JSON.parse(gunzipSync(one.payload).toString('utf8'));
    values += one.values;
  }
  return values;
}

const takesAll: SampleStore = {
  name: 'takes all',
  grouping: { delayMs: 5, maxPoints: 5_000 },
  open: async () => undefined,
  write: async () => [],
  query: async () => ({ series: [], truncated: false }),
  latest: async () => [],
  deleteBefore: async () => undefined,
  close: async () => undefined,
};

/** Both ends of a bus in one process. */
class LoopBus implements Bus {
  readonly name = 'loop';
  readonly connected = true;
  #handler: (message: BusMessage) => void = () => undefined;
  #waiting = 0;
  #done: () => void = () => undefined;

  async start(): Promise<void> {
    // Nothing to open.
  }

  async stop(): Promise<void> {
    // Nothing to close.
  }

  onMessage(handler: (message: BusMessage) => void): void {
    this.#handler = handler;
  }

  onConnected(): void {
    // It always is.
  }

  async publish(topic: string, payload: Buffer | string): Promise<void> {
    if (!topic.endsWith('/ack')) return;
    const { stored } = ackSchema.parse(JSON.parse(String(payload)));
    for (const [from, to] of stored) this.#waiting -= to - from + 1;
    if (this.#waiting <= 0) this.#done();
  }

  async sendAndAwaitAcks(sent: readonly Sent[]): Promise<number> {
    this.#waiting = sent.length;
    const done = new Promise<void>((resolve) => (this.#done = resolve));
    for (const { topic, payload } of sent) this.#handler({ topic, payload });
    await done;
    return sent.reduce((sum, { values }) => sum + values, 0);
  }
}
