import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../../contract/sample.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { openDipsRecord } from './dips/dips-record.ts';
import { dipConfigSchema, dipRules } from './dips/dip-config.ts';
import { Modem } from './modem.ts';
import type { SourceReading } from './radio-source.ts';
import type { RadioState } from './radio-state.ts';
import { READ_TIMEOUT_MS } from './pending-read.ts';

const GOOD: RadioState = {
  rat: 'nr',
  plmn: '45204',
  band: 'n41',
  registered: true,
  roaming: false,
  fields: { rsrp_dbm: -80, sinr_db: 20 },
};
const WEAK: RadioState = { ...GOOD, fields: { rsrp_dbm: -120, sinr_db: 4 } };

let directory: string;
let clock: ManualClock;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-modem-'));
  clock = new ManualClock();
});
afterEach(() => rmSync(directory, { recursive: true }));

const bookFile = () => join(directory, 'cellular-dips-m-1.json');

function start(read: (signal: AbortSignal) => Promise<SourceReading>) {
  const closed: string[] = [];
  const modem = new Modem(
    {
      device: 'm-1',
      tags: { host: 'gw-1' },
      position: undefined,
      reportEveryMs: 10_000,
      dipRules: dipRules(dipConfigSchema.parse({}), 5),
    },
    {
      source: { target: 'somewhere', read, close: async () => void closed.push('closed') },
      record: openDipsRecord(bookFile(), silentLogger),
      clock,
      loadCells: async () => () => '8965b5662abffff',
    },
  );
  return { modem, closedTimes: () => closed.length };
}

async function seconds(modem: Modem, count: number) {
  const samples = [];
  for (let second = 0; second < count; second++) {
    samples.push(...(await modem.collect(new AbortController().signal)).samples);
    await clock.advance(1_000);
  }
  return samples;
}

const dipIn = (samples: readonly Sample[]) => samples.find(({ measurement }) => measurement === 'signal_dip');

describe('a modem', () => {
  it('is sent every 10 s and at a change of network, not when carriers are added', async () => {
    let state = GOOD;
    const { modem } = start(async () => ({ state, problems: [] }));
    expect(await seconds(modem, 20)).toHaveLength(2);
    state = { ...GOOD, rat: 'lte' };
    expect((await seconds(modem, 1))[0]?.tags).toMatchObject({
      rat: 'lte',
      operator: 'viettel',
      device: 'm-1',
    });
    state = { ...GOOD, rat: 'lte_ca' };
    expect(await seconds(modem, 1)).toEqual([]);
    state = { ...GOOD, registered: false, rat: 'none', fields: {} };
    const [none] = await seconds(modem, 1);
    expect(none?.tags).toEqual({ host: 'gw-1', device: 'm-1', operator: 'viettel', rat: 'none' });
  });

  it('keeps an open dip through a crash, and through the silence until it is read again', async () => {
    const before = start(async () => ({ state: WEAK, problems: [] }));
    const opened = dipIn(await seconds(before.modem, 200));
    expect(opened?.fields).toMatchObject({ open: true, duration_s: 10 });
    // Not closed: as after kill -9.
    await clock.advance(60_000);
    const after = start(async () => ({ state: GOOD, problems: [] }));
    const ended = dipIn(await seconds(after.modem, 12));
    expect(Number(ended?.fields['duration_s'])).toBeGreaterThan(130);
    expect(ended).toMatchObject({
      tags: opened?.tags,
      timeMs: opened?.timeMs,
      fields: { open: false, end_known: true },
    });
    await after.modem.close();
  });

  it.each([
    ['damaged', 'no json'],
    ['of another make', '{"v":2}'],
    ['odd', '{"v":1,"tracks":{"level":{"isOpen":"yes"}}}'],
  ])('begins anew where what it kept is %s', async (_what, text) => {
    writeFileSync(bookFile(), text);
    const { modem } = start(async () => ({ state: WEAK, problems: [] }));
    const samples = await seconds(modem, 12);
    expect(samples.filter(({ measurement }) => measurement === 'signal_dip')).toHaveLength(1);
    expect(JSON.parse(readFileSync(bookFile(), 'utf8'))).toMatchObject({
      v: 1,
      tracks: { level: { isOpen: true } },
    });
  });

  it('whose reading hangs is an error after a while, is aborted, and read again', async () => {
    let reads = 0;
    const { modem, closedTimes } = start(() =>
      reads++ === 0 ? new Promise(() => undefined) : Promise.resolve({ state: GOOD, problems: [] }),
    );
    const run = async () => {
      const over = new AbortController();
      const collecting = modem.collect(over.signal);
      await clock.advance(1_000);
      over.abort();
      return collecting;
    };
    const first = await run();
    expect(first.errors.map(({ message }) => message)).toEqual([
      'cellular m-1 (somewhere): no answer for 1000 ms',
    ]);
    await clock.advance(READ_TIMEOUT_MS);
    expect((await run()).errors[0]?.message).toContain(`not done within ${READ_TIMEOUT_MS} ms`);
    expect((await run()).samples).toHaveLength(1);
    await modem.close();
    expect(closedTimes()).toBe(1);
    expect(clock.sleeperCount).toBe(0);
  });
});
