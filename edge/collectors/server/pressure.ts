import { parseCounter, toField } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

export const PRESSURE_RESOURCES = ['cpu', 'memory', 'io'] as const;

const LINE = /^(some|full) avg10=(\d+\.\d+) avg60=(\d+\.\d+) avg300=(\d+\.\d+) total=(\d+)$/;

/** Pressure stall information, kernel Documentation/accounting/psi.rst: percent of time stalled, and µs in total. */
export function pressureReadings(resource: string, text: string): Reading[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const [, type = '', avg10, avg60, avg300, totalText] = LINE.exec(line.trim()) ?? [];
      const total = parseCounter(totalText);
      if (total === undefined)
        throw malformed(`/proc/pressure/${resource}`, line, 'some or full, three averages, total');
      const fields = {
        avg10: Number(avg10),
        avg60: Number(avg60),
        avg300: Number(avg300),
        total: toField(total),
      };
      return { measurement: 'pressure', tags: { resource, type }, fields };
    });
}
