import { expect, it } from 'vitest';
import { DEFAULT_SECONDS, readOptions } from './options.ts';

const SECTIONS = ['city', 'queue'];

it('measures everything by default', () => {
  expect(readOptions([], SECTIONS)).toEqual({
    help: false,
    seconds: DEFAULT_SECONDS,
    only: undefined,
    telegraf: undefined,
  });
  expect(
    readOptions(['--only', 'queue,city', '--seconds', '2.5', '--telegraf', './telegraf'], SECTIONS),
  ).toEqual({
    help: false,
    seconds: 2.5,
    only: ['queue', 'city'],
    telegraf: './telegraf',
  });
  expect(readOptions(['--help'], SECTIONS)).toEqual({ help: true });
});

it('names what is wrong and what was expected', () => {
  for (const seconds of ['0', '-1', 'ten', '601', '']) {
    expect(() => readOptions([`--seconds=${seconds}`], SECTIONS)).toThrow(
      `--seconds: expected 1 to 600, got ${seconds}`,
    );
  }
  for (const only of ['all', 'city,all'])
    expect(() => readOptions(['--only', only], SECTIONS)).toThrow(
      '--only: expected some of city, queue, separated by commas; got all',
    );
  expect(() => readOptions(['--only', ''], SECTIONS)).toThrow('--only: expected some of');
  expect(() => readOptions(['--telegraf='], SECTIONS)).toThrow('--telegraf: expected the path');
  expect(() => readOptions(['--telegraf'], SECTIONS)).toThrow('--telegraf');
  expect(() => readOptions(['--fast'], SECTIONS)).toThrow('--fast');
});
