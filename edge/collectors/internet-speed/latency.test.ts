import { expect, it } from 'vitest';
import { whileDataFlowed } from './latency.ts';

const own = { bytes: 1_000, elapsedMs: 10_000 };

it('counts the handshakes while data flowed, from its begin: before and after it the line was idle', () => {
  const handshakes = [
    { atMs: 51_000, rttMs: 20 },
    { atMs: 54_000, rttMs: 200 },
    { atMs: 60_000, rttMs: 400 },
    { atMs: 64_000, rttMs: 400 },
    { atMs: 64_250, rttMs: 20 },
  ];
  expect(whileDataFlowed(handshakes, { startedAtMs: 54_000, own })).toEqual([
    { atMs: 0, rttMs: 200 },
    { atMs: 6_000, rttMs: 400 },
    { atMs: 10_000, rttMs: 400 },
  ]);
});

it('counts none where no data ever flowed', () => {
  expect(whileDataFlowed([{ atMs: 1, rttMs: 20 }], { own })).toEqual([]);
});
