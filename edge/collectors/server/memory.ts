import { parseCounter, toField, words } from '../../protocols/system/counter.ts';
import { malformed } from '../../protocols/system/source-error.ts';
import type { Reading } from './reading.ts';

/** Telegraf's `mem` field and the key in /proc/meminfo, proc_meminfo(5); kB there, bytes here. */
const MEM_FIELDS: readonly (readonly [string, string])[] = [
  ['active', 'Active'],
  ['buffered', 'Buffers'],
  ['commit_limit', 'CommitLimit'],
  ['committed_as', 'Committed_AS'],
  ['dirty', 'Dirty'],
  ['free', 'MemFree'],
  ['high_free', 'HighFree'],
  ['high_total', 'HighTotal'],
  ['huge_page_size', 'Hugepagesize'],
  ['inactive', 'Inactive'],
  ['low_free', 'LowFree'],
  ['low_total', 'LowTotal'],
  ['mapped', 'Mapped'],
  ['page_tables', 'PageTables'],
  ['shared', 'Shmem'],
  ['slab', 'Slab'],
  ['sreclaimable', 'SReclaimable'],
  ['sunreclaim', 'SUnreclaim'],
  ['swap_cached', 'SwapCached'],
  ['swap_free', 'SwapFree'],
  ['swap_total', 'SwapTotal'],
  ['vmalloc_chunk', 'VmallocChunk'],
  ['vmalloc_total', 'VmallocTotal'],
  ['vmalloc_used', 'VmallocUsed'],
  ['write_back', 'Writeback'],
  ['write_back_tmp', 'WritebackTmp'],
];
const MEM_COUNTS: readonly (readonly [string, string])[] = [
  ['huge_pages_free', 'HugePages_Free'],
  ['huge_pages_total', 'HugePages_Total'],
];

/** Bytes (or a count, for HugePages_*) by key of /proc/meminfo. */
export type Meminfo = ReadonlyMap<string, bigint>;

export function parseMeminfo(text: string): Meminfo {
  const values = new Map<string, bigint>();
  for (const line of text.split('\n')) {
    const [, key, digits, unit] = /^([^:\s]+):\s+(\d+)( kB)?$/.exec(line.trimEnd()) ?? [];
    const value = parseCounter(digits);
    if (key !== undefined && value !== undefined)
      values.set(key, unit === undefined ? value : value * 1_024n);
  }
  if (!values.has('MemTotal') || !values.has('MemFree')) {
    throw malformed('/proc/meminfo', text, 'lines MemTotal and MemFree');
  }
  return values;
}

/** Telegraf's `mem`: cached includes reclaimable slab; used is what is neither free, buffered nor cached. */
export function memReading(info: Meminfo): Reading {
  const get = (key: string): bigint => info.get(key) ?? 0n;
  const total = get('MemTotal');
  const cached = get('Cached') + get('SReclaimable');
  const idle = get('MemFree') + get('Buffers') + cached;
  // Kernels before 3.14 print no MemAvailable.
  const available = info.get('MemAvailable') ?? (idle < total ? idle : total);
  const used = idle < total ? total - idle : 0n;
  const fields: Record<string, number | bigint> = {
    total: toField(total),
    available: toField(available),
    used: toField(used),
    cached: toField(cached),
  };
  if (total > 0n) {
    fields['used_percent'] = (100 * Number(used)) / Number(total);
    fields['available_percent'] = (100 * Number(available)) / Number(total);
  }
  for (const [field, key] of [...MEM_FIELDS, ...MEM_COUNTS]) {
    const value = info.get(key);
    if (value !== undefined) fields[field] = toField(value);
  }
  return { measurement: 'mem', tags: {}, fields };
}

/** Telegraf's `swap`; `in` and `out` (bytes since boot) come from /proc/vmstat where it is there. */
export function swapReading(info: Meminfo, vmstat: string | undefined): Reading {
  const total = info.get('SwapTotal') ?? 0n;
  const free = info.get('SwapFree') ?? 0n;
  const used = free < total ? total - free : 0n;
  const fields: Record<string, number | bigint> = {
    total: toField(total),
    free: toField(free),
    used: toField(used),
    used_percent: total > 0n ? (100 * Number(used)) / Number(total) : 0,
  };
  for (const [field, key] of [
    ['in', 'pswpin'],
    ['out', 'pswpout'],
  ] as const) {
    const pages = vmstat === undefined ? undefined : vmstatValue(vmstat, key);
    if (pages !== undefined) fields[field] = toField(pages * PAGE_BYTES);
  }
  return { measurement: 'swap', tags: {}, fields };
}

/** As Telegraf counts it; larger pages are rare and would need sysconf(3). */
const PAGE_BYTES = 4_096n;

function vmstatValue(vmstat: string, key: string): bigint | undefined {
  const line = vmstat.split('\n').find((candidate) => candidate.startsWith(`${key} `));
  return line === undefined ? undefined : parseCounter(words(line)[1]);
}
