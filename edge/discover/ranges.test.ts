import { describe, expect, it } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { expandRanges, MAX_ADDRESSES } from './ranges.ts';

const problemsOf = (...ranges: string[]): readonly string[] => {
  try {
    expandRanges(ranges);
    return [];
  } catch (error) {
    return error instanceof UserError ? error.problems : [String(error)];
  }
};

describe('ranges of addresses', () => {
  it.each([
    ['10.1.2.3', ['10.1.2.3']],
    ['10.1.2.250-252', ['10.1.2.250', '10.1.2.251', '10.1.2.252']],
    ['10.1.2.255-10.1.3.1', ['10.1.2.255', '10.1.3.0', '10.1.3.1']],
    ['10.1.2.77/30', ['10.1.2.77', '10.1.2.78']],
    ['10.1.2.77/31', ['10.1.2.76', '10.1.2.77']],
    ['10.1.2.77/32', ['10.1.2.77']],
  ])('%s', (range, addresses) => {
    expect(expandRanges([range])).toEqual(addresses);
  });

  it('several, with each address once and in order', () => {
    expect(expandRanges(['10.0.0.9', '9.0.0.1', '10.0.0.8-9'])).toEqual(['9.0.0.1', '10.0.0.8', '10.0.0.9']);
    expect(expandRanges(['10.0.16.0/20'])).toHaveLength(MAX_ADDRESSES - 2);
  });

  it.each([
    ...['', '10.1.2', '10.1.2.0/33', '10.1.2.0/', '10.1.2.9-3', '10.1.2.3-400', '10.1.2.3-4-5', 'fd00::/64'],
    ...['router.example.vn', '010.1.2.3', '10.1.2.3/24/5', '-5'],
  ])('%j is invalid, and the error shows valid ones', (range) => {
    expect(problemsOf(range)).toEqual([expect.stringMatching(/expected an IPv4 network such as/) as string]);
  });

  it('that are too large are refused, all problems at once', () => {
    expect(problemsOf('10.0.0.0/19', 'x')).toEqual([
      '10.0.0.0/19: 8190 addresses; expected at most 4096 (a /20), so split it',
      expect.stringMatching(/^x: /) as string,
    ]);
    expect(problemsOf('10.0.0.0/20', '11.0.0.0/20')).toEqual([
      '8188 addresses in all; expected at most 4096 (a /20), so split it',
    ]);
  });
});
