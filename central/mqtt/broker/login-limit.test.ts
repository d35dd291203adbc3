import { expect, it } from 'vitest';
import { DEFAULT_BROKER_LIMITS } from './limits.ts';
import { LoginLimit } from './login-limit.ts';

function open(): LoginLimit {
  return new LoginLimit({ ...DEFAULT_BROKER_LIMITS, wrongLoginBurst: 3, wrongLoginsPerS: 1 });
}

it('says when an address has had too many wrong logins, for a while', () => {
  const logins = open();
  for (let tried = 0; tried < 3; tried++) expect(logins.isTooMany('192.0.2.1', 0)).toBe(false);
  expect(logins.isTooMany('192.0.2.1', 0)).toBe(true);
  expect(logins.isTooMany('192.0.2.2', 0)).toBe(false);
  expect(logins.isTooMany('192.0.2.1', 1_000)).toBe(false);
});

it('counts an IPv6 address by its /64', () => {
  const logins = open();
  for (let tried = 0; tried < 3; tried++) logins.isTooMany(`2001:db8::${tried}`, 0);
  expect(logins.isTooMany('2001:db8::9', 0)).toBe(true);
  expect(logins.isTooMany('2001:db8:0:1::9', 0)).toBe(false);
});
