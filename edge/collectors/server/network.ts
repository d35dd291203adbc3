import { parseCounter, toField } from '../../protocols/system/counter.ts';
import type { InterfaceCounters } from '../../protocols/system/network-counters.ts';
import type { Reading } from './reading.ts';

/** From /sys/class/net/NAME; undefined if not available. */
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

/** Telegraf's `net`: counters since boot; `speed` in Mbit/s. Undefined for loopback and for interfaces that are down. */
export function netReading(counters: InterfaceCounters, facts: InterfaceFacts): Reading | undefined {
  const flags = Number(facts.flags?.trim() ?? Number.NaN);
  const isShown = Number.isInteger(flags)
    ? (flags & UP) !== 0 && (flags & LOOPBACK) === 0
    : counters.name !== 'lo';
  if (!isShown) return undefined;
  const fields: Record<string, number | bigint> = {};
  for (const [field, column] of FIELD_COLUMNS) fields[field] = toField(counters.columns[column] ?? 0n);
  // -1: the link is down or virtual.
  const speed = parseCounter(facts.speed?.trim());
  if (speed !== undefined && speed > 0n && speed < 0xffff_ffffn) fields['speed'] = Number(speed);
  return { measurement: 'net', tags: { interface: counters.name }, fields };
}
