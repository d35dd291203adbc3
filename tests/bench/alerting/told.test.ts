import { expect, it } from 'vitest';
import { toldIn, unheardIn } from './told.ts';

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

it('finds the begin that is missing, the one that is told twice, and the end that is missing', () => {
  const toTell = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id, isOver: id !== 'e' }));
  const well = [
    message('k1', ['begin', 'a'], ['begin', 'b'], ['begin', 'c'], ['begin', 'e']),
    message('k2', ['end', 'a'], ['end', 'b'], ['end', 'c'], ['whole', 'd']),
  ];
  expect(unheardIn(well, toTell)).toEqual({ begins: 0, ends: 0 });
  expect(unheardIn(well.slice(0, 1), toTell)).toEqual({ begins: 1, ends: 3 });
  expect(unheardIn([...well, message('k3', ['begin', 'a'])], toTell)).toEqual({ begins: 1, ends: 0 });
  // Nothing heard is not everything well.
  expect(unheardIn([], toTell)).toEqual({ begins: 5, ends: 0 });
});
