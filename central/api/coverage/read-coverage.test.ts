import { expect, it } from 'vitest';
import type { SampleStore } from '../../store/sample-store.ts';
import { readCoverage } from './read-coverage.ts';

const RANGE = { fromMs: 0, toMs: 60_000 };
const SIGNAL = new AbortController().signal;

const GROUP = { tags: { unit: '26734', operator: 'viettel', rat: 'nr' }, sums: [30, 29, 2, 1, 12.5, 3] };

function storeWith(truncated: boolean): Pick<SampleStore, 'sums'> {
  return { sums: () => Promise.resolve({ groups: [GROUP], truncated }) };
}

it('an answer that lacks some networks is none', async () => {
  const asked = readCoverage(storeWith(true), { ...RANGE, unit: undefined }, SIGNAL);
  await expect(asked).rejects.toMatchObject({
    code: 'QUERY_REFUSED',
    message: 'there are more than 50000 networks of units in this time; ask for one unit',
  });
  const ofUnit = readCoverage(storeWith(true), { ...RANGE, unit: '26734' }, SIGNAL);
  await expect(ofUnit).rejects.toThrow('ask for less time');
});

it('a whole answer has the sums of each network', async () => {
  const { sums } = await readCoverage(storeWith(false), { ...RANGE, unit: undefined }, SIGNAL);
  expect(sums).toEqual([
    {
      ...{ unit: '26734', operator: 'viettel', rat: 'nr', samples: 30, covered: 29, modemMinutes: 2 },
      ...{ dips: 1, dipS: 12.5, fallBacks: 3 },
    },
  ]);
});
