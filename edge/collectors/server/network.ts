import { parseCounter, toField, words } from './counter.ts';
import { malformed, type Reading } from './reading.ts';

export interface InterfaceCounters {
  readonly name: string;
  /** The 16 columns of /proc/net/dev: eight received, eight sent. */
  readonly columns: readonly bigint[];
}

/** What /sys/class/net/NAME says; undefined where it says nothing. */
export interface InterfaceFacts {
  readonly flags: string | undefined;
  readonly speed: string | undefined;
}

const FIELD_COLUMNS: readonly (readonly [string, number])[] = [
  ['bytes_recv', 0],
  ['packets_recv', 1],
  ['err_in', 2],
  ['drop_in', 3],
  ['bytes_sent', 8],
  ['packets_sent', 9],
  ['err_out', 10],
  ['drop_out', 11],
];
/** IFF_UP and IFF_LOOPBACK, netdevice(7). */
const UP = 0x1;
const LOOPBACK = 0x8;

/** Reads /proc/net/dev. The host's ends of container links are passed over: their names never return. */
export function parseNetDev(text: string): InterfaceCounters[] {
  const interfaces: InterfaceCounters[] = [];
  for (const line of text.split('\n').slice(2)) {
    if (line.trim() === '') continue;
    // Old kernels print no space after the colon, and an alias has one in its name.
    const [, name, rest] = /^\s*(\S+):\s*(\d[\d\s]*)$/.exec(line) ?? [];
    const columns = words(rest ?? '').map((column) => parseCounter(column));
    if (name === undefined || columns.length < 16 || !columns.every((column) => column !== undefined)) {
      throw malformed('/proc/net/dev', line, 'an interface with 16 counters');
    }
    if (!/^(veth|cali|lxc)/.test(name)) interfaces.push({ name, columns });
  }
  return interfaces;
}

/** Telegraf's `net`: counters since boot; `speed` in Mbit/s. Undefined for loopback and for what is switched off. */
export function netReading(counters: InterfaceCounters, facts: InterfaceFacts): Reading | undefined {
  const flags = Number(facts.flags?.trim() ?? Number.NaN);
  const isShown = Number.isInteger(flags)
    ? (flags & UP) !== 0 && (flags & LOOPBACK) === 0
    : counters.name !== 'lo';
  if (!isShown) return undefined;
  const fields: Record<string, number | bigint> = {};
  for (const [field, column] of FIELD_COLUMNS) fields[field] = toField(counters.columns[column] ?? 0n);
  // -1 says that the link is down or virtual: not available.
  const speed = parseCounter(facts.speed?.trim());
  if (speed !== undefined && speed > 0n && speed < 0xffff_ffffn) fields['speed'] = Number(speed);
  return { measurement: 'net', tags: { interface: counters.name }, fields };
}
