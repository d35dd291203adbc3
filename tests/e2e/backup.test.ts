import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { agentTopic } from '../../contract/topics.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RawAgent, rawBatch } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch, type Ended } from '../support/wardwatch.ts';

const AGENT = 'gw-1';
const HALF = 10;
let scratch: TemporaryDirectory;
let central: CentralProgram | undefined;
let agent: RawAgent | undefined;
beforeEach(() => {
  scratch = temporaryDirectory('backup');
});
afterEach(async () => {
  agent?.end();
  agent = undefined;
  await central?.end('SIGKILL');
  central = undefined;
  scratch.remove();
});

const at = (...names: readonly string[]): string => join(scratch.path, ...names);
const data = (name: string): string => at(name, 'data');

async function startCentral(name: string): Promise<CentralProgram> {
  mkdirSync(at(name), { recursive: true });
  central = await CentralProgram.start({ directory: at(name), agents: [AGENT] });
  agent = await RawAgent.connect(central.brokerUrl, AGENT);
  writeFileSync(at('token'), central.token);
  return central;
}

const FROM_MS = Date.now() - 600_000;
function send(seq: number): void {
  const sample: Sample = {
    measurement: 'cpu',
    tags: { cpu: 'cpu-total' },
    fields: { usage_active: seq },
    timeMs: FROM_MS + seq * 1_000,
  };
  agent?.publish(agentTopic(AGENT, 'up'), rawBatch(seq, [sample]));
}

async function sendAll(seqs: readonly number[]): Promise<void> {
  for (const seq of seqs) send(seq);
  for (const seq of seqs) await agent?.untilStored(seq);
}

const from = (first: number, last: number): readonly number[] =>
  Array.from({ length: last - first + 1 }, (_, index) => first + index);

/** The seqs in the store, from their values. */
async function storedSeqs(program: CentralProgram): Promise<readonly number[]> {
  type Answer = { series: { points: (readonly [number, number])[] }[] };
  const query = `measurement=cpu&field=usage_active&from=${FROM_MS}&to=${FROM_MS + 600_000}`;
  const { series } = await program.get<Answer>(`/api/v1/series?${query}`);
  return series.flatMap(({ points }) => points.map(([, value]) => value)).sort((a, b) => a - b);
}

async function ledgerSeqs(program: CentralProgram): Promise<readonly number[]> {
  const entry = await program.ledgerOf(AGENT);
  return (entry?.stored ?? []).flatMap(([first, last]) => from(first, last));
}

const run = (...args: readonly string[]): Promise<Ended> => new Wardwatch(args).end();
const backup = (name: string, to: string, ...more: readonly string[]): Promise<Ended> =>
  run('backup', at(to), '--data-dir', data(name), ...more);
const online = (program: CentralProgram): readonly string[] => [
  '--url',
  program.apiUrl,
  '--token-file',
  at('token'),
];
const restore = (of: string, name: string, ...more: readonly string[]): Promise<Ended> =>
  run('restore', at(of), '--data-dir', data(name), ...more);

describe('backup and restore', () => {
  it('of a running central under load: nothing acknowledged before is missing, nothing is in the ledger only, and a resend is stored once', async () => {
    const first = await startCentral('first');
    await sendAll(from(1, HALF));
    const sending = (async () => {
      for (const seq of from(HALF + 1, 2 * HALF)) await sendAll([seq]);
    })();
    const made = await backup('first', 'copy', ...online(first));
    expect(made).toMatchObject({ code: 0, stderr: '' });
    const { checks } = await first.get<{ checks: { name: string; detail: string }[] }>('/readyz');
    expect(checks.find(({ name }) => name === 'backup')?.detail).toMatch(
      /^\d+ s since the last whole backup/,
    );
    await sending;
    expect(readdirSync(data('first'))).not.toContain('store-copy');
    const audit = await first.get<{ items: { action: string }[] }>('/api/v1/audit');
    expect(audit.items.map(({ action }) => action)).toContain('store.copy');
    for (const name of readdirSync(at('copy'))) expect(statSync(at('copy', name)).mode & 0o077, name).toBe(0);
    agent?.end();
    await first.end('SIGKILL');

    expect(await restore('copy', 'second')).toMatchObject({ code: 0, stderr: '' });
    const second = await startCentral('second');
    const [inLedger, inStore] = [await ledgerSeqs(second), await storedSeqs(second)];
    expect(inLedger).toEqual(expect.arrayContaining([...from(1, HALF)]));
    expect(inStore).toEqual(expect.arrayContaining([...inLedger]));
    await sendAll(from(1, 2 * HALF));
    expect(await ledgerSeqs(second)).toEqual(from(1, 2 * HALF));
    expect(await storedSeqs(second)).toEqual(from(1, 2 * HALF));
  });

  it('of a stopped central needs no token, and --replace keeps what was there', async () => {
    const first = await startCentral('first');
    await sendAll(from(1, 3));
    agent?.end();
    expect((await first.end('SIGTERM')).code).toBe(0);
    expect(await backup('first', 'copy')).toMatchObject({ code: 0, stderr: '' });
    const refused = await restore('copy', 'first');
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/already has state\.db, .*--replace/);
    expect((await restore('copy', 'first', '--replace')).code).toBe(0);
    const aside = readdirSync(data('first')).filter((name) => name.startsWith('replaced-'));
    expect(aside).toHaveLength(1);
    expect(existsSync(join(data('first'), aside[0]!, 'state.db'))).toBe(true);
    expect(await ledgerSeqs(await startCentral('first'))).toEqual([1, 2, 3]);
  });

  it('refuse with a reason: a full directory, no token, a running central, a copy that was changed', async () => {
    const first = await startCentral('first');
    expect((await backup('first', 'copy')).stderr).toMatch(/central is running: expected --token-file/);
    expect((await backup('first', 'first', ...online(first))).stderr).toMatch(/first: not empty/);
    expect(await restore('copy', 'second')).toMatchObject({
      code: 4,
      stderr: expect.stringMatching(/manifest\.json: no manifest of a complete backup/) as string,
    });
    expect((await backup('first', 'whole', ...online(first))).code).toBe(0);
    expect((await restore('whole', 'first', '--replace')).stderr).toMatch(/already in use by process \d+/);
    const spoil = async (change: (copy: string) => void): Promise<Ended> => {
      cpSync(at('whole'), at('spoilt'), { recursive: true, force: true });
      change(at('spoilt'));
      return restore('spoilt', 'second');
    };
    const state = readFileSync(at('whole', 'state.db'));
    const refusals = [
      await spoil((copy) => writeFileSync(join(copy, 'state.db'), state.subarray(4_096))),
      await spoil((copy) => writeFileSync(join(copy, 'state.db'), Buffer.from(state).fill(1, 2_000, 2_010))),
      await spoil((copy) => {
        const file = join(copy, 'manifest.json');
        writeFileSync(file, readFileSync(file, 'utf8').replace('"wardwatch.duckdb"', '"../outside"'));
      }),
    ];
    expect(refusals.map(({ code }) => code)).toEqual([4, 4, 4]);
    expect(refusals.map(({ stderr }) => stderr)).toEqual([
      expect.stringMatching(/state\.db: expected \d+ bytes, got \d+/),
      expect.stringMatching(/state\.db: expected SHA-256/),
      expect.stringMatching(/files\.\d+\.name: not the name of a file in a backup/),
    ]);
    expect(existsSync(data('second'))).toBe(false);
  });
});
