import { describe, expect, it } from 'vitest';
import type { SampleBatch, SampleTable } from '../samples/sample-table.ts';
import { createLatestCache } from './latest-cache.ts';

const context = { receivedAtMs: 0, sentAtMs: 0, backfill: false };
const batch = (...tables: SampleTable[]): SampleBatch => ({
  agent: 'gw-1',
  epoch: 'abcdefgh',
  seq: 1,
  tables,
});
const ping = (device: string, timeMs: number, rtt: number | undefined): SampleTable => ({
  measurement: 'ping',
  tags: ['device', 'site'],
  fields: ['average_response_ms'],
  rows: [{ tags: [device, undefined], timeMs, values: [rtt] }],
});

describe('the latest values', () => {
  it('are the newest of each series, whatever order they arrive in', () => {
    const latest = createLatestCache(100);
    latest.observe(batch(ping('n-1', 2_000, 12), ping('n-2', 1_000, 30)), context);
    latest.observe(batch(ping('n-1', 1_000, 99)), context);
    expect(latest.rows('ping', {}, 10)).toEqual([
      { tags: { device: 'n-1' }, timeMs: 2_000, fields: { average_response_ms: 12 } },
      { tags: { device: 'n-2' }, timeMs: 1_000, fields: { average_response_ms: 30 } },
    ]);
  });

  it('are filtered by tag, and cut at the limit', () => {
    const latest = createLatestCache(100);
    latest.observe(batch(ping('n-1', 1, 1), ping('n-2', 1, 2), ping('n-3', 1, 3)), context);
    expect(latest.rows('ping', { device: ['n-2', 'n-3'] }, 10)).toHaveLength(2);
    expect(latest.rows('ping', { device: ['n-2', 'n-3'] }, 1)).toHaveLength(1);
    expect(latest.rows('ping', { nothing: ['x'] }, 10)).toEqual([]);
    expect(latest.rows('cpu', {}, 10)).toEqual([]);
  });

  it('leave out a field that is not available', () => {
    const latest = createLatestCache(100);
    latest.observe(batch(ping('n-1', 1, undefined)), context);
    expect(latest.rows('ping', {}, 10)[0]?.fields).toEqual({});
  });

  it('stay within their limit and forget old series', () => {
    const latest = createLatestCache(2);
    latest.observe(batch(ping('n-1', 1, 1), ping('n-2', 5, 2), ping('n-3', 9, 3)), context);
    expect(latest.seriesCount()).toBe(2);
    latest.forgetBefore(5);
    expect(latest.rows('ping', {}, 10).map((row) => row.tags['device'])).toEqual(['n-2']);
  });
});
