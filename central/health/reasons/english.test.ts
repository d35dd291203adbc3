import { expect, it } from 'vitest';
import { REASON_CODES, because, type ReasonCode } from '../../../contract/reasons/reason-codes.ts';
import { inEnglish } from './english.ts';

const CODES = Object.keys(REASON_CODES) as ReasonCode[];

it.each(CODES)('%s has a sentence that names what it is made from', (code) => {
  const parameters = Object.fromEntries(REASON_CODES[code].map((name, at) => [name, `${at + 4}1`]));
  const said = inEnglish([{ code, parameters }]);
  expect(said).not.toBe('');
  // Durations and times are said in words.
  for (const [name, value] of Object.entries(parameters))
    if (!name.endsWith('Ms')) expect(said).toContain(value);
  expect(said).not.toMatch(/undefined|NaN/);
});

it('joins sentences and leaves out what is none', () => {
  const counts = { devices: 21, up: 20, down: 1, unreachable: 0, unknown: 0 };
  expect(inEnglish([because('devices_by_state', counts), because('sites_up', { up: 5, sites: 6 })])).toBe(
    '21 devices: 20 up, 1 down; 5 of 6 sites up',
  );
});
