import { expect, it } from 'vitest';
import { evaluateCentralClock } from './check-central-clock.ts';

const NOW_MS = 1_000_000_000;
const record = (offsetMs: number, errorMs: number, ageMs = 0) => ({
  offsetMs,
  errorMs,
  atMs: NOW_MS - ageMs,
});

it.each([
  ['no agent has measured', undefined, 'ok', 'not compared'],
  ['that was long ago', record(60_000, 100, 3_600_000), 'ok', 'not compared'],
  ['they may agree', record(900, 1_000), 'ok', "0.9 s ahead of central's, to within 1.0 s"],
  ['this one is two seconds off', record(-2_400, 400), 'warn', "2.4 s behind central's, to within 0.4 s"],
  ['this one is minutes off', record(180_000, 400), 'fail', "180.0 s ahead of central's"],
] as const)('where %s', (_, given, level, seen) => {
  const finding = evaluateCentralClock(given, NOW_MS);
  expect(finding).toMatchObject({ level, seen: expect.stringContaining(seen) as string });
});
