import { askClock } from '../collectors/chrony/clock-answers.ts';
import { readClockState, type ClockState } from '../collectors/chrony/clock-state.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** Central refuses samples that are further ahead than five minutes; half a second already blurs correlation. */
const TOLERATED_S = 0.5;
const ADVICE =
  'samples of a wrong clock are refused or stand at the wrong time: set up NTP (chrony or systemd-timesyncd)';

/** Pure. */
export function judgeClock(state: ClockState): Finding {
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
        `neither timedatectl nor chronyc can say whether the clock is right${why}`,
        ADVICE,
      );
    }
  }
}

export async function checkClock(signal: AbortSignal): Promise<Finding> {
  return judgeClock(readClockState(await askClock(signal)));
}
