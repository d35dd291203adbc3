import { expect, it } from 'vitest';
import {
  REASON_CODES,
  sayReasons,
  type Reason,
  type ReasonCode,
} from '../../contract/reasons/reason-codes.ts';
import { vietnameseReasons } from './vi-reasons.ts';

const TEXTS = vietnameseReasons({ language: 'vi', timeZone: 'Asia/Ho_Chi_Minh' });
const CODES = Object.keys(REASON_CODES) as ReasonCode[];
/** Those become a duration, a day, or words. */
const IS_WORDED = /Ms$|^(state|severity|day)$/;

it.each(CODES)('%s has a sentence that names what it is made from', (code) => {
  const parameters = Object.fromEntries(REASON_CODES[code].map((name, at) => [name, `${at + 4}1`]));
  const said = sayReasons([{ code, parameters }], TEXTS);
  expect(said).not.toBe('');
  for (const [name, value] of Object.entries(parameters))
    if (!IS_WORDED.test(name)) expect(said).toContain(value);
  expect(said).not.toMatch(/undefined|NaN/);
});

it('joins sentences, with states and counts in words', () => {
  const reasons: Reason[] = [
    {
      code: 'devices_by_state',
      parameters: { devices: '21', up: '20', down: '1', unreachable: '0', unknown: '0' },
    },
    { code: 'need_because', parameters: { id: 'mail', state: 'down', root: 'hub-03' } },
  ];
  expect(sayReasons(reasons, TEXTS)).toBe('21 thiết bị: 20 tốt, 1 mất; mail mất do hub-03');
});

it('leaves it to central to say what it does not know', () => {
  expect(sayReasons([{ code: 'of_a_newer_central' as ReasonCode, parameters: {} }], TEXTS)).toBeUndefined();
});
