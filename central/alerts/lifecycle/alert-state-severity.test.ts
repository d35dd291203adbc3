import { describe, expect, it } from 'vitest';
import { transitionOf, type AlertState, type Evaluation } from './alert-state.ts';
import { nextAlertState } from './next-alert-state.ts';

const S = 1_000;

/** Packet loss as it is shipped: minor above 1 % and major above 5 % for 10 min, critical above 99 % for 1 min; clear for 5 min. */
const loss = {
  intervalMs: 30 * S,
  levels: [
    { forMs: 600 * S, clearForMs: 300 * S },
    { forMs: 600 * S, clearForMs: 300 * S },
    { forMs: 60 * S, clearForMs: 300 * S },
  ],
};
const limits = [
  { raise: 1, clear: 0.5 },
  { raise: 5, clear: 2 },
  { raise: 99, clear: 50 },
];

function evaluate(value: number): Evaluation[] {
  return limits.map(({ raise, clear }) => (value > raise ? 'breach' : value <= clear ? 'clear' : 'between'));
}

/** A sample every 10 s; `[from s, value]` holds until the next. */
function events(steps: readonly (readonly [number, number])[], untilS: number): string[] {
  let state: AlertState | undefined;
  const found: string[] = [];
  for (let atS = 0; atS <= untilS; atS += 10) {
    const value = steps.findLast(([from]) => from <= atS)?.[1] ?? 0;
    const before = state;
    state = nextAlertState(loss, before, { timeMs: atS * S, evaluations: evaluate(value) });
    const event = transitionOf(before, state);
    if (event !== undefined) found.push(`${atS} ${event}`);
  }
  return found;
}

describe('one alert over several levels', () => {
  it('de-escalates when all is lost for two minutes and a tenth after that: it does not end', () => {
    const steps = [
      [0, 100],
      [130, 10],
    ] as const;
    expect(events(steps, 3_600)).toEqual(['60 fired', '430 deescalated']);
  });

  it('ends when it is clear, through all its levels', () => {
    const steps = [
      [0, 100],
      [130, 10],
      [1_000, 0],
    ] as const;
    expect(events(steps, 3_600)).toEqual(['60 fired', '430 deescalated', '1000 recovering', '1300 resolved']);
  });

  it('still asks the milder level to last where no graver one fired', () => {
    expect(events([[0, 10]], 700)).toEqual(['600 fired']);
  });
});
