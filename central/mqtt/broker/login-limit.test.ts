import { expect, it } from 'vitest';
import { DEFAULT_BROKER_LIMITS } from './limits.ts';
import { LoginLimit } from './login-limit.ts';

function open(): LoginLimit {
  return new LoginLimit({ ...DEFAULT_BROKER_LIMITS, wrongLoginBurst: 3, wrongLoginsPerS: 1 });
}

it('stops looking at the logins of an address after too many wrong ones, for a while', () => {
  const logins = open();
  for (let tried = 0; tried < 3; tried++) {
    expect(logins.mayTry('192.0.2.1', 'gw-1', 0)).toBe(true);
    logins.failed('192.0.2.1', 0);
  }
  expect(logins.mayTry('192.0.2.1', 'gw-1', 0)).toBe(false);
  expect(logins.mayTry('192.0.2.2', 'gw-1', 0)).toBe(true);
  expect(logins.mayTry('192.0.2.1', 'gw-1', 1_000)).toBe(true);
});

it('counts an IPv6 address by its /64', () => {
  const logins = open();
  for (let tried = 0; tried < 3; tried++) logins.failed(`2001:db8::${tried}`, 0);
  expect(logins.mayTry('2001:db8::9', 'gw-1', 0)).toBe(false);
});

it('lets clients that have logged in from there before go on', () => {
  const logins = open();
  logins.succeeded('192.0.2.1', 'gw-1');
  for (let tried = 0; tried < 9; tried++) logins.failed('192.0.2.1', 0);
  expect(logins.mayTry('192.0.2.1', 'gw-1', 0)).toBe(true);
  expect(logins.mayTry('192.0.2.1', 'gw-2', 0)).toBe(false);
  expect(logins.mayTry('192.0.2.2', 'gw-1', 0)).toBe(true);
});

it('lets any number of good logins pass', () => {
  const logins = open();
  for (let client = 0; client < 1_000; client++) {
    expect(logins.mayTry('192.0.2.1', `gw-${client}`, 0)).toBe(true);
    logins.succeeded('192.0.2.1', `gw-${client}`);
  }
});
