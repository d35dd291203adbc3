import type { ClockAnswers } from './clock-answers.ts';
import { isSynchronised, parseTracking, type Tracking } from './tracking.ts';

/** State of the clock, and its source. */
export type ClockState =
  | { readonly from: 'chrony'; readonly tracking: Tracking; readonly synchronised: boolean }
  | { readonly from: 'timedatectl'; readonly synchronised: boolean }
  | { readonly from: 'nobody'; readonly problem: string | undefined };

/**
 * From chrony if it answers, else from systemd, which reads the kernel's flag. Without `problem`: neither is installed or
 * running. Pure.
 */
export function readClockState({ chrony, timedatectl }: ClockAnswers): ClockState {
  const tracking = chrony.error === null ? parseTracking(chrony.stdout) : undefined;
  if (tracking !== undefined) return { from: 'chrony', tracking, synchronised: isSynchronised(tracking) };
  const word = timedatectl?.error === null ? timedatectl.stdout.trim() : undefined;
  if (word === 'yes' || word === 'no') return { from: 'timedatectl', synchronised: word === 'yes' };
  if (chrony.error?.code === 'ENOENT') return { from: 'nobody', problem: undefined };
  const said = (chrony.stdout.trim() || chrony.stderr.trim() || 'nothing').slice(0, 200);
  return { from: 'nobody', problem: `expected the tracking report of chronyd, got ${JSON.stringify(said)}` };
}
