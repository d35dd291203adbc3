import { describe, expect, it } from 'vitest';
import { OFF, type Evaluation, type LevelState } from './alert-state.ts';
import { nextLevelState } from './next-level-state.ts';

const times = { forMs: 60_000, clearForMs: 60_000 };

function phases(evaluations: readonly Evaluation[], stepMs = 30_000): string[] {
  let state: LevelState = OFF;
  return evaluations.map((evaluation, at) => {
    state = nextLevelState(times, state, evaluation, at === 0 ? 0 : stepMs);
    return state.phase;
  });
}

describe('one level of an alert', () => {
  it('turns on once the breach has lasted, not before', () => {
    expect(phases(['breach', 'breach', 'breach', 'breach'])).toEqual(['pending', 'pending', 'on', 'on']);
  });

  it('starts over when the breach is broken, also by a value between raise and clear', () => {
    expect(phases(['breach', 'breach', 'between', 'breach', 'breach'])).toEqual([
      'pending',
      'pending',
      'off',
      'pending',
      'pending',
    ]);
  });

  it('turns off once it was clear for long enough, and only by values past the clear level', () => {
    expect(phases(['breach', 'breach', 'breach', 'between', 'clear', 'clear', 'clear'])).toEqual([
      'pending',
      'pending',
      'on',
      'on',
      'clearing',
      'clearing',
      'off',
    ]);
  });

  it('is on again when clearing is broken', () => {
    expect(phases(['breach', 'breach', 'breach', 'clear', 'clear', 'between', 'clear'])).toEqual([
      'pending',
      'pending',
      'on',
      'clearing',
      'clearing',
      'on',
      'clearing',
    ]);
  });

  it('turns on and off at once where `for` and `clearFor` are 0', () => {
    const atOnce = { forMs: 0, clearForMs: 0 };
    const on = nextLevelState(atOnce, OFF, 'breach', 0);
    expect(on.phase).toBe('on');
    expect(nextLevelState(atOnce, on, 'clear', 0)).toEqual(OFF);
  });
});
