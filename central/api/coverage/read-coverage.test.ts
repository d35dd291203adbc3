import { expect, it } from 'vitest';
import type { SampleStore } from '../../store/sample-store.ts';
import { readCoverage } from './read-coverage.ts';

const RANGE = { fromMs: 0, toMs: 60_000 };
const SIGNAL = new AbortController().signal;

/** Of one field its answer is cut. */
function storeThatCuts(field: string): Pick<SampleStore, 'query'> {
  return {
    query: (query) =>
      Promise.resolve({
        series: [{ tags: { unit: '26734', operator: 'viettel', rat: 'nr' }, points: [[0, 30]] }],
        truncated: query.field === field,
      }),
  };
}

it.each(['samples', 'samples_covered', 'dip_s'])(
  'an answer that lacks %s of some networks is none',
  async (field) => {
    const asked = readCoverage(storeThatCuts(field), { ...RANGE, unit: undefined }, SIGNAL);
    await expect(asked).rejects.toMatchObject({
      code: 'QUERY_REFUSED',
      message: 'there are more than 50000 networks of units in this time; ask for one unit',
    });
    const ofUnit = readCoverage(storeThatCuts(field), { ...RANGE, unit: '26734' }, SIGNAL);
    await expect(ofUnit).rejects.toThrow('ask for less time');
  },
);

it('a whole answer has the sums of each network', async () => {
  const { sums } = await readCoverage(storeThatCuts('nothing'), { ...RANGE, unit: undefined }, SIGNAL);
  expect(sums).toMatchObject([{ unit: '26734', operator: 'viettel', rat: 'nr', samples: 30, covered: 30 }]);
});
