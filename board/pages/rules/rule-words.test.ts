import { expect, it } from 'vitest';
import { conditionWords } from './rule-words.ts';

it('says a condition and its limit in one', () => {
  expect(conditionWords('device.up equals', 'false')).toBe('device.up equals false');
  expect(conditionWords('not seen for … of its intervals', '3')).toBe('not seen for 3 of its intervals');
  expect(conditionWords('an agent that does not talk', '')).toBe('an agent that does not talk');
});
