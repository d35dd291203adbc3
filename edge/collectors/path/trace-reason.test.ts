import { expect, it } from 'vitest';
import { traceReason, type Condition } from './trace-reason.ts';

const MINUTE_MS = 60_000;
const well: Condition = { method: 'icmp', isLossy: false, ttl: 58, latencyMinMs: 12 };
const lossy: Condition = { ...well, isLossy: true };

it.each<[string, Condition, Condition | undefined, number, string | undefined]>([
  ['a target that is new', well, undefined, 0, 'first'],
  ['a target that is new and lossy', lossy, undefined, 0, 'loss'],
  ['nothing new', well, well, 999, undefined],
  ['loss', lossy, well, 1, 'loss'],
  ['loss right after another trace', lossy, well, 0.5, undefined],
  ['loss that lasts', lossy, lossy, 5, undefined],
  ['loss that lasts long', lossy, lossy, 10, 'loss'],
  ['loss that ended', well, lossy, 1, 'recovered'],
  ['another number of hops', { ...well, ttl: 57 }, well, 5, 'ttl'],
  ['another number of hops, soon after', { ...well, ttl: 57 }, well, 4, undefined],
  ['a route that got longer', { ...well, latencyMinMs: 19 }, well, 5, 'latency'],
  ['a route that got shorter', { ...well, latencyMinMs: 6 }, well, 5, 'latency'],
  ['a little more delay', { ...well, latencyMinMs: 16 }, well, 5, undefined],
  ['ICMP no longer answered', { method: 'tcp', isLossy: false }, well, 5, 'method'],
])('%s', (_what, now, before, minutes, expected) => {
  const traced = before && { ...before, atMs: 1_000 };
  expect(traceReason(now, traced, 1_000 + minutes * MINUTE_MS)).toBe(expected);
});
