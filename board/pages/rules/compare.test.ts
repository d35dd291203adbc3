import { expect, it } from 'vitest';
import { countsByEntity, firedByHour } from './compare.ts';

const alerts = (...hosts: string[]) => hosts.map((host) => ({ entity: { host }, firedAtMs: 0 }));

it('counts alerts of each entity by both rules, those that differ most first', () => {
  expect(countsByEntity(alerts('a', 'b', 'b', 'b'), alerts('a', 'c'))).toEqual([
    { entity: 'b', draft: 3, present: 0 },
    { entity: 'c', draft: 0, present: 1 },
    { entity: 'a', draft: 1, present: 1 },
  ]);
});

it('counts by hour over a short time, and leaves longer ones to the days', () => {
  const hour = 3_600_000;
  const listed = [{ entity: {}, firedAtMs: 1.5 * hour }];
  const stored = { rows: 9, gaps: { count: 0, listed: [] } };
  expect(
    firedByHour({ fromMs: 0.5 * hour, toMs: 2 * hour, ...stored, alerts: { total: 1, listed } }),
  ).toEqual([
    { atMs: 0, fired: 0 },
    { atMs: hour, fired: 1 },
  ]);
  expect(
    firedByHour({ fromMs: 0, toMs: 60 * hour, ...stored, alerts: { total: 1, listed } }),
  ).toBeUndefined();
  expect(firedByHour({ fromMs: 0, toMs: hour, ...stored, alerts: { total: 2, listed } })).toBeUndefined();
});

it('never says that nothing fired in an hour of which nothing is stored', () => {
  const hour = 3_600_000;
  const gaps = { count: 1, listed: [{ fromMs: 0, toMs: hour }] };
  const tested = { fromMs: 0, toMs: 2 * hour, rows: 9, gaps, alerts: { total: 0, listed: [] } };
  expect(firedByHour(tested)).toEqual([
    { atMs: 0, fired: undefined },
    { atMs: hour, fired: 0 },
  ]);
});
