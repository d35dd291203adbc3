import { parseCounter, toField, words } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

/**
 * /proc/sys/fs/file-nr: open files, free ones (always 0 since 2.6), and their limit; proc_sys_fs(5).
 * Telegraf's `linux_sysctl_fs`, with `_` for the `-` in its names.
 */
export function fileHandlesReading(fileNr: string): Reading {
  const [open, , most] = words(fileNr).map((text) => parseCounter(text));
  if (open === undefined || most === undefined) {
    throw malformed('/proc/sys/fs/file-nr', fileNr, 'three numbers: open, free and maximum');
  }
  return {
    measurement: 'linux_sysctl_fs',
    tags: {},
    fields: { file_nr: toField(open), file_max: toField(most) },
  };
}

/** Tracked connections and their limit; Telegraf's `conntrack`. */
export function conntrackReading(count: string, max: string): Reading {
  const [now, most] = [parseCounter(count.trim()), parseCounter(max.trim())];
  if (now === undefined) throw malformed('nf_conntrack_count', count, 'a number');
  if (most === undefined) throw malformed('nf_conntrack_max', max, 'a number');
  return {
    measurement: 'conntrack',
    tags: {},
    fields: { ip_conntrack_count: toField(now), ip_conntrack_max: toField(most) },
  };
}
