import { describe, expect, it } from 'vitest';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { paced } from './paced.ts';

const signal = new AbortController().signal;
const nothing = { readings: [], errors: [] };

describe('a part that is read now and then', () => {
  it('is read twice at the start, and then only when it is due', async () => {
    const clock = new ManualClock();
    let reads = 0;
    const part = paced({ name: 'slow', read: async () => (reads++, nothing) }, 60_000, clock);
    const readsAfter: number[] = [];
    for (let run = 0; run < 14; run++) {
      await part.read(signal);
      readsAfter.push(reads);
      await clock.advance(10_000);
    }
    expect(readsAfter).toEqual([1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 3, 3, 3, 4]);
  });

  it('is given up when it does not answer, and not asked again until it does', async () => {
    const clock = new ManualClock();
    let answer: (readings: typeof nothing) => void = () => undefined;
    const read = () => new Promise<typeof nothing>((resolve) => (answer = resolve));
    const part = paced({ name: 'stuck', read }, 1_000, clock);
    const first = part.read(signal);
    const failed = expect(first).rejects.toThrow('did not answer within 5000 ms');
    await clock.advance(5_000);
    await failed;
    await expect(part.read(signal)).rejects.toThrow('still does not answer');
    answer(nothing);
    await new Promise((resolve) => setImmediate(resolve));
    const second = part.read(signal);
    answer(nothing);
    expect(await second).toEqual(nothing);
  });
});
