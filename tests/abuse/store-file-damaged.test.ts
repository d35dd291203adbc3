import {
  closeSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abuseScale } from '../support/abuse-scale.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { Wardwatch } from '../support/wardwatch.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

/** Places that are damaged. */
const SEEDS = abuseScale(3, 200);
const AGENTS = ['gw-26734-01', 'gw-26737-01'];
const BATCHES = 20;
const ROWS = 3;
/** After the start of a process: before, while and after it opens the store. */
const KILLED_AFTER_MS = [300, 500, 700, 900, 1_100, 1_300, 1_500];
const FILE = 'wardwatch.duckdb';

const firstMs = Date.now() - 3_600_000;

let directory: TemporaryDirectory;
let central: CentralProgram;

beforeEach(() => {
  directory = temporaryDirectory('store-damaged');
});
afterEach(async () => {
  await central.end('SIGKILL');
  directory.remove();
});

const path = (name: string): string => join(directory.path, 'data', name);

async function start(): Promise<void> {
  central = await CentralProgram.start({
    directory: directory.path,
    agents: AGENTS,
    settings: { log: { level: 'error' } },
  });
}

/** Each agent's batches, all acknowledged. */
async function acknowledged(first: number): Promise<void> {
  const sendAll = async (name: string): Promise<void> => {
    const agent = await RawAgent.connect(central.brokerUrl, name);
    agent.continueAfter(first - 1);
    for (let count = 0; count < BATCHES; count++) {
      const seq = agent.send(
        Array.from({ length: ROWS }, (_, row) => ({
          measurement: 'ping',
          tags: { url: `line-${row}` },
          fields: { average_response_ms: row },
          timeMs: firstMs + 10 * (agent.sentBatches + 1),
        })),
      );
      // Several writes, so that a part of them can be lost.
      if (count % 5 === 4) await agent.untilStored(seq);
    }
    await agent.untilStored(first + BATCHES - 1);
    agent.end();
  };
  await Promise.all(AGENTS.map(sendAll));
}

interface Entry {
  readonly stored: readonly (readonly [number, number])[];
  readonly storeLost: readonly (readonly [number, number])[];
  readonly declaredLost: readonly (readonly [number, number])[];
  readonly storedPoints: number;
  readonly lostPoints: number;
  readonly completeness: number;
}

const countIn = (ranges: readonly (readonly [number, number])[]): number =>
  ranges.reduce((sum, [from, to]) => sum + to - from + 1, 0);

/** The books of all agents, compared with what is in the store. */
async function books(): Promise<{ readonly stored: number; readonly lost: number }> {
  let stored = 0;
  let lost = 0;
  for (const name of AGENTS) {
    const entry = (await central.ledgerOf(name)) as unknown as Entry;
    const query = `measurement=ping&field=average_response_ms&from=${firstMs}&to=${Date.now() + 60_000}&tag.agent=${name}`;
    const { series } = await central.get<{ series: { points: unknown[] }[] }>(`/api/v1/series?${query}`);
    const points = series.reduce((sum, each) => sum + each.points.length, 0);
    expect(entry.storedPoints).toBe(points);
    expect(points).toBe(ROWS * countIn(entry.stored));
    expect(entry.lostPoints).toBe(ROWS * countIn(entry.storeLost));
    expect(entry.declaredLost).toEqual(entry.storeLost);
    stored += countIn(entry.stored);
    lost += countIn(entry.storeLost);
  }
  return { stored, lost };
}

const aside = (): string[] => readdirSync(path('')).filter((name) => name.includes('.damaged-'));

function flip(file: string, at: number): void {
  const descriptor = openSync(file, 'r+');
  const byte = Buffer.alloc(1);
  readSync(descriptor, byte, 0, 1, at);
  writeSync(descriptor, Buffer.from([(byte[0] ?? 0) ^ 0x10]), 0, 1, at);
  closeSync(descriptor);
}

async function killedWithAcknowledgedBatches(): Promise<number> {
  await start();
  await acknowledged(1);
  await central.end('SIGKILL');
  return statSync(path(`${FILE}.wal`)).size;
}

