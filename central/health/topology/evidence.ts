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

/** Devices of one agent that another one sees behind a port: none of them need be next to it. */
export interface Stations {
  readonly device: string;
  readonly interface: string;
  readonly agent: string;
  /** By central's clock. */
  readonly observedAtMs: number;
  /** `fdb`: the forwarding table of a bridge; `arp`: ARP or neighbour discovery. */
  readonly source: 'fdb' | 'arp';
  readonly devices: readonly string[];
}

export interface TopologyEvidence {
  readonly identities: readonly Identity[];
  readonly neighbours: readonly Neighbour[];
  readonly stations: readonly Stations[];
}

export interface EvidenceDeps {
  readonly latest: Pick<LatestCache, 'page'>;
  /** What turns the time of an agent into central's, ms. */
  readonly correctionOf: (agent: string) => number;
}

/** LLDP tables are read every five minutes, those of stations every 15: two of these, for agents that measure less often, too. */
export const FRESH_MS = 35 * 60_000;
/** Rows of one reading of a table are not further apart. */
const ONE_READING_MS = 60_000;
/** Some milliseconds of work. */
const PAGE_ROWS = 2_000;

/**
 * What is measured of the wiring now: rows of the last reading of each table, none of them older than 35 minutes. In steps of some
 * milliseconds each: nothing else happens in central meanwhile.
 */
export function* readEvidence(deps: EvidenceDeps, nowMs: number): Generator<undefined, TopologyEvidence> {
  const identities: Identity[] = [];
  const neighbours: Neighbour[] = [];
  // A port that left the table keeps its last row: it is older than what was read since.
  const readFromMs = new Map<string, number>();
  const raise = (row: Read, timeMs: number): void => {
    const key = readerOf(row);
    if (timeMs > (readFromMs.get(key) ?? -Infinity)) readFromMs.set(key, timeMs);
  };
  for (const page of pagesOf('device_identity', deps, nowMs)) {
    for (const row of page) {
      const { device, fields } = row;
      raise(row, row.atMs);
      identities.push({
        device,
        name: textOf(fields['name']),
        chassis: textOf(fields['chassis']),
        address: textOf(fields['address']),
      });
    }
    yield;
  }
  for (const page of pagesOf('lldp_neighbor', deps, nowMs)) {
    for (const row of page) {
      raise(row, row.atMs - ONE_READING_MS);
      neighbours.push(neighbourOf(row));
    }
    yield;
  }
  const stations: Stations[] = [];
  for (const page of pagesOf('port_stations', deps, nowMs)) {
    for (const row of page) {
      const found = stationsOf(row);
      if (found !== undefined) stations.push(found);
    }
    yield;
  }
  const isLast = (neighbour: Neighbour): boolean =>
    neighbour.observedAtMs >= (readFromMs.get(readerOf(neighbour)) ?? -Infinity);
  return { identities, neighbours: neighbours.filter(isLast), stations };
}

/** A fresh row of one device, as one agent reads it. */
interface Read {
  readonly device: string;
  readonly agent: string;
  readonly atMs: number;
  readonly tags: LatestRow['tags'];
  readonly fields: LatestRow['fields'];
}

function* pagesOf(
  measurement: string,
  { latest, correctionOf }: EvidenceDeps,
  nowMs: number,
): Iterable<readonly Read[]> {
  for (let after: number | undefined = 0; after !== undefined;) {
    const { rows, next } = latest.page(measurement, {}, { maxRows: PAGE_ROWS, after });
    const read: Read[] = [];
    for (const { tags, fields, timeMs } of rows) {
      const { device = '', agent = '' } = tags;
      const atMs = timeMs + correctionOf(agent);
      if (Math.abs(nowMs - atMs) <= FRESH_MS) read.push({ device, agent, atMs, tags, fields });
    }
    yield read;
    after = next;
  }
}

function neighbourOf({ device, agent, atMs, tags, fields }: Read): Neighbour {
  const { neighbors_count: count } = fields;
  return {
    device,
    interface: tags['interface'] ?? '',
    agent,
    observedAtMs: atMs,
    name: textOf(fields['remote_device']),
    chassis: textOf(fields['remote_chassis']),
    address: textOf(fields['remote_address']),
    port: textOf(fields['remote_interface']),
    count: typeof count === 'number' ? count : 1,
  };
}

/** undefined: they are too many to be named. */
function stationsOf({ device, agent, atMs, tags, fields }: Read): Stations | undefined {
  const names = textOf(fields['devices']);
  const { source, interface: port = '' } = tags;
  if (names === undefined || (source !== 'fdb' && source !== 'arp')) return undefined;
  return { device, interface: port, agent, observedAtMs: atMs, source, devices: names.split(' ') };
}

function readerOf({ agent, device }: Pick<Read, 'agent' | 'device'>): string {
  return `${agent} ${device}`;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
