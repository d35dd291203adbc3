import { parseCounter, words } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';
import type { Users } from './users.ts';

export interface SystemSources {
  readonly loadavg: string;
  readonly uptime: string;
  readonly cpuCount: number;
  /** Missing without utmp. */
  readonly users: Users | undefined;
}

/** Telegraf's `system`: load averages, whole seconds since boot, CPUs, people logged in. */
export function systemReading(sources: SystemSources): Reading {
  const [load1, load5, load15] = parseLoadAverage(sources.loadavg);
  const fields: Record<string, number> = {
    load1,
    load5,
    load15,
    n_cpus: sources.cpuCount,
    uptime: parseUptime(sources.uptime),
  };
  if (sources.users !== undefined) {
    fields['n_users'] = sources.users.sessions;
    fields['n_unique_users'] = sources.users.names;
  }
  return { measurement: 'system', tags: {}, fields };
}

export function parseLoadAverage(text: string): readonly [number, number, number] {
  const [one, five, fifteen] = words(text).slice(0, 3).map(decimal);
  if (one === undefined || five === undefined || fifteen === undefined) {
    throw malformed('/proc/loadavg', text, 'three load averages');
  }
  return [one, five, fifteen];
}

export function parseUptime(text: string): number {
  const seconds = parseCounter(words(text)[0]?.split('.')[0]);
  if (seconds === undefined) throw malformed('/proc/uptime', text, 'seconds since boot');
  return Number(seconds);
}

function decimal(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
