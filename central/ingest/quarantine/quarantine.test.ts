import { appendFileSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UserError } from '../../../runtime/errors.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openQuarantine, QuarantineBusyError, type Quarantine, type QuarantineLimits } from './quarantine.ts';
import { QuarantineFiles } from './quarantine-files.ts';

let directory: string;
let clock: ManualClock;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'quarantine-'));
  clock = new ManualClock();
});

afterEach(() => rmSync(directory, { recursive: true, force: true }));

function open(limits: Partial<QuarantineLimits> = {}): Quarantine {
  return openQuarantine({ directory, clock, log: silentLogger, limits });
}

const GENEROUS = { entryBurstPerAgent: 100_000 };

describe('the quarantine', () => {
  it('is read for one call at a time, and few wait', async () => {
    const quarantine = open();
    quarantine.add({ agent: 'gw-1', code: 'x', reason: 'r' });
    const calls = await Promise.allSettled(Array.from({ length: 30 }, () => quarantine.list({ limit: 5 })));
    const refused = calls.flatMap((each): unknown[] => (each.status === 'rejected' ? [each.reason] : []));
    expect(refused).toHaveLength(22);
    for (const reason of refused) expect(reason).toBeInstanceOf(QuarantineBusyError);
    expect(await quarantine.list({ limit: 5 })).toHaveLength(1);
  });

  it('reads only files that have something of the measurement', async () => {
    for (const measurement of ['ping', 'capacity']) {
      const quarantine = open();
      quarantine.add({ agent: 'gw-1', measurement, code: 'x', reason: 'r' });
      await quarantine.flush();
    }
    const files = new QuarantineFiles(directory, { maxBytes: 1_000_000, maxEntries: 1_000 }, 0);
    expect(files.newestFirst({})).toHaveLength(2);
    expect(files.newestFirst({ measurement: 'ping' })).toEqual(files.newestFirst({ before: 2 }));
    expect(files.newestFirst({ measurement: 'other' })).toEqual([]);
  });

  it('lists its entries newest first, page by page, across a restart', async () => {
    const first = open();
    first.add({
      agent: 'gw-1',
      epoch: 'abcdefgh',
      seq: 7,
      row: 3,
      measurement: 'ping',
      code: 'out-of-range',
      reason: 'average_response_ms is -4',
      raw: [['n-1'], 0, [-4n]],
    });
    first.add({ agent: 'gw-2', code: 'not-gzip', reason: 'rubbish', payload: Buffer.from([1, 2, 3]) });
    await first.flush();
    const again = open();
    again.add({ agent: 'gw-1', code: 'bad-state', reason: 'no birth' });
    const [newest, ...older] = await again.list({ limit: 10 });
    expect(newest).toEqual({
      id: 3,
      atMs: clock.now(),
      agent: 'gw-1',
      code: 'bad-state',
      reason: 'no birth',
    });
    expect(older).toMatchObject([
      { id: 2, agent: 'gw-2', payloadBase64: 'AQID', payloadBytes: 3 },
      { id: 1, agent: 'gw-1', epoch: 'abcdefgh', seq: 7, row: 3, raw: [['n-1'], 0, ['-4']] },
    ]);
    expect((await again.list({ limit: 1, before: 3 })).map(({ id }) => id)).toEqual([2]);
    expect((await again.list({ limit: 10, agent: 'gw-1' })).map(({ id }) => id)).toEqual([3, 1]);
    expect((await again.list({ limit: 10, code: 'not-gzip' })).map(({ id }) => id)).toEqual([2]);
    expect(again.stats()).toMatchObject({
      entries: 3,
      byCode: { 'out-of-range': 1, 'not-gzip': 1, 'bad-state': 1 },
      notKept: 0,
    });
  });

  it('keeps the start of a long payload, and its length', async () => {
    const quarantine = open();
    quarantine.add({
      agent: 'gw-1',
      code: 'oversize',
      reason: 'r'.repeat(5_000),
      payload: Buffer.alloc(60_000),
    });
    quarantine.add({ agent: 'gw-1', code: 'wrong-type', reason: 'r', raw: { text: 'x'.repeat(9_000) } });
    const [row, payload] = await quarantine.list({ limit: 2 });
    expect(payload).toMatchObject({ payloadBytes: 60_000 });
    expect(Buffer.from(payload?.payloadBase64 ?? '', 'base64')).toHaveLength(4_096);
    expect(payload?.reason).toHaveLength(1_000);
    expect(row?.raw).toHaveLength(4_096);
  });

  it('does not let one bad agent displace the entries of others', async () => {
    const quarantine = open({ entryBurstPerAgent: 5, entriesPerAgentPerS: 1 });
    for (let index = 0; index < 100; index++) quarantine.add({ agent: 'bad', code: 'not-gzip', reason: 'r' });
    quarantine.add({ agent: 'rare', code: 'not-json', reason: 'r' });
    expect(quarantine.stats()).toMatchObject({ entries: 6, notKept: 95 });
    await clock.advance(2_000);
    for (let index = 0; index < 100; index++) quarantine.add({ agent: 'bad', code: 'not-gzip', reason: 'r' });
    expect(quarantine.stats().entries).toBe(8);
    quarantine.add({ agent: 'bad', code: 'broker-publish', reason: 'of another kind' });
    expect(quarantine.stats().entries).toBe(9);

    await quarantine.flush();
    const slow = open({ ...GENEROUS, maxBytes: 16_000 });
    for (let index = 0; index < 1_000; index++) slow.add({ agent: 'bad', code: 'not-gzip', reason: 'r' });
    expect(slow.stats().bytes).toBeLessThan(3_000);
    expect(await slow.list({ agent: 'rare', limit: 1 })).toHaveLength(1);
  });

  it('gives an agent that used up its share space again once its entries are a month old, also after a restart', async () => {
    const limits = { ...GENEROUS, maxBytes: 64_000 };
    const before = open(limits);
    before.add({ agent: 'gw-1', code: 'out-of-range', reason: 'the only copy' });
    for (let index = 0; index < 3_000; index++) before.add({ agent: 'bad', code: 'not-gzip', reason: 'r' });
    expect(before.stats().bytes).toBeLessThan(64_000 / 16 + 1_000);
    await before.flush();
    await clock.advance(29 * 86_400_000);
    open(limits).add({ agent: 'bad', code: 'not-gzip', reason: 'not kept' });
    await clock.advance(2 * 86_400_000);
    const after = open(limits);
    after.add({ agent: 'bad', code: 'not-gzip', reason: 'kept' });
    expect(after.stats()).toMatchObject({ notKept: 0 });
    expect(await after.list({ agent: 'bad', limit: 1 })).toMatchObject([{ reason: 'kept' }]);
    expect(await after.list({ agent: 'gw-1', limit: 1 })).toMatchObject([{ reason: 'the only copy' }]);
  });

  it('names the agents whose entries it did not keep, once', () => {
    const quarantine = open({ entryBurstPerAgent: 1, entriesPerAgentPerS: 0 });
    for (const agent of ['gw-1', 'gw-1', 'gw-1', 'gw-2'])
      quarantine.add({ agent, code: 'not-gzip', reason: 'r' });
    expect(quarantine.takeNotKept()).toEqual([{ agent: 'gw-1', entries: 2 }]);
    expect(quarantine.takeNotKept()).toEqual([]);
  });

  it('deletes the oldest files at its limit, on disk too', async () => {
    const quarantine = open({ ...GENEROUS, maxBytes: 32_000 });
    for (let index = 1; index <= 2_000; index++) {
      quarantine.add({ agent: `gw-${index}`, code: 'not-gzip', reason: `number ${index}` });
      if (index % 50 === 0) await quarantine.flush();
    }
    await quarantine.flush();
    const onDisk = readdirSync(directory).reduce(
      (sum, name) => sum + statSync(join(directory, name)).size,
      0,
    );
    expect(onDisk).toBeLessThanOrEqual(32_000);
    expect(quarantine.stats().bytes).toBe(onDisk);
    expect((await quarantine.list({ limit: 1 }))[0]?.reason).toBe('number 2000');
    expect(await quarantine.list({ limit: 1, before: 2 })).toEqual([]);
  });

  it('skips a line that a crash cut short, and does not append to it', async () => {
    const before = open();
    before.add({ agent: 'gw-1', code: 'not-gzip', reason: 'whole' });
    await before.flush();
    appendFileSync(join(directory, readdirSync(directory)[0] ?? ''), '{"id":2,"agent":"gw-1","rea');
    const after = open();
    after.add({ agent: 'gw-1', code: 'not-gzip', reason: 'after the crash' });
    expect((await after.list({ limit: 9 })).map(({ reason }) => reason)).toEqual([
      'after the crash',
      'whole',
    ]);
  });

  it('counts entries that a failing disk did not take, and continues', async () => {
    const quarantine = open();
    rmSync(directory, { recursive: true });
    quarantine.add({ agent: 'gw-1', code: 'not-gzip', reason: 'r' });
    await quarantine.flush();
    expect(quarantine.stats().notKept).toBe(1);
    expect(await quarantine.list({ limit: 1 })).toEqual([]);
  });

  it('refuses a directory that it cannot use', () => {
    const file = join(directory, 'file');
    appendFileSync(file, '');
    expect(() => openQuarantine({ directory: file, clock, log: silentLogger })).toThrow(UserError);
  });
});
