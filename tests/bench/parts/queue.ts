import { randomBytes } from 'node:crypto';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeSamples } from '../../../contract/codec.ts';
import { openQueue } from '../../../edge/queue/open-queue.ts';
import type { Queue, QueueItem } from '../../../edge/queue/queue.ts';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { inTurns, type Figures, type Rounds } from '../in-turns.ts';
import { quantity, times } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';
import { cityShape } from '../shapes.ts';
import { secondsOf } from '../sleep.ts';
import { bareFileTurn, GROUP } from './bare-file.ts';

const RECORDS_PER_TURN = 16 * GROUP;
/** statfs(2). */
const TMPFS_MAGIC = 0x01021994;

export const queueSection: Section = {
  name: 'queue',
  about: "the edge's disk queue beside bare files: append with fdatasync, drain with acknowledgement",
  run: async ({ seconds }) => {
    const scratch = temporaryDirectory('bench-queue');
    try {
      const rows: string[][] = [];
      const figures: Record<string, unknown> = {};
      for (const [name, bodies] of Object.entries(bodyKinds())) {
        const meanBytes = bodies.reduce((sum, body) => sum + body.length, 0) / bodies.length;
        const rounds = await runTurns(join(scratch.path, name), bodies, seconds / 2);
        rows.push(...rowsOf(`${name} (${quantity(meanBytes)} B)`, rounds));
        figures[name] = { meanBytes, rounds: rounds.all };
      }
      const onTmpfs = (await statfs(scratch.path)).type === TMPFS_MAGIC;
      return {
        tables: [
          {
            title: `Queue, groups of ${GROUP}${onTmpfs ? '; in memory (tmpfs), where fdatasync costs nothing' : ''}`,
            head: ['body', 'what', 'records/s', 'MiB/s', 'reference: bare file', 'MiB/s', 'ratio'],
            rows,
          },
        ],
        figures: { onTmpfs, ...figures },
        bars: [],
      };
    } finally {
      scratch.remove();
    }
  },
};

function bodyKinds(): Record<string, readonly Buffer[]> {
  const city = cityShape(Date.now()).flatMap(({ samples }) => encodeSamples(samples).bodies);
  return {
    '1 KB': Array.from({ length: RECORDS_PER_TURN }, () => randomBytes(1_024)),
    "a city's batches": Array.from(
      { length: RECORDS_PER_TURN },
      (_, at) => city[Math.floor((at * city.length) / RECORDS_PER_TURN)]?.bytes ?? Buffer.alloc(0),
    ),
  };
}

async function runTurns(directory: string, bodies: readonly Buffer[], seconds: number): Promise<Rounds> {
  const queue = await openQueue({
    directory: join(directory, 'queue'),
    clock: systemClock,
    log: silentLogger,
    encodeLoss: () => {
      throw new Error('the bench lost a batch');
    },
  });
  try {
    return await inTurns(
      { queue: () => queueTurn(queue, bodies), bare: () => bareFileTurn(directory, bodies) },
      seconds,
    );
  } finally {
    await queue.close();
  }
}

async function queueTurn(queue: Queue, bodies: readonly Buffer[]): Promise<Figures> {
  const nowMs = Date.now();
  const items = bodies.map((body): QueueItem => ({ body, points: 10, firstMs: nowMs, lastMs: nowMs }));
  const appendS = await secondsOf(async () => {
    const seqs = await Promise.all(items.map((item) => queue.append(item)));
    if (seqs.includes(undefined)) throw new Error('the queue declared a batch lost');
  });
  let bytes = 0;
  const drainS = await secondsOf(async () => {
    bytes = await drain(queue);
  });
  const mib = bytes / 2 ** 20;
  return {
    appendPerS: bodies.length / appendS,
    appendMiBPerS: mib / appendS,
    drainPerS: bodies.length / drainS,
    drainMiBPerS: mib / drainS,
  };
}

/** As the publisher does it: reads a window, then gets its acknowledgement. Returns the bytes read. */
async function drain(queue: Queue): Promise<number> {
  let bytes = 0;
  for (let seq = 0; ;) {
    const entries = queue.pending(seq, GROUP);
    const [first, last] = [entries[0], entries.at(-1)];
    if (first === undefined || last === undefined) return bytes;
    for (const entry of entries) {
      const body = await queue.read(entry.seq);
      if (body === undefined) throw new Error(`the queue lost batch ${entry.seq}`);
      bytes += body.length;
    }
    queue.ack(queue.epoch, [[first.seq, last.seq]]);
    seq = last.seq;
  }
}

function rowsOf(body: string, rounds: Rounds): string[][] {
  const row = (what: string, own: string, reference: string, bare: string): string[] => [
    body,
    what,
    quantity(rounds.median('queue', `${own}PerS`)),
    quantity(rounds.median('queue', `${own}MiBPerS`)),
    reference,
    quantity(rounds.median('bare', bare)),
    times(rounds.ratio(['queue', `${own}MiBPerS`], ['bare', bare])),
  ];
  return [
    row('append', 'append', 'write + fdatasync of each group', 'syncedMiBPerS'),
    row('append', 'append', 'write of each group, no sync', 'plainMiBPerS'),
    row('drain', 'drain', 'read in blocks of 32 KiB', 'readMiBPerS'),
  ];
}
