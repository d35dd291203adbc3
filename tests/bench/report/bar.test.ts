import { expect, it } from 'vitest';
import { atLeast, atMost, barsTable } from './bar.ts';
import { quantity } from './markdown.ts';

it('is met at its limit, and never by a missing figure or NaN', () => {
  expect([80, 80.1, undefined, Number.NaN].map((measured) => atMost('m', 80, 'MiB', measured).met)).toEqual([
    true,
    false,
    false,
    false,
  ]);
  expect([50, 49.9, undefined, Number.NaN].map((measured) => atLeast('m', 50, '%', measured).met)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

it('says MISSED where it is missed', () => {
  const bars = [
    atMost('memory', 300, 'MiB', 268.4),
    atLeast('load', 45_000, 'values/s', 44_000),
    atMost('alerts', 250, 'ms', undefined),
  ];

  expect(barsTable(bars).split('\n').slice(2)).toEqual([
    '| memory | at most 300 MiB | 268 MiB | yes |',
    '| load | at least 45,000 values/s | 44,000 values/s | **MISSED** |',
    '| alerts | at most 250 ms | nothing measured | **MISSED** |',
  ]);
});

it('writes the significant digits', () => {
  expect([0, 0.12345, 7.254, 45_123.4, Infinity].map(quantity)).toEqual([
    '0',
    '0.123',
    '7.25',
    '45,123',
    'Infinity',
  ]);
});
