import { expect, it } from 'vitest';
import { firedByRule } from './fired-by-rule.ts';

const rules = [{ rule: 'memory_low', fired: 3 }];

it('is 0 only where the whole list is known', () => {
  const of = firedByRule({ rules, truncated: false });
  expect([of('memory_low'), of('swap_full')]).toEqual([3, 0]);
  expect(firedByRule({ rules, truncated: true })('swap_full')).toBeUndefined();
  expect(firedByRule(undefined)('memory_low')).toBeUndefined();
});
