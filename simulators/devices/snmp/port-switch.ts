import { TAG } from './ber.ts';
import type { Motion } from './device-state.ts';
import { parseRecording, type Recording } from './recording.ts';

const IF_TABLE = '1.3.6.1.2.1.2.2.1';
const IF_X_TABLE = '1.3.6.1.2.1.31.1.1.1';
const SPEED_MBPS = 1_000;

/** Columns of IF-MIB (RFC 2863): number, tag, value by port. */
const PORT_COLUMNS: readonly (readonly [
  table: string,
  column: number,
  tag: number,
  value: (port: number) => string,
])[] = [
  [IF_TABLE, 2, TAG.octets, (port) => `GigabitEthernet0/${port}`],
  [IF_TABLE, 3, TAG.integer, () => '6'],
  [IF_TABLE, 5, TAG.gauge32, () => String(SPEED_MBPS * 1e6)],
  [IF_TABLE, 7, TAG.integer, () => '1'],
  [IF_TABLE, 8, TAG.integer, () => '1'],
  [IF_TABLE, 9, TAG.timeTicks, () => '1500'],
  ...[13, 14, 19, 20].map((column) => [IF_TABLE, column, TAG.counter32, () => '0'] as const),
  [IF_X_TABLE, 1, TAG.octets, (port) => `Gi0/${port}`],
  ...[6, 7, 8, 9, 10, 11, 12, 13].map(
    (column) =>
      [IF_X_TABLE, column, TAG.counter64, (port: number) => String(column * 10 ** 9 + port)] as const,
  ),
  [IF_X_TABLE, 15, TAG.gauge32, () => String(SPEED_MBPS)],
  [IF_X_TABLE, 18, TAG.octets, (port) => `desk ${port}`],
  [IF_X_TABLE, 19, TAG.timeTicks, () => '0'],
];

/** A plain switch: the system group and `portCount` gigabit ports with 64-bit counters. */
export function portSwitchRecording(portCount: number): Recording {
  const lines = [
    `1.3.6.1.2.1.1.1.0|${TAG.octets}|Simulated switch, ${portCount} ports`,
    `1.3.6.1.2.1.1.2.0|${TAG.oid}|1.3.6.1.4.1.8072.3.2.255`,
    `1.3.6.1.2.1.1.3.0|${TAG.timeTicks}|8640000`,
    `1.3.6.1.2.1.1.5.0|${TAG.octets}|switch`,
  ];
  for (let port = 1; port <= portCount; port++) {
    for (const [table, column, tag, value] of PORT_COLUMNS) {
      lines.push(`${table}.${column}.${port}|${tag}|${value(port)}`);
    }
  }
  return parseRecording(lines.join('\n'), 'port switch');
}

const OCTETS_PER_S = 12_500_000;
const PACKETS_PER_S = 12_500;

/** 100 Mbit/s each way on every port, in packets of 1,000 bytes. */
export const steadyTraffic: Motion = (oid) => {
  if (!oid.startsWith(`${IF_X_TABLE}.`)) return undefined;
  const column = Number(oid.slice(IF_X_TABLE.length + 1).split('.')[0]);
  if (column === 6 || column === 10) return OCTETS_PER_S;
  return column === 7 || column === 11 ? PACKETS_PER_S : undefined;
};
