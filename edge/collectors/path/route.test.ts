import { describe, expect, it } from 'vitest';
import {
  isOtherRoute,
  locateBreak,
  routeOf,
  type Hop,
  type Refusal,
  type Route,
  withoutAddresses,
} from './route.ts';

/** `a b`: two routers take turns; `*`: silence; `!a`: a refuses. */
function route(target: string, ...answers: string[]): Route {
  const hops = answers.map((answer, at): Hop => {
    const addresses = answer === '*' ? [] : answer.replace('!', '').split(' ');
    const refusal: Refusal = 'filtered';
    return {
      hop: at + 1,
      addresses,
      rttsMs: [],
      probes: 1,
      lost: 0,
      ...(answer.startsWith('!') && { refusal }),
    };
  });
  return routeOf(hops, target);
}

describe('where a route breaks', () => {
  const good = route('t', 'a', '*', 'c', 'd', 't');

  it.each([
    ['nothing answers', route('t', '*', '*'), { hop: 1, before: 'a' }],
    ['behind a router that never answered', route('t', 'a', '*', '*'), { hop: 3, after: 'a', before: 'c' }],
    ['at the target itself', route('t', 'a', '*', 'c', 'd', '*'), { hop: 5, after: 'd', before: 't' }],
    [
      'on another route, longer than the good one',
      route('t', 'a', 'x', 'y', 'z', 'u', 'v', '*'),
      { hop: 7, after: 'v' },
    ],
  ])('%s', (_what, now, expected) => {
    expect(locateBreak(now, good)).toEqual({ ...expected, reason: 'silence' });
  });

  it('at a router that passed one packet on and then refuses, the next one is missing', () => {
    expect(locateBreak(route('t', 'a', '*', 'c', '!c'), good)).toEqual({
      hop: 4,
      after: 'c',
      before: 'd',
      reason: 'filtered',
    });
  });

  it('at this very machine, which is no router', () => {
    const refused = withoutAddresses(route('t', '!me', '!me').hops, ['me'], 't');
    expect(refused).toHaveLength(1);
    const now = routeOf(refused, 't');
    expect(locateBreak(now, good)).toEqual({ hop: 1, before: 'a', reason: 'filtered' });
    expect(locateBreak(now, undefined)).toEqual({ hop: 1, reason: 'filtered' });
  });

  it('nowhere, when the target was reached', () => {
    expect(locateBreak(good, good)).toBeUndefined();
    expect(locateBreak(route('t', 't'), undefined)).toBeUndefined();
  });
});

describe('two routes', () => {
  const before = route('t', 'a', 'b c', 'd', 't');
  it.each([
    ['are the same', route('t', 'a', 'b', 'd', 't'), false],
    ['are the same where one of them is silent', route('t', '*', 'c', '*', 't'), false],
    ['differ in a router', route('t', 'a', 'b', 'x', 't'), true],
    ['differ in length', route('t', 'a', 'b', 't'), true],
    ['are the same as far as the second goes', route('t', 'a', 'c', '*'), false],
  ])('%s', (_what, now, expected) => {
    expect(isOtherRoute(before, now)).toBe(expected);
  });
});