async function alarm(): Promise<void> {
  await vi.waitFor(async () => {
    const { items } = await central.get<{ items: { rule: string }[] }>('/api/v1/alerts?limit=100');
    expect(items.map(({ rule }) => rule)).toContain('central_store_lost');
  }, 30_000);
}

describe('the log of the embedded store after kill -9', () => {
  it('untouched: everything acknowledged is stored', async () => {
    await killedWithAcknowledgedBatches();
    await start();
    expect(await books()).toEqual({ stored: 2 * BATCHES, lost: 0 });
    expect(aside()).toEqual([]);
  });

  it('with one wrong byte: central starts, what is gone is declared lost, an alarm and the log name it, and the file stays', async () => {
    const size = await killedWithAcknowledgedBatches();
    flip(path(`${FILE}.wal`), Math.floor(size / 2));
    await start();
    const { stored, lost } = await books();
    expect(stored).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
    expect(stored + lost).toBe(2 * BATCHES);
    expect(aside()).toHaveLength(1);
    await alarm();
    await acknowledged(BATCHES + 1);
    expect((await books()).stored).toBe(stored + 2 * BATCHES);
    const { stdout, stderr } = await central.end('SIGTERM');
    expect(stdout + stderr).toContain('they are declared lost');
    expect(stdout + stderr).toContain(aside()[0]);
  });

  it.each([
    ['emptied', (log: string) => truncateSync(log, 0)],
    ['deleted', (log: string) => rmSync(log)],
  ])('%s: it starts as if nothing had been, and everything is declared lost', async (_what, damage) => {
    await killedWithAcknowledgedBatches();
    damage(path(`${FILE}.wal`));
    await start();
    expect(await books()).toEqual({ stored: 0, lost: 2 * BATCHES });
    await alarm();
  });

  it(`cut or with a wrong byte at ${SEEDS} places: stored and declared lost are what was acknowledged`, async () => {
    const size = await killedWithAcknowledgedBatches();
    let expected = 2 * BATCHES;
    for (let seed = 0, rest = size; seed < SEEDS; seed++) {
      const at = Math.floor((rest * (seed + 1)) / (SEEDS + 1));
      if (seed % 2 === 0) truncateSync(path(`${FILE}.wal`), at);
      else flip(path(`${FILE}.wal`), at);
      await start();
      const { stored, lost } = await books();
      expect(stored + lost, `place ${seed}: ${at} of ${rest}`).toBe(expected);
      await acknowledged(1 + expected / 2);
      expected += 2 * BATCHES;
      await central.end('SIGKILL');
      rest = statSync(path(`${FILE}.wal`)).size;
    }
  }, 600_000);
});

describe('the log of the embedded store, damaged', () => {
  it('and central killed again and again while it starts: the books are right all the same', async () => {
    const size = await killedWithAcknowledgedBatches();
    flip(path(`${FILE}.wal`), Math.floor((size * 3) / 4));
    for (const delayMs of KILLED_AFTER_MS) {
      const starting = new Wardwatch(['central', '--config', join(directory.path, 'central.yaml'), '--json']);
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      await starting.end('SIGKILL');
    }
    await start();
    const { stored, lost } = await books();
    expect(stored + lost).toBe(2 * BATCHES);
    expect(lost).toBeGreaterThan(0);
    expect(aside().length).toBeGreaterThan(0);
    await alarm();
  });
});

describe('the file of the embedded store', () => {
  it('with a damaged begin: central starts with a new one, the old one stays, everything is declared lost', async () => {
    await start();
    await acknowledged(1);
    await central.end('SIGTERM');
    flip(path(FILE), 4);
    flip(path(FILE), 10);
    await start();
    expect(await books()).toEqual({ stored: 0, lost: 2 * BATCHES });
    expect(aside()).toHaveLength(1);
    await alarm();
  });

  it('deleted: likewise', async () => {
    await start();
    await acknowledged(1);
    await central.end('SIGTERM');
    rmSync(path(FILE));
    await start();
    expect(await books()).toEqual({ stored: 0, lost: 2 * BATCHES });
  });
});
