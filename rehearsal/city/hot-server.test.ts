import { expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { heatMeter, hotServers } from './hot-server.ts';

const HOUR_MS = 3_600_000;
const SPAN = { fromMs: 1_800_000_000_000, toMs: 1_800_000_000_000 + 24 * HOUR_MS };
const HOSTS = Array.from({ length: 40 }, (_, at) => `sv-${at}`);
const SERVER = { host: 'sv-1', site: 'dc1', unit: '26734' };

it('twelve of a day are hot, one after the other, each within the day and for as long as its rule needs', () => {
  const faults = hotServers(HOSTS, 7, SPAN);
  expect(faults).toHaveLength(12);
  for (const [at, { fromMs, toMs }] of faults.entries()) {
    expect(fromMs).toBeGreaterThan(faults[at - 1]?.toMs ?? SPAN.fromMs);
    expect(toMs).toBeLessThan(SPAN.toMs);
    expect(toMs - fromMs).toBeGreaterThan(42 * 60_000);
  }
  expect(new Set(faults.map(({ host }) => host)).size).toBeGreaterThan(6);
  expect(hotServers(HOSTS, 7, SPAN)).toEqual(faults);
  expect(hotServers(HOSTS, 7, { ...SPAN, toMs: SPAN.fromMs + HOUR_MS })).toEqual([]);
});

it('a busy server is warmer than an idle one, though not by what sets a broken one apart', () => {
  const cpu = (usage: number): Sample[] => [
    { measurement: 'cpu', tags: {}, fields: { usage_active: usage }, timeMs: SPAN.fromMs },
  ];
  const fault = { host: SERVER.host, fromMs: SPAN.fromMs + HOUR_MS, toMs: SPAN.fromMs + 2 * HOUR_MS };
  const measure = heatMeter(SERVER, [fault]);
  const at = (usage: number, timeMs: number): number => Number(measure(cpu(usage), timeMs).fields['temp']);
  const [idle, busy] = [at(5, SPAN.fromMs), at(99, SPAN.fromMs)];
  expect(busy - idle).toBeGreaterThan(5);
  expect(busy - idle).toBeLessThan(15);
  expect(at(5, fault.fromMs + HOUR_MS / 2) - idle).toBeGreaterThan(25);
  expect(at(5, fault.toMs) - idle).toBeLessThan(5);
});
