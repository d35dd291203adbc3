import { parseCounter, words } from '../../protocols/system/counter.ts';
import type { Reading } from './reading.ts';

/** State letters of proc_pid_stat(5) and Telegraf's fields for them. */
const STATES: Readonly<Record<string, string>> = {
  R: 'running',
  S: 'sleeping',
  D: 'blocked',
  Z: 'zombies',
  X: 'dead',
  x: 'dead',
  T: 'stopped',
  t: 'stopped',
  W: 'paging',
  I: 'idle',
  P: 'parked',
};
const FIELDS = ['running', 'sleeping', 'blocked', 'zombies', 'dead', 'stopped', 'paging', 'idle'];

/** Adds up `stat` files of processes into Telegraf's `processes`. */
export class ProcessCount {
  readonly #fields: Record<string, number> = Object.fromEntries(
    [...FIELDS, 'unknown', 'total', 'total_threads'].map((field) => [field, 0]),
  );

  /** Takes `/proc/PID/stat`; the command in brackets may contain brackets and spaces. */
  add(stat: string): void {
    const end = stat.lastIndexOf(')');
    if (end < 0) return;
    const columns = words(stat.slice(end + 1));
    this.#count(STATES[columns[0] ?? ''] ?? 'unknown', 1);
    this.#count('total', 1);
    this.#count('total_threads', Number(parseCounter(columns[17]) ?? 0n));
  }

  reading(): Reading {
    return { measurement: 'processes', tags: {}, fields: { ...this.#fields } };
  }

  #count(field: string, by: number): void {
    this.#fields[field] = (this.#fields[field] ?? 0) + by;
  }
}
