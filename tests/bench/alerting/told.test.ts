import { expect, it } from 'vitest';
import { toldIn } from './told.ts';

function message(key: string, ...alerts: [what: string, id: string][]) {
  const body = JSON.stringify({ key, alerts: alerts.map(([what, id]) => ({ what, id })) });
  return { path: '/', headers: {}, body };
}

it('counts a message that is sent again once', () => {
  expect(toldIn([message('k1', ['begin', 'a']), message('k1', ['begin', 'a'])])).toEqual({
    messages: 1,
    alerts: 1,
    twice: 0,
  });
});

it('finds what two messages tell', () => {
  const received = [
    message('k1', ['begin', 'a'], ['begin', 'b']),
    message('k2', ['begin', 'a'], ['end', 'b']),
  ];
  expect(toldIn(received)).toEqual({ messages: 2, alerts: 2, twice: 1 });
});
