import { OFF, ON, type Evaluation, type LevelState, type LevelTimes } from './alert-state.ts';

/** Pure. `countedMs`: time since the sample before, 0 where it must not count. */
export function nextLevelState(
  times: LevelTimes,
  state: LevelState,
  evaluation: Evaluation,
  countedMs: number,
): LevelState {
  switch (state.phase) {
    case 'off':
      return evaluation === 'breach' ? advance('pending', 0, times.forMs, ON) : OFF;
    case 'pending':
      return evaluation === 'breach'
        ? advance('pending', state.progressMs + countedMs, times.forMs, ON)
        : OFF;
    case 'on':
      return evaluation === 'clear' ? advance('clearing', 0, times.clearForMs, OFF) : ON;
    case 'clearing':
      return evaluation === 'clear'
        ? advance('clearing', state.progressMs + countedMs, times.clearForMs, OFF)
        : ON;
  }
}

function advance(
  phase: 'pending' | 'clearing',
  progressMs: number,
  neededMs: number,
  next: LevelState,
): LevelState {
  return progressMs >= neededMs ? next : { phase, progressMs };
}
