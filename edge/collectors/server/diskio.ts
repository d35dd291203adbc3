import { parseCounter, toField, words } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

/** Columns after major, minor and name, kernel Documentation/admin-guide/iostats.rst; times are in ms. */
const FIELDS = [
  'reads',
  'merged_reads',
  'read_bytes',
  'read_time',
  'writes',
  'merged_writes',
  'write_bytes',
  'write_time',
  'iops_in_progress',
  'io_time',
  'weighted_io_time',
] as const;
/** The kernel counts in sectors of 512 bytes, whatever the disk's own size is. */
const SECTOR_BYTES = 512n;

/**
 * Telegraf's `diskio` from /proc/diskstats: counters since boot for each block device that was ever used (not idle loop
 * or RAM devices). Skips the lines of old kernels that have only four counters.
 */
export function diskioReadings(diskstats: string): Reading[] {
  const readings: Reading[] = [];
  for (const line of diskstats.split('\n')) {
    const [, , name, ...texts] = words(line);
    if (name === undefined || texts.length < FIELDS.length) continue;
    const fields = diskFields(line, texts);
    if (fields['reads'] === 0 && fields['writes'] === 0) continue;
    readings.push({ measurement: 'diskio', tags: { name }, fields });
  }
  return readings;
}

function diskFields(line: string, texts: readonly string[]): Record<string, number | bigint> {
  const fields: Record<string, number | bigint> = {};
  for (const [index, field] of FIELDS.entries()) {
    const value = parseCounter(texts[index]);
    if (value === undefined)
      throw malformed('/proc/diskstats', line, `${FIELDS.length} counters after the name`);
    fields[field] = toField(field.endsWith('_bytes') ? value * SECTOR_BYTES : value);
  }
  return fields;
}
