import { writeFileSync } from 'node:fs';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseLines } from '../../edge/collectors/telegraf/parse-lines.ts';
import { toSample } from '../../edge/collectors/telegraf/to-sample.ts';
import { freePort } from '../support/free-port.ts';
import { rowsOnDisk } from '../support/samples-on-disk.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { throughCentral } from '../support/through-central.ts';
import { Wardwatch } from '../support/wardwatch.ts';

let scratch: TemporaryDirectory;
let agent: Wardwatch | undefined;
beforeEach(() => {
  scratch = temporaryDirectory('telegraf');
});
afterEach(async () => {
  await agent?.end('SIGKILL');
  agent = undefined;
  scratch.remove();
});

const POINTS = 500;
const batch = (round: number): string =>
  Array.from(
    { length: POINTS },
    (_unused, index) => `mem,host=app-${index} total=${round}i 179000000${round}\n`,
  ).join('');

async function write(port: number, body: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v2/write?precision=s`, { method: 'POST', body });
  return response.status;
}

/** How many points of each round are on the agent's disk. */
async function pointsOnDisk(dataDirectory: string): Promise<Map<unknown, number>> {
  const rounds = new Map<unknown, number>();
  for (const [round] of await rowsOnDisk(dataDirectory, 'mem'))
    rounds.set(round, (rounds.get(round) ?? 0) + 1);
  return rounds;
}

describe('what Telegraf was told is taken', () => {
  it('survives kill -9 at that very moment', async () => {
    const port = await freePort();
    const nowhere = await freePort();
    const dataDirectory = join(scratch.path, 'data');
    const config = join(scratch.path, 'edge.yaml');
    writeFileSync(
      config,
      JSON.stringify({
        agent: 'gw-1',
        dataDirectory,
        broker: { url: `mqtt://127.0.0.1:${nowhere}` },
        collectors: [{ kind: 'telegraf', http: { port }, intervalMs: 1_000 }],
        log: { level: 'silent' },
      }),
    );
    for (const round of [1, 2, 3]) {
      agent = new Wardwatch(['edge', '--config', config]);
      await expect.poll(() => write(port, '').catch(() => 0), { timeout: 20_000 }).toBe(204);
      expect(await write(port, batch(round))).toBe(204);
      await agent.end('SIGKILL');
      const rounds = await pointsOnDisk(dataDirectory);
      expect([...rounds]).toEqual([1, 2, 3].slice(0, round).map((each) => [each, POINTS]));
    }
  });
});

const EXAMPLES = new URL('../../../shared/data/ingest/telegraf-examples.jsonl', import.meta.url);

describe.skipIf(!existsSync(EXAMPLES))('what Telegraf documents [needs ../shared/data]', () => {
  it('is stored by central, once it has passed the edge', () => {
    const lines = readFileSync(EXAMPLES, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { line: string }).line);
    const nowMs = Date.now();
    const { points } = parseLines(Buffer.from(lines.join('\n')));
    expect(points).toHaveLength(lines.length);
    const samples = points.flatMap((point) => {
      // The documents are years old: everything happened just now.
      const untimed = { ...point, time: undefined };
      return (
        toSample(untimed, { unitNs: 1n, receivedAtMs: nowMs, commonTags: { host: 'gw-1' } }).sample ?? []
      );
    });
    expect(samples.length).toBeGreaterThan(50);
    const { points: stored, refusals } = throughCentral(samples, nowMs);
    expect(refusals).toEqual([]);
    expect(stored).toBe(samples.length);
  });
});
