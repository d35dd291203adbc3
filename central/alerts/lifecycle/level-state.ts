/** What one sample says of one level: past the raise level, past the clear level, or between the two. */
export type Judgement = 'breach' | 'between' | 'clear';

/** `raised` counts while it is `on` and while it is `clearing`. `progressMs`: how much of `for` or `clearFor` is served. */
export interface LevelState {
  readonly phase: 'off' | 'pending' | 'on' | 'clearing';
  readonly progressMs: number;
}

export interface LevelTimes {
  readonly forMs: number;
  readonly clearForMs: number;
}

export const OFF: LevelState = { phase: 'off', progressMs: 0 };
const ON: LevelState = { phase: 'on', progressMs: 0 };

export function isRaised(level: LevelState): boolean {
  return level.phase === 'on' || level.phase === 'clearing';
}

/** Pure. `countedMs`: time since the sample before, 0 where it must not count. */
export function nextLevelState(
  times: LevelTimes,
  state: LevelState,
  judgement: Judgement,
  countedMs: number,
): LevelState {
  switch (state.phase) {
    case 'off':
      return judgement === 'breach' ? serve('pending', 0, times.forMs, ON) : OFF;
    case 'pending':
      return judgement === 'breach' ? serve('pending', state.progressMs + countedMs, times.forMs, ON) : OFF;
    case 'on':
      return judgement === 'clear' ? serve('clearing', 0, times.clearForMs, OFF) : ON;
    case 'clearing':
      return judgement === 'clear'
        ? serve('clearing', state.progressMs + countedMs, times.clearForMs, OFF)
        : ON;
  }
}

function serve(
  phase: 'pending' | 'clearing',
  progressMs: number,
  neededMs: number,
  then: LevelState,
): LevelState {
  return progressMs >= neededMs ? then : { phase, progressMs };
}
