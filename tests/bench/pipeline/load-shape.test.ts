import { expect, it } from 'vitest';
import { decodeBatch, encodeBatch } from '../../../contract/codec.ts';
import { fullShape, POINTS_PER_AGENT, valuesIn } from '../shapes.ts';
import { beatLoad } from './alert-beat.ts';
import { toLoad } from './load-shape.ts';

const HEADER = { epoch: 'bench000', seq: 1, lowest: 1, sentAtMs: 1_000, backfill: false };

it('sends the same values with a new time', () => {
  const [{ agent, samples } = { agent: '', samples: [] }] = fullShape(['gw-1'], 1_000);
  const [body, ...more] = toLoad(agent, samples).bodies;
  const [first, second] = [5_000, 6_000].map((timeMs) => decodeBatch(encodeBatch(HEADER, body!.at(timeMs))));

  expect(more).toEqual([]);
  expect([body!.points, body!.values]).toEqual([POINTS_PER_AGENT, valuesIn(samples)]);
  expect([first!.baseMs, second!.baseMs]).toEqual([5_000, 6_000]);
  expect(second!.tables).toEqual(first!.tables);
});

it('lets the lines fail at one beat and recover at the next', () => {
  const load = beatLoad();
  const lossAt = (): unknown => decodeBatch(encodeBatch(HEADER, load.bodies[0]!.at(1))).tables[0]!.rows[0];

  expect([lossAt(), lossAt(), lossAt()]).toMatchObject([
    [['beat-0'], 0, [100]],
    [['beat-0'], 0, [0]],
    [['beat-0'], 0, [100]],
  ]);
});
