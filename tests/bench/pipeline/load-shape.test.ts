import { expect, it } from 'vitest';
import { decodeBatch, encodeBatch } from '../../../contract/codec.ts';
import { fullShape, POINTS_PER_AGENT, valuesIn } from '../shapes.ts';
import { beatLoad } from './alert-beat.ts';
import { forthAndBack, toLoad } from './load-shape.ts';

const HEADER = { epoch: 'bench000', seq: 1, lowest: 1, sentAtMs: 1_000, backfill: false };

it('sends the same values with a new time', () => {
  const [shape] = fullShape(['gw-1'], 1_000);
  const [body, ...more] = toLoad(shape!, 'batches').bodies;
  const [first, second] = [5_000, 6_000].map((timeMs) => decodeBatch(encodeBatch(HEADER, body!.at(timeMs))));

  expect(more).toEqual([]);
  expect([body!.points, body!.values]).toEqual([POINTS_PER_AGENT, valuesIn(shape!.samples)]);
  expect([first!.baseMs, second!.baseMs]).toEqual([5_000, 6_000]);
  expect(second!.tables).toEqual(first!.tables);
});

it('gives Telegraf the same points and values as lines, with their distances in time', () => {
  const [shape] = fullShape(['gw-1'], 1_000);
  const [first, ...others] = shape!.samples;
  const samples = [first!, ...others.map((sample) => ({ ...sample, timeMs: 1_007 }))];
  const [lines, ...more] = toLoad({ agent: 'gw-1', samples }, 'lines').bodies;
  const text = lines!.at(5_000).toString('utf8').split('\n');

  expect(more).toEqual([]);
  expect([lines!.points, lines!.values]).toEqual([POINTS_PER_AGENT, valuesIn(samples)]);
  expect(text).toHaveLength(POINTS_PER_AGENT);
  expect(text[0]).toBe(
    'interface,device=gw-1-n0,interface=ge-0/0/0,agent=gw-1 in_bps=1000000,out_bps=500000,' +
      'in_utilization_pct=0,out_utilization_pct=0,in_errors=0i,out_errors=0i,in_discards=0i,out_discards=0i,' +
      'oper_status=1i,admin_status=1i 5000000000',
  );
  expect(text[1]).toMatch(/ 5007000000$/);
});

it('lets the lines get slow at one beat and recover at the next', () => {
  const load = beatLoad('batches');
  const rowAt = (): unknown => decodeBatch(encodeBatch(HEADER, load.bodies[0]!.at(1))).tables[0]!.rows[0];

  expect([rowAt(), rowAt(), rowAt()]).toMatchObject([
    [['beat', 'beat-0-0'], expect.any(Number), [100]],
    [['beat', 'beat-0-0'], expect.any(Number), [1]],
    [['beat', 'beat-1-0'], expect.any(Number), [100]],
  ]);
});

it('walks over the instants of a city forth and back, so that values move slowly', () => {
  const instants = [0, 1, 2, 3].map((at) => {
    const samples = [
      { measurement: 'ping', tags: { device: 'n-1' }, fields: { average_response_ms: at }, timeMs: 0 },
    ];
    return toLoad({ agent: 'gw-1', samples }, 'lines');
  });
  const load = forthAndBack('gw-1', instants);
  const sent = Array.from({ length: 8 }, () => load.bodies[0]!.at(0).toString('utf8'));

  expect(sent.map((line) => /average_response_ms=(\d)/.exec(line)![1])).toEqual([
    '0',
    '1',
    '2',
    '3',
    '2',
    '1',
    '0',
    '1',
  ]);
});
