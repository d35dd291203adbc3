import { parseCounter, toField, words } from '../../../protocols/system/counter.ts';
import type { FieldValue } from '../../../../contract/sample.ts';

/** Files read of one group; missing when its controller is off. kernel Documentation/admin-guide/cgroup-v2.rst. */
export const GROUP_FILES = [
  'cpu.stat',
  'cpu.max',
  'memory.current',
  'memory.max',
  'memory.stat',
  'memory.events',
  'pids.current',
  'pids.max',
  'io.stat',
] as const;
export type GroupFiles = Readonly<Partial<Record<(typeof GROUP_FILES)[number], string>>>;

/** State of a group at one read. */
export interface GroupState {
  readonly atMs: number;
  readonly usageUs: bigint | undefined;
  readonly periods: bigint | undefined;
  readonly throttledPeriods: bigint | undefined;
  readonly oomKills: number | undefined;
  /** Fields that need no earlier read. */
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A malformed file yields no fields. Pure. `isStacked`: the device's I/O is counted again at the disks below it. */
export function parseGroupFiles(
  files: GroupFiles,
  isStacked: (deviceNumber: string) => boolean,
  atMs: number,
): GroupState {
  const cpu = flatKeyed(files['cpu.stat']);
  const oomKills = flatKeyed(files['memory.events']).get('oom_kill');
  return {
    atMs,
    usageUs: cpu.get('usage_usec'),
    periods: cpu.get('nr_periods'),
    throttledPeriods: cpu.get('nr_throttled'),
    oomKills: oomKills === undefined ? undefined : Number(oomKills),
    fields: {
      ...cpuLimit(files['cpu.max']),
      ...memoryFields(files),
      ...numbers({
        oom_kills: oomKills,
        pids_count: parseCounter(files['pids.current']?.trim()),
        pids_limit_count: parseCounter(files['pids.max']?.trim()),
      }),
      ...ioFields(files['io.stat'], isStacked),
    },
  };
}

/** Shares of the time between two reads; a counter that went back yields none. CPU is in percent of one CPU. Pure. */
export function cpuFields(before: GroupState, now: GroupState): Record<string, number> {
  const fields: Record<string, number> = {};
  const usedUs = grown(before.usageUs, now.usageUs);
  const passedMs = now.atMs - before.atMs;
  if (usedUs !== undefined && passedMs > 0) fields['cpu_pct'] = usedUs / (10 * passedMs);
  const periods = grown(before.periods, now.periods);
  const throttled = grown(before.throttledPeriods, now.throttledPeriods);
  if (periods !== undefined && throttled !== undefined && periods > 0) {
    fields['cpu_throttled_pct'] = Math.min(100, (100 * throttled) / periods);
  }
  return fields;
}

function grown(before: bigint | undefined, now: bigint | undefined): number | undefined {
  return before === undefined || now === undefined || now < before ? undefined : Number(now - before);
}

/** `max 100000` or `50000 100000`: µs of CPU in each period of µs. */
function cpuLimit(text: string | undefined): Record<string, number> {
  const [quota, period] = words(text ?? '').map((word) => parseCounter(word));
  return quota === undefined || period === undefined || period === 0n
    ? {}
    : { cpu_limit_pct: (100 * Number(quota)) / Number(period) };
}

/** Memory in use is the working set: without file pages that the kernel reclaims first. */
function memoryFields(files: GroupFiles): Record<string, FieldValue> {
  const current = parseCounter(files['memory.current']?.trim());
  const idle = flatKeyed(files['memory.stat']).get('inactive_file') ?? 0n;
  if (current === undefined) return {};
  const used = current > idle ? current - idle : 0n;
  const limit = parseCounter(files['memory.max']?.trim());
  return {
    memory_bytes: toField(used),
    ...(limit !== undefined && { memory_limit_bytes: toField(limit) }),
    ...(limit !== undefined &&
      limit > 0n && { memory_pct: Math.min(100, (100 * Number(used)) / Number(limit)) }),
  };
}

/** `8:0 rbytes=1 wbytes=2 rios=3 …` per device. */
function ioFields(
  text: string | undefined,
  isStacked: (deviceNumber: string) => boolean,
): Record<string, FieldValue> {
  if (text === undefined) return {};
  let [read, written] = [0n, 0n];
  for (const line of text.split('\n')) {
    const [, device, rest = ''] = /^(\d+:\d+) (.*)$/.exec(line) ?? [];
    if (device === undefined || isStacked(device)) continue;
    read += parseCounter(/\brbytes=(\d+)\b/.exec(rest)?.[1]) ?? 0n;
    written += parseCounter(/\bwbytes=(\d+)\b/.exec(rest)?.[1]) ?? 0n;
  }
  return { io_read_bytes: toField(read), io_write_bytes: toField(written) };
}

/** `name value` lines. */
function flatKeyed(text: string | undefined): ReadonlyMap<string, bigint> {
  const values = new Map<string, bigint>();
  for (const line of (text ?? '').split('\n')) {
    const [name, value] = words(line);
    const counter = parseCounter(value);
    if (name !== undefined && counter !== undefined) values.set(name, counter);
  }
  return values;
}

function numbers(values: Readonly<Record<string, bigint | undefined>>): Record<string, FieldValue> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [[name, toField(value)]])),
  );
}
