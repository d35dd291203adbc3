import { expect, it } from 'vitest';
import { readValues } from './test-values.ts';

it.each([
  ['float', [90, '8 x3', 'none', '0.1..0.3 x3', '-5'], [90, 8, 8, 8, undefined, 0.1, 0.2, 0.3, -5]],
  ['int', ['none x2', 7, '1..5 x3'], [undefined, undefined, 7, 1, 3, 5]],
  ['bool', [true, 'false x2', 'none'], [true, false, false, undefined]],
  ['string', ['hold x2', 'none', 'a x b', 5], ['hold', 'hold', undefined, 'a x b', '5']],
] as const)('of a field of type %s', (type, written, values) => {
  expect(readValues(written, { type })).toEqual(values);
});

it.each([
  ['float', ['ninety'], 'expected a number, A..B or none, such as 90, 90 x5 or 50..90 x5, got "ninety"'],
  ['float', ['Infinity'], /^expected a number/],
  ['float', [true], /^expected a number/],
  ['float', [' x5'], /^expected a number/],
  ['bool', [1], 'expected true, false or none, such as true or true x5, got 1'],
  ['float', ['1 x100001'], 'at most 100000 values, got "1 x100001"'],
  ['float', ['1 x60000', '1 x60000'], 'at most 100000 values'],
] as const)('of a field of type %s that cannot be read: %j', (type, written, problem) => {
  expect(readValues(written, { type })).toEqual(
    problem instanceof RegExp ? expect.stringMatching(problem) : problem,
  );
});
