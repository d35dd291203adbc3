import { expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { withStorableTags } from './storable-tags.ts';

const sample = (storage: string): Sample => ({
  measurement: 'device_storage',
  tags: { device: 'srv-1', storage },
  fields: { used_pct: 99.7 },
  timeMs: 1,
});
const stored = (storage: string) => withStorableTags(sample(storage)).tags['storage'];

it.each([
  ['E:\\', 'E:'],
  ['\\\\nas\\share\\\\', '\\\\nas\\share'],
  ['two\r\nlines\\\n', 'two lines'],
  ['a\0b', 'a b'],
  ['\\', ''],
])('a tag value that no store can hold is sent as one that can: %j', (value, expected) => {
  expect(stored(value)).toBe(expected);
});

it('other samples are passed on as they are', () => {
  const drive = sample('C:\\ Label:  Serial Number 1234abcd');
  expect(withStorableTags(drive)).toBe(drive);
});

it('takes no longer for many backslashes than for few', () => {
  expect(stored(`${'\\'.repeat(100_000)}x${'\\'.repeat(100_000)}`)).toHaveLength(100_001);
});
