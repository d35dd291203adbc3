import { expect, it } from 'vitest';
import type { NewlyMissing } from '../../ledger/ledger.ts';
import { MissingWatch } from './missing-watch.ts';

const GRACE_MS = 60_000;

function found(agent: string, seq: number): NewlyMissing {
  return { agent, epoch: 'abcdefgh', ranges: [[seq, seq]], firstContact: false };
}

function watch(): MissingWatch {
  const missing = [[1, 1_000_000]] as const;
  const entries = () => [{ epoch: 'abcdefgh', missing }];
  return new MissingWatch({ entries } as never, GRACE_MS);
}

it('an agent with endless gaps takes the grace of the others from none but itself', () => {
  const missing = watch();
  for (let seq = 1; seq <= 50_000; seq++) missing.add([found('bad', seq)], 0);
  missing.add([found('good', 7)], 0);
  const early = missing.confirmed(0);
  expect(new Set(early.map(({ agent }) => agent))).toEqual(new Set(['bad']));
  expect(early).toHaveLength(50_000 - 100);
  const later = missing.confirmed(GRACE_MS);
  expect(later.filter(({ agent }) => agent === 'good')).toHaveLength(1);
  missing.add([found('bad', 60_000)], GRACE_MS);
  expect(missing.confirmed(GRACE_MS)).toEqual([]);
});
