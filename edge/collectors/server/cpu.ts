import { parseCounter, words } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

/** Columns of a `cpu` line, proc_stat(5). Older kernels print fewer: iowait 2.5.41, irq 2.6, steal 2.6.11, guest 2.6.24. */
const COLUMNS = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softirq',
  'steal',
  'guest',
  'guest_nice',
] as const;
const [USER, NICE, IDLE, GUEST, GUEST_NICE] = [0, 1, 3, 8, 9];

/** Clock ticks per column since boot, by CPU name (`cpu-total`, `cpu0`…). */
export type CpuTimes = ReadonlyMap<string, readonly bigint[]>;

/** Reads the `cpu` lines of /proc/stat. */
export function parseCpuTimes(stat: string): CpuTimes {
  const times = new Map<string, readonly bigint[]>();
  for (const line of stat.split('\n')) {
    if (!/^cpu\d*\s/.test(line)) continue;
    const [name = '', ...texts] = words(line);
    const columns = texts.slice(0, COLUMNS.length).map((text) => parseCounter(text));
    if (columns.length < 4 || !columns.every((column) => column !== undefined)) {
      throw malformed('/proc/stat', line, 'a cpu line with 4 to 10 counters');
    }
    times.set(name === 'cpu' ? 'cpu-total' : name, columns);
  }
  if (!times.has('cpu-total')) throw malformed('/proc/stat', stat, 'a line that starts with cpu');
  return times;
}

export function countCpus(times: CpuTimes): number {
  return times.size - 1;
}

/**
 * Shares of the time between two readings, in percent, as Telegraf's `cpu`: guest time is taken out of user, and active
 * is everything but idle. Pure. A CPU that is new, or whose counters went back, yields nothing.
 */
export function cpuUsage(before: CpuTimes, after: CpuTimes): Reading[] {
  const readings: Reading[] = [];
  for (const [cpu, now] of after) {
    const then = before.get(cpu);
    const fields = then === undefined ? undefined : usageFields(then, now);
    if (fields !== undefined) readings.push({ measurement: 'cpu', tags: { cpu }, fields });
  }
  return readings;
}

function usageFields(then: readonly bigint[], now: readonly bigint[]): Record<string, number> | undefined {
  if (sum(now) < sum(then)) return undefined;
  // iowait may go back (proc_stat(5)): counted as 0.
  const ticks = now.map((value, column) => Math.max(0, Number(value - (then[column] ?? value))));
  const total = ticks.slice(0, GUEST).reduce((all, part) => all + part, 0);
  if (total === 0) return undefined;
  const own = ticks.map((part, column) => {
    if (column === USER) return Math.max(0, part - (ticks[GUEST] ?? 0));
    if (column === NICE) return Math.max(0, part - (ticks[GUEST_NICE] ?? 0));
    return part;
  });
  const fields: Record<string, number> = {};
  for (const [column, part] of own.entries()) fields[`usage_${COLUMNS[column] ?? ''}`] = percent(part, total);
  fields['usage_active'] = percent(total - (ticks[IDLE] ?? 0), total);
  return fields;
}

/** Without guest time, which user and nice include. */
function sum(columns: readonly bigint[]): bigint {
  return columns.slice(0, GUEST).reduce((all, part) => all + part, 0n);
}

/** Capped: guest time is counted separately and may be a tick ahead. */
function percent(part: number, total: number): number {
  return Math.min(100, (100 * part) / total);
}
