import { expect, it } from 'vitest';
import { portState, portStates } from './port-states.ts';

const MIN = 60_000;

it('joins steps of one state, and leaves out what nobody measured', () => {
  const points = [
    [0, 1],
    [MIN, 1],
    [2 * MIN, 2],
    [3 * MIN, null],
    [5 * MIN, 1],
    [6 * MIN, 4],
  ] as const;
  expect(portStates(points, MIN)).toEqual([
    { state: 'up', fromMs: 0, toMs: 2 * MIN },
    { state: 'down', fromMs: 2 * MIN, toMs: 3 * MIN },
    { state: 'up', fromMs: 5 * MIN, toMs: 6 * MIN },
    { state: 'unknown', fromMs: 6 * MIN, toMs: 7 * MIN },
  ]);
});

it.each([
  [1, 'up'],
  [2, 'down'],
  [7, 'down'],
  [4, 'unknown'],
  [undefined, 'unknown'],
] as const)('ifOperStatus %s is %s', (status, state) => expect(portState(status)).toBe(state));
