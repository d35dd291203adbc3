import { describe, expect, it } from 'vitest';
import { contractBatch, START, subjectFor, writeTo } from './fixture.ts';
import { describeLatest } from './latest.ts';
import { describeQueries } from './queries.ts';
import { describeStates } from './states.ts';
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
    describeLatest(subject);

    it('deletes what is older than a time, of every measurement', async () => {
      await subject.store.deleteBefore(START, signal);
      const times = [START - 1, START, START + 1].map((timeMs) => ({ timeMs, ratio: 1 }));
      await writeTo(subject.store, [contractBatch(1, times), contractBatch(2, times, 'other')]);

      await subject.store.deleteBefore(START, signal);

      for (const measurement of ['probe', 'other']) {
        expect(await points({ measurement, fromMs: 0 })).toEqual([
          [START, 1],
          [START + 1, 1],
        ]);
      }
    });
  });
}
