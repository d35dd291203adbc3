import { expect, it } from 'vitest';
import { conditionWords, withoutDirectories } from './rule-words.ts';

it('says a condition and its limit in one', () => {
  expect(conditionWords('device.up equals', 'false')).toBe('device.up equals false');
  expect(conditionWords('not seen for … of its intervals', '3')).toBe('not seen for 3 of its intervals');
  expect(conditionWords('an agent that does not talk', '')).toBe('an agent that does not talk');
});

it('names files without the directories of the machine, and leaves other words as they are', () => {
  expect(withoutDirectories('/opt/wardwatch/rules/memory_low.yaml')).toBe('memory_low.yaml');
  expect(withoutDirectories('/etc/rules/a.yaml: levels[0].raise: expected bit/s, got "x/y"')).toBe(
    'a.yaml: levels[0].raise: expected bit/s, got "x/y"',
  );
});
