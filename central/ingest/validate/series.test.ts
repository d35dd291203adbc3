import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { SeriesRegistry } from '../../samples/series-registry.ts';
import { batchOf, check, NOW, ping } from '../testing/validate-rows.ts';
import { createValidator } from './validator.ts';

describe('the number of series', () => {
  const rowOf = (url: string): unknown => [['gw-1', url], 0, [1, 0]];
  const rows = (from: number, to: number): unknown[] =>
    Array.from({ length: to - from }, (_, at) => rowOf(`10.0.0.${from + at}`));

  it('is bounded for each agent, and known series are still accepted', () => {
    const validator = createValidator(
      CATALOGUE,
      {},
      { registry: new SeriesRegistry({ maxSeriesPerAgent: 10 }) },
    );
    const send = (agent: string, from: number, to: number): unknown => {
      const { points, refusals } = validator.validate(agent, batchOf(ping(...rows(from, to))), NOW);
      return [points, refusals.map(({ code }) => code)];
    };
    expect(send('gw-1', 0, 10)).toEqual([10, []]);
    expect(send('gw-1', 5, 12)).toEqual([5, ['too-many-series', 'too-many-series']]);
    expect(send('gw-1', 0, 10)).toEqual([10, []]);
    expect(send('gw-2', 0, 12)).toEqual([10, ['too-many-series', 'too-many-series']]);
  });

  it('is counted again every hour, so that replaced series do not count', () => {
    const validator = createValidator(
      CATALOGUE,
      {},
      { registry: new SeriesRegistry({ maxSeriesPerAgent: 10 }) },
    );
    const send = (atMs: number, from: number): number =>
      validator.validate('gw-1', { ...batchOf(ping(...rows(from, from + 10))), baseMs: atMs }, atMs).points;
    expect(send(NOW, 0)).toBe(10);
    expect(send(NOW + 3_599_999, 10)).toBe(0);
    expect(send(NOW + 3_600_000, 10)).toBe(10);
  });

  it('does not depend on the order of the tags', () => {
    const swapped = { ...ping([['10.0.0.1', 'gw-1'], 0, [1, 0]]), tags: ['url', 'host'] };
    const { refusals } = check([ping(rowOf('10.0.0.1')), swapped], {}, { maxSeriesPerAgent: 1 });
    expect(refusals).toEqual([]);
  });

  it('is not used up by rows that are refused', () => {
    const bad = Array.from({ length: 5 }, (_, at) => [['gw-1', `bad-${at}`], 0, [-1, 0]]);
    const { points } = check(ping(...bad, rowOf('a'), rowOf('b')), {}, { maxSeriesPerAgent: 2 });
    expect(points).toBe(2);
  });

  it('never takes a bad tag for part of a known series', () => {
    const known = [['a', 'b'], 0, [1]];
    const alike = [['a\n1:b', null], 0, [1]];
    expect(check(ping(known, alike)).refusals.map(({ row, code }) => [row, code])).toEqual([[1, 'bad-tag']]);
  });

  it('is remembered within bounds: the agent with the oldest last batch starts again', () => {
    const limits = { maxSeriesPerAgent: 10, maxSeriesRemembered: 25 };
    const validator = createValidator(CATALOGUE, {}, { registry: new SeriesRegistry(limits) });
    const send = (agent: string, from: number): number =>
      validator.validate(agent, batchOf(ping(...rows(from, from + 10))), NOW).points;
    expect([send('gw-1', 0), send('gw-2', 0)]).toEqual([10, 10]);
    expect([send('gw-1', 10), send('gw-2', 10)]).toEqual([0, 0]);
    expect([send('gw-3', 0), send('gw-4', 0)]).toEqual([10, 10]);
    expect(send('gw-1', 10)).toBe(10);
  });
});
