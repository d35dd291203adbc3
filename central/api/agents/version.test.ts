import { describe, expect, it } from 'vitest';
import { compareVersions, readVersionCondition } from './version.ts';

const ORDERED = [
  '',
  'unknown',
  '0.1.0',
  '0.1.9',
  '0.1.10',
  '0.2.0-alpha',
  '0.2.0-alpha.1',
  '0.2.0-alpha.beta',
  '0.2.0-beta.2',
  '0.2.0-beta.11',
  '0.2.0-rc.1',
  '0.2.0',
  '1.0.0',
];

describe('versions', () => {
  it('are ordered as SemVer has them, and what is none comes first', () => {
    expect(ORDERED.toReversed().toSorted(compareVersions)).toEqual(ORDERED);
    expect(compareVersions('0.1.0+build.7', '0.1.0')).toBe(0);
  });

  it.each([
    ['<0.2.0', ORDERED.slice(2, 11)],
    ['<=0.2.0', ORDERED.slice(2, 12)],
    ['>0.2.0-rc.1', ORDERED.slice(11)],
    ['>=1.0.0', ['1.0.0']],
    ['=0.1.9', ['0.1.9']],
    ['0.1.10', ['0.1.10']],
  ])('fit %s', (condition, expected) => {
    const fits = readVersionCondition(condition);
    expect(ORDERED.filter((version) => fits?.(version))).toEqual(expected);
  });

  it.each([
    '',
    '<',
    '1',
    '1.2',
    'v1.2.3',
    '<<1.0.0',
    '~1.0.0',
    '1.0.0 ',
    '99999999999.0.0',
    '1.0.0-',
    '__proto__',
  ])('are not asked for by %j', (text) => expect(readVersionCondition(text)).toBeUndefined());
});
