import type { LatestCache } from '../../live/latest-cache.ts';
import type { LatestRow } from '../../store/sample-store.ts';

/** By what neighbours know a device, as it told its agent. */
export interface Identity {
  readonly device: string;
  readonly name: string | undefined;
  readonly chassis: string | undefined;
  readonly address: string | undefined;
}

/** What a device sees at one of its ports. */
export interface Neighbour {
  readonly device: string;
  readonly interface: string;
  readonly agent: string;
  /** By central's clock. */
  readonly observedAtMs: number;
  readonly name: string | undefined;
  readonly chassis: string | undefined;
  readonly address: string | undefined;
  /** As the other end calls its port. */
  readonly port: string | undefined;
  /** How many are seen at the port; the fields are of the first one. */
  readonly count: number;
}

export interface TopologyEvidence {
  readonly identities: readonly Identity[];
  readonly neighbours: readonly Neighbour[];
}

export interface EvidenceDeps {
  readonly latest: Pick<LatestCache, 'rows'>;
  /** What turns the time of an agent into central's, ms. */
  readonly correctionOf: (agent: string) => number;
}

/** LLDP tables are read every five minutes: this is some six of them, for agents that measure less often. */
export const FRESH_MS = 35 * 60_000;
/** Rows of one reading of a table are not further apart. */
const ONE_READING_MS = 60_000;
/** Twenty ports with neighbours on each of 5,000 devices. */
const MAX_ROWS = 100_000;

/** What is measured of the wiring now: rows of the last reading of each table, none of them older than 35 minutes. */
export function readEvidence({ latest, correctionOf }: EvidenceDeps, nowMs: number): TopologyEvidence {
  const rows = (measurement: string): readonly Timed[] =>
    latest
      .rows(measurement, {}, MAX_ROWS)
      .map((row) => ({ ...row, atMs: row.timeMs + correctionOf(row.tags['agent'] ?? '') }))
      .filter(({ atMs }) => Math.abs(nowMs - atMs) <= FRESH_MS);
  const identities = rows('device_identity');
  const neighbours = rows('lldp_neighbor');
  // A port that left the table keeps its last row: it is older than what was read since.
  const readFromMs = new Map<string, number>();
  for (const row of neighbours) raise(readFromMs, row, row.atMs - ONE_READING_MS);
  for (const row of identities) raise(readFromMs, row, row.atMs);
  return {
    identities: identities.map(({ tags, fields }) => ({
      device: tags['device'] ?? '',
      name: textOf(fields['name']),
      chassis: textOf(fields['chassis']),
      address: textOf(fields['address']),
    })),
    neighbours: neighbours
      .filter((row) => row.atMs >= (readFromMs.get(readerOf(row)) ?? -Infinity))
      .map(({ tags, fields, atMs }) => ({
        device: tags['device'] ?? '',
        interface: tags['interface'] ?? '',
        agent: tags['agent'] ?? '',
        observedAtMs: atMs,
        name: textOf(fields['remote_device']),
        chassis: textOf(fields['remote_chassis']),
        address: textOf(fields['remote_address']),
        port: textOf(fields['remote_interface']),
        count: typeof fields['neighbors_count'] === 'number' ? fields['neighbors_count'] : 1,
      })),
  };
}

type Timed = LatestRow & { readonly atMs: number };

/** One device as one agent reads it. */
function readerOf({ tags }: LatestRow): string {
  return `${tags['agent'] ?? ''} ${tags['device'] ?? ''}`;
}

function raise(times: Map<string, number>, row: LatestRow, timeMs: number): void {
  const key = readerOf(row);
  if (timeMs > (times.get(key) ?? -Infinity)) times.set(key, timeMs);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
