import { beforeEach, describe, expect, it } from 'vitest';
import type { SeriesQuery, SeriesResult } from '../store/sample-store.ts';
import { CapacityHistory } from './capacity-history.ts';
import { CAPACITY_MEASURES } from './capacity-kinds.ts';
import { keyOf } from './newest-capacities.ts';
import { DAY_MS } from './read-days.ts';

const TODAY = 20_000;
const signal = new AbortController().signal;

/** Days on which each file system has a value, the last not included. */
let disks: Map<string, readonly [fromDay: number, toDay: number]>;
let history: CapacityHistory;

beforeEach(() => {
  disks = new Map();
  history = new CapacityHistory({
    store: { query: (query) => Promise.resolve(answer(query)) },
    ...{ measure: CAPACITY_MEASURES.disk, offsetMs: 0, maxSeries: 50 },
  });
});

function answer({ fromMs, toMs }: SeriesQuery): SeriesResult {
  const series = [...disks].map(([path, [fromDay, toDay]]) => {
    const points: [number, number][] = [];
    for (let day = Math.max(fromDay, fromMs / DAY_MS); day < Math.min(toDay, toMs / DAY_MS); day++)
      points.push([day * DAY_MS, day]);
    return { tags: { host: 'srv-1', path }, points };
  });
  return { series, truncated: false };
}

async function readUntil(day: number): Promise<void> {
  while ((await history.readNext(day * DAY_MS, signal)) === 'read');
}

const daysOf = (path: string): number =>
  history.valuesOf(keyOf(CAPACITY_MEASURES.disk.tags, { host: 'srv-1', path })).length;

describe('the daily history of file systems', () => {
  it('of one that is gone is forgotten after six weeks, also of one gone long before the start', async () => {
    disks.set('/', [TODAY - 500, TODAY + 100]);
    disks.set('/gone', [TODAY - 500, TODAY]);
    disks.set('/old', [TODAY - 700, TODAY - 300]);
    await readUntil(TODAY);
    expect(['/', '/gone', '/old'].map(daysOf)).toEqual([500, 500, 0]);
    for (let day = TODAY + 1; day < TODAY + 42; day++) await readUntil(day);
    expect(['/', '/gone'].map(daysOf)).toEqual([541, 500]);
    await readUntil(TODAY + 42);
    expect(['/', '/gone'].map(daysOf)).toEqual([542, 0]);
    expect(history.forgotten).toBe(0);
  });

  it('is of fifty at most, however many names come and go', async () => {
    disks.set('/', [TODAY - 200, TODAY + 1]);
    for (let made = 0; made < 600; made++)
      disks.set(`/container/${made}`, [
        TODAY - 200 + Math.floor(made / 3),
        TODAY - 199 + Math.floor(made / 3),
      ]);
    await readUntil(TODAY);
    expect(daysOf('/')).toBe(200);
    expect([...disks.keys()].filter((path) => daysOf(path) > 0)).toHaveLength(50);
    expect(daysOf('/container/599')).toBe(1);
    expect(history.forgotten).toBeGreaterThan(0);
  });
});
