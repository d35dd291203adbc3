import { describe, expect, it } from 'vitest';
import { AnswerSize } from './answer-size.ts';

const bounds = { start: 40, most: 100 };
const after = (answers: number, size: AnswerSize) => {
  for (let answer = 0; answer < answers; answer++) size.grow(size.values);
  return size.values;
};

it('grows to its bound', () => {
  const size = new AnswerSize(bounds);
  expect([after(0, size), after(1, size), after(1, size), after(20, size)]).toEqual([40, 45, 50, 100]);
});

it('is halved until the next answer when one is lost, and for good below what is too big', () => {
  const size = new AnswerSize(bounds);
  after(20, size);
  size.lose(100);
  expect([size.values, after(1, size)]).toEqual([50, 100]);
  size.lose(10);
  expect(size.values).toBe(100);
  expect(size.shrink(100)).toBe(true);
  expect([size.values, after(499, size), after(10, size)]).toEqual([50, 99, 100]);
});

it('is never below one', () => {
  const size = new AnswerSize({ start: 1, most: 10 });
  expect([size.shrink(1), size.values]).toEqual([false, 1]);
  size.fit(0);
  expect(size.values).toBe(1);
});

it('follows what a device cuts off', () => {
  const size = new AnswerSize(bounds);
  size.fit(31);
  expect(size.values).toBe(31);
  size.fit(90);
  expect(size.values).toBe(31);
});

it('goes on with what was known before a restart, within its bounds', () => {
  const size = new AnswerSize(bounds);
  size.shrink(40);
  expect(new AnswerSize(bounds, size.known).known).toEqual({ values: 20, ceiling: 39 });
  expect(new AnswerSize({ start: 5, most: 10 }, size.known).known).toEqual({ values: 10, ceiling: 10 });
});

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function randomBy(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Line {
  /** Of any answers, 0…1. */
  readonly loss: number;
  /** Larger answers never arrive. */
  readonly fits?: number;
  readonly random: () => number;
}

/** As a conversation does: requests nearly as large as may be, a lost one repeated once. Returns values an answer on average. */
function talk(size: AnswerSize, requests: number, { loss, fits = Infinity, random }: Line) {
  let [values, lost] = [0, 0];
  for (let request = 0; request < requests; request++) {
    for (let attempt = 0; attempt < 2; attempt++) {
      const requested = Math.max(1, Math.ceil(size.values * (0.7 + 0.3 * random())));
      if (requested <= fits && random() >= loss) {
        size.grow(requested);
        values += requested;
        break;
      }
      lost++;
      if (attempt === 0) size.lose(requested);
    }
  }
  return { mean: values / requests, lost };
}

describe('lost answers', () => {
  const most = { start: 50, most: 120 };
  const SEEDS = Array.from({ length: 100 }, (_unused, seed) => seed);

  it.each([0.005, 0.01, 0.03])('of a line that loses %d of any size make none smaller', (loss) => {
    let lowered = 0;
    for (const seed of SEEDS) {
      const size = new AnswerSize(most);
      const random = randomBy(seed);
      for (let part = 0; part < 9; part++) {
        // 102 without any loss.
        expect(talk(size, 500, { loss, random }).mean).toBeGreaterThan(60);
        if (size.known.ceiling < 120) lowered++;
      }
    }
    // Chance alone loses four of a size one after the other: once in a million requests at 3 %.
    expect(lowered).toBeLessThan(9);
  });

  it.each([0, 0.01])('that are too large for the path make it smaller at once, at %d loss', (loss) => {
    for (const seed of SEEDS) {
      for (const fits of [7, 22, 59, 100]) {
        const size = new AnswerSize(most);
        const random = randomBy(seed);
        talk(size, 150, { loss, fits, random });
        expect(size.known.ceiling).toBeLessThanOrEqual(1.5 * fits);
        const { mean, lost } = talk(size, 1_500, { loss, fits, random });
        expect(mean).toBeGreaterThan(0.6 * fits);
        expect(lost).toBeLessThan(60);
      }
    }
  });

  it('of a path that has become better, or of a record from before, are forgotten within a few polls', () => {
    for (const seed of SEEDS) {
      const size = new AnswerSize(most, { values: 1, ceiling: 1 });
      talk(size, 1_500, { loss: 0, random: randomBy(seed) });
      expect(size.known).toEqual({ values: 120, ceiling: 120 });
    }
  });

  it('are forgotten, too, when the columns of a request do not fill its size', () => {
    const size = new AnswerSize(most, { values: 10, ceiling: 10 });
    for (let answer = 0; answer < 2_000; answer++) size.grow(9 * Math.floor(size.values / 9));
    expect(size.known).toEqual({ values: 120, ceiling: 120 });
  });

  it('one after the other, while nothing arrives, say nothing of the size', () => {
    const size = new AnswerSize(most, { values: 120, ceiling: 120 });
    for (let loss = 0; loss < 50; loss++) size.lose(size.values);
    size.grow(1);
    for (let answer = 0; answer < 50; answer++) size.grow(size.values);
    expect(size.known).toEqual({ values: 120, ceiling: 120 });
  });
});
