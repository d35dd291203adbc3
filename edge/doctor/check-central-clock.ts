import { certainOffsetMs } from '../publisher/central-clock.ts';
import type { ClockRecord } from '../publisher/central-clock-record.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** The agent writes it every five minutes. */
const CURRENT_MS = 15 * 60_000;
/** Central raises an alert from 10 s on, and refuses samples that are five minutes ahead. */
const WARN_MS = 1_000;
const FAIL_MS = 10_000;

/** This machine's clock against central's, as a running agent measured it. Pure. */
export function evaluateCentralClock(record: ClockRecord | undefined, nowMs: number): Finding {
  if (record === undefined || Math.abs(nowMs - record.atMs) > CURRENT_MS)
    return ok('clock of central', 'not compared: only an agent that runs and is acknowledged measures it');
  const { offsetMs, errorMs } = record;
  const certainMs = Math.abs(certainOffsetMs(record));
  const seen = `this clock is ${seconds(Math.abs(offsetMs))} ${offsetMs < 0 ? 'behind' : 'ahead of'} central's, to within ${seconds(errorMs)}`;
  if (certainMs < WARN_MS) return ok('clock of central', seen);
  const advice =
    "samples get wrong times: if the line above says that this clock is right, look at central's (chronyc tracking there), else set up NTP here";
  return certainMs < FAIL_MS
    ? warn('clock of central', seen, advice)
    : fail('clock of central', seen, advice);
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}
