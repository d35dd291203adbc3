import { writeTo } from '../../central/store/contract/fixture.ts';
import { expect, it } from 'vitest';
import { createDuckDbStore } from '../../central/store/duckdb/store.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { dipSample } from '../../edge/collectors/cellular/dips/dip-sample.ts';
import type { DipEvent } from '../../edge/collectors/cellular/dips/dip.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { arrive } from '../support/snmp-poller.ts';

const START = 1_800_000_000_000;
const signal = AbortSignal.timeout(60_000);

it('a dip that is told twice is stored once, as it was told last', async () => {
  const store = createDuckDbStore({ file: ':memory:', catalogue: CATALOGUE, log: silentLogger });
  await store.open(signal);
  const event = (isOpen: boolean, seconds: number): DipEvent => ({
    rule: 'level',
    kind: 'level',
    isOpen,
    endKnown: true,
    dip: {
      startMs: START,
      endMs: START + seconds * 1_000,
      unknownMs: 0,
      rsrpMinDbm: -118,
      labels: { operator: 'viettel', rat: 'nr', band: 'n41', h3_cell: '8965b5662abffff' },
    },
  });
  for (const [seq, told] of [event(true, 10), event(false, 45)].entries()) {
    const { batches, refusals } = arrive([dipSample(told, { device: 'm-1' })], START + 60_000);
    expect(refusals).toEqual([]);
    const offered = batches.map(({ tables }) => ({ agent: 'gw-1', epoch: 'abcdefgh', seq: seq + 1, tables }));
    expect(await writeTo(store, offered)).toEqual([]);
  }
  const rows = await store.latest({ measurement: 'signal_dip', tags: {}, sinceMs: 0, maxRows: 10 }, signal);
  expect(rows).toMatchObject([
    { timeMs: START, fields: { open: false, duration_s: 45, h3_cell: '8965b5662abffff' } },
  ]);
  const query = {
    measurement: 'signal_dip',
    field: 'duration_s',
    fromMs: 0,
    toMs: START * 2,
    aggregate: 'last' as const,
    groupBy: [],
    tags: {},
    maxPoints: 10,
  };
  expect((await store.query(query, signal)).series[0]?.points).toEqual([[START, 45]]);
  await store.close();
});
