import { describe, expect, it } from 'vitest';
import { contractBatch, MINUTE, START, subjectFor, writeTo } from './fixture.ts';
import { describeHistory } from './history.ts';
import { describeLatest } from './latest.ts';
import { describeQueries } from './queries.ts';
import { describeStates } from './states.ts';
import { describeSums } from './sums.ts';
import { describeTags } from './tags.ts';
import { describeWriting } from './writing.ts';
import type { SampleStore } from '../sample-store.ts';

export { CONTRACT_CATALOGUE, contractBatch, contractQuery } from './fixture.ts';

/** What every SampleStore must do. `open` resolves with an opened store of CONTRACT_CATALOGUE without any data. */
export function describeSampleStore(name: string, open: () => Promise<SampleStore>): void {
  describe(`${name} as a sample store`, () => {
    const subject = subjectFor(open);
    const { points, signal } = subject;

    describeWriting(subject);
    describeTags(subject);
    describeQueries(subject);
    describeStates(subject);
    describeSums(subject);
    describeLatest(subject);
    describeHistory(subject);

    it('deletes what is older than a time and rolled up, of every measurement', async () => {
      const limits = { rawMs: START, minuteMs: 0, hourMs: 0 };
      await subject.store.deleteBefore(limits, signal);
      const times = [START - 1, START, START + 1].map((timeMs) => ({ timeMs, ratio: 1 }));
      await writeTo(subject.store, [contractBatch(1, times), contractBatch(2, times, 'other')]);

      await subject.rollUp(START + 60 * MINUTE);
      await subject.store.deleteBefore(limits, signal);

      for (const measurement of ['probe', 'other']) {
        expect(await points({ measurement, fromMs: 0 })).toEqual([
          [START, 1],
          [START + 1, 1],
        ]);
      }
    });
  });
}
