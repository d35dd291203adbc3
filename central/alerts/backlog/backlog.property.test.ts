import fc from 'fast-check';
import { expect, it } from 'vitest';
import { playScene, type Scene } from './testing/backlog-scene.ts';

const STEP_S = 60;

/** Faults and cuts in turns: so many minutes healthy or heard, so many not. */
const spans = (healthy: number, not: number) =>
  fc.array(fc.tuple(fc.integer({ min: healthy, max: 4 * healthy }), fc.integer({ min: 1, max: not })), {
    minLength: 1,
    maxLength: 8,
  });
const scenes = fc.record({
  faults: spans(32, 60),
  cuts: spans(40, 120),
  delay: fc.integer({ min: 0, max: 20 }),
  rate: fc.integer({ min: 1, max: 30 }),
  rowsABatch: fc.integer({ min: 1, max: 20 }),
  restarts: fc.boolean(),
  olderBy: fc.integer({ min: 0, max: 240 }),
});

function expectTrueHistory(scene: Scene): void {
  const truth = playScene(scene, 'all-heard');
  const corrected = playScene(scene, 'cut');
  expect(corrected.told).toEqual(playScene(scene, 'lost').told);
  expect(corrected.intervals, JSON.stringify(truth.intervals)).toHaveLength(truth.intervals.length);
  corrected.intervals.forEach(([from, to], at) => {
    const [trueFrom = NaN, trueTo = NaN] = truth.intervals[at] ?? [];
    expect(Math.abs(from - trueFrom), `begin ${from}, truly ${trueFrom}`).toBeLessThanOrEqual(STEP_S);
    expect(Math.abs(to - trueTo), `end ${to}, truly ${trueTo}`).toBeLessThanOrEqual(STEP_S);
  });
  expect(corrected.stats).toMatchObject({ agents: 0, entities: 0 });
}

it('history with the backlog is what it would be had all samples come in time, and the same is told as without it', () => {
  fc.assert(fc.property(scenes, expectTrueHistory), { numRuns: 8 });
});

const RESTARTS = { delay: 0, rate: 1, rowsABatch: 10, restarts: true, olderBy: 0 };

it.each<[string, Scene]>([
  [
    'ends between a cut and a restart after which it is silent for a moment',
    {
      faults: [
        [101, 4],
        [37, 2],
        [37, 6],
      ],
      cuts: [
        [91, 93],
        [40, 1],
      ],
      ...RESTARTS,
    },
  ],
  [
    'ends before the cut does, so that only its end live is still to come',
    { faults: [[372, 24]], cuts: [[387, 39]], ...RESTARTS, rate: 22, rowsABatch: 5 },
  ],
  [
    'is over before a restart, and its backlog comes after that',
    { faults: [[166, 25]], cuts: [[116, 76]], ...RESTARTS, delay: 4, rate: 22 },
  ],
  [
    'is in a cut whose batches hold older rows',
    { faults: [[160, 20]], cuts: [[116, 100]], ...RESTARTS, restarts: false, olderBy: 60 },
  ],
])('history is true of a fault that %s', (_, scene) => {
  expectTrueHistory(scene);
});
