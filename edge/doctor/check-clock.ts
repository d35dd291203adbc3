import { execFile } from 'node:child_process';
import { fail, ok, warn, type Finding } from './finding.ts';

/** What `timedatectl show -p NTPSynchronized --value` or `chronyc -c tracking` printed; undefined: not there. */
export interface ClockAnswers {
  readonly timedatectl: string | undefined;
  readonly chrony: string | undefined;
}

const TIMEOUT_MS = 3_000;
/** Central refuses samples that are further ahead than five minutes; half a second already blurs correlation. */
const TOLERATED_S = 0.5;
const ADVICE =
  'samples of a wrong clock are refused or stand at the wrong time: set up NTP (chrony or systemd-timesyncd)';

/** Pure. */
export function judgeClock({ timedatectl, chrony }: ClockAnswers): Finding {
  const tracking = chrony?.trim().split(',') ?? [];
  const offsetS = Number(tracking[4]);
  if (tracking.length >= 14 && Number.isFinite(offsetS)) {
    const seen = `chrony: ${tracking[13] ?? ''}, ${(offsetS * 1_000).toFixed(1)} ms off`;
    if (tracking[13] === 'Not synchronised') return fail('clock', seen, ADVICE);
    return Math.abs(offsetS) > TOLERATED_S ? fail('clock', seen, ADVICE) : ok('clock', seen);
  }
  if (timedatectl?.trim() === 'yes') return ok('clock', 'synchronised by NTP');
  if (timedatectl?.trim() === 'no') return fail('clock', 'not synchronised by NTP', ADVICE);
  return warn('clock', 'neither timedatectl nor chronyc can say whether the clock is right', ADVICE);
}

export async function checkClock(): Promise<Finding> {
  const [timedatectl, chrony] = await Promise.all([
    outputOf('timedatectl', ['show', '-p', 'NTPSynchronized', '--value']),
    outputOf('chronyc', ['-c', 'tracking']),
  ]);
  return judgeClock({ timedatectl, chrony });
}

function outputOf(program: string, args: readonly string[]): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 }, (error, stdout) => {
      resolve(error === null ? stdout : undefined);
    });
  });
}
