import { describe, expect, it } from 'vitest';
import { idsParameter } from './ids-parameter.ts';

const parameter = idsParameter('sw-1');

describe('the ids of a list', () => {
  it('are one or several, each taken whole', () => {
    expect(parameter.parse('sw-1')).toEqual(new Set(['sw-1']));
    expect(parameter.parse('sw-1,core-sw-101,sw-1')).toEqual(new Set(['sw-1', 'core-sw-101']));
    expect(parameter.parse(undefined)).toBeUndefined();
  });

  it.each([
    '',
    ',',
    'sw-1,',
    'SW 1',
    'x'.repeat(65),
    ['sw-1', 'sw-2'],
    Array(101)
      .fill(0)
      .map(String)
      .map((_, at) => `sw-${at}`)
      .join(),
  ])('are not %j', (text) => {
    expect(parameter.safeParse(text).error?.issues[0]?.message).toMatch(/^expected 1 to 100 ids/);
  });
});
