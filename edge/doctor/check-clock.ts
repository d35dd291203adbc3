import { askClock } from '../collectors/chrony/clock-answers.ts';
import { readClockState, type ClockState } from '../collectors/chrony/clock-state.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Half a second already distorts correlation; central refuses samples more than five minutes ahead. */
const TOLERATED_S = 0.5;
const ADVICE =
  'with a wrong clock samples are refused or get wrong times: set up NTP (chrony or systemd-timesyncd)';

/** Pure. */
export function evaluateClock(state: ClockState): Finding {
  switch (state.from) {
    case 'chrony': {
      const offsetS = state.tracking.fields['system_time'] ?? 0;
      const seen = `chrony: ${state.tracking.leapStatus}, ${(offsetS * 1_000).toFixed(1)} ms off`;
      if (!state.synchronised) return fail('clock', `${seen}, no source`, ADVICE);
      return Math.abs(offsetS) > TOLERATED_S ? fail('clock', seen, ADVICE) : ok('clock', seen);
    }
    case 'timedatectl':
      return state.synchronised
        ? ok('clock', 'synchronised by NTP')
        : fail('clock', 'not synchronised by NTP', ADVICE);
    case 'nobody': {
      const why = state.problem === undefined ? '' : ` (${state.problem})`;
      return warn(
        'clock',
        `neither timedatectl nor chronyc can tell whether the clock is right${why}`,
        ADVICE,
      );
    }
  }
}

export async function checkClock(signal: AbortSignal): Promise<Finding> {
  return evaluateClock(readClockState(await askClock(signal)));
}
