import type { Device, InventoryFile, Link, Site } from '../../../../contract/inventory.ts';
import { emptyInventoryFile } from '../../../../contract/inventory.ts';
import type { FieldValue } from '../../../../contract/sample.ts';
import { indexInventory } from '../../../inventory/inventory.ts';
import { LiveInventory } from '../../../inventory/live-inventory.ts';
import type { LatestRow } from '../../../store/sample-store.ts';
import { Topology } from '../topology.ts';

export const MINUTE_MS = 60_000;
export const START_MS = Date.UTC(2026, 10, 30, 3);

/** An inventory in short, and what devices report of their ports. */
export class MeasuredCity {
  nowMs = START_MS;
  /** The calendar day of the city. */
  today = '2026-11-30';
  /** By agent, ms. */
  readonly corrections = new Map<string, number>();
  readonly inventory: LiveInventory;
  readonly topology: Topology;
  #readAtMs = -Infinity;
  readonly #rows = new Map<string, Map<string, LatestRow>>();

  constructor(lists: Partial<InventoryFile>) {
    this.inventory = new LiveInventory(indexInventory({ ...emptyInventoryFile(), ...lists }));
    this.topology = new Topology({
      inventory: this.inventory,
      latest: { page: (measurement, _tags, page) => this.#page(measurement, page) },
      registry: { clockCorrectionOf: (agent) => this.corrections.get(agent) ?? 0 },
      clock: { now: () => this.nowMs },
      today: () => this.today,
    });
  }

  declare(lists: Partial<InventoryFile>): void {
    this.inventory.replace(indexInventory({ ...emptyInventoryFile(), ...lists }));
  }

  /** What devices told at once: by id, its own chassis or what it is called, and `[own port, name at the other end, its port]`. */
  report(devices: Readonly<Record<string, Reported>>, agent = 'gw-1'): void {
    for (const [device, { identity = { chassis: chassisOf(device) }, sees = [] }] of Object.entries(
      devices,
    )) {
      this.row('device_identity', { agent, device }, identity);
      for (const [port, fields] of sees)
        this.row('lldp_neighbor', { agent, device, interface: port }, fields);
    }
    this.readEvidence();
  }

  /** A round of reading, a minute after the one before at the earliest. */
  readEvidence(): void {
    if (this.nowMs - this.#readAtMs < MINUTE_MS) this.nowMs = this.#readAtMs + MINUTE_MS;
    this.#readAtMs = this.nowMs;
    const steps = 10;
    for (let step = 0; step < steps; step++) this.topology.step();
  }

  #page(measurement: string, { maxRows, after }: { readonly maxRows: number; readonly after: number }) {
    const rows = [...(this.#rows.get(measurement)?.values() ?? [])];
    const end = after + maxRows;
    return { rows: rows.slice(after, end), next: end < rows.length ? end : undefined };
  }

  row(measurement: string, tags: LatestRow['tags'], fields: Readonly<Record<string, FieldValue>>): void {
    const rows = this.#rows.get(measurement) ?? new Map<string, LatestRow>();
    this.#rows.set(measurement, rows);
    rows.set(JSON.stringify(tags), {
      tags,
      timeMs: this.nowMs - (this.corrections.get(tags['agent'] ?? '') ?? 0),
      fields,
    });
  }

  /** `confidence entry: what would change` */
  proposed(): string[] {
    return this.topology.proposals().map(({ confidence, change: { kind, id, before, after } }) => {
      const more = after !== undefined && 'parents' in after ? (after.parents ?? []) : [];
      const old = before !== undefined && 'parents' in before ? (before.parents ?? []) : [];
      return kind === 'links'
        ? `${confidence} links/${id}: ${endsOf(after as Link)}`
        : `${confidence} ${kind}/${id}: ${old.join(', ')} → ${more.join(', ')}`;
    });
  }

  wiring(): string[] {
    return [...this.topology.wiring()].map(
      ({ link, state, sinceMs, detail }) =>
        `${link} ${state} since ${(this.nowMs - sinceMs) / MINUTE_MS} min${detail === '' ? '' : `: ${detail}`}`,
    );
  }
}

export interface Reported {
  readonly identity?: Readonly<Record<string, FieldValue>>;
  readonly sees?: readonly (readonly [port: string, fields: Readonly<Record<string, FieldValue>>])[];
}

/** What LLDP tells of a device at one of its ports. */
export function far(device: string, port: string, count = 1): Readonly<Record<string, FieldValue>> {
  return {
    remote_device: device,
    remote_chassis: chassisOf(device),
    remote_interface: port,
    neighbors_count: count,
  };
}

export function chassisOf(device: string): string {
  return `chassis-of-${device}`;
}

export function site(id: string, more: Partial<Site> = {}): Site {
  return { id, unit: '26740', name: id, kind: 'site', longitude: 106.7, latitude: 10.78, ...more };
}

/** `n-1@site-a`: a node in that site. */
export function node(place: string, more: Partial<Device> = {}): Device {
  const [id = '', at = ''] = place.split('@');
  return { id, kind: 'node', site: at, unit: '26740', agent: 'gw-1', ...more };
}

/** Ends such as `site-a/n-1/ge-0`, the port and the device may be missing. */
export function link(id: string, one: string, other: string, more: Partial<Link> = {}): Link {
  const end = (text: string): Link['ends'][number] => {
    const [at = '', device, port] = text.split('/');
    return {
      site: at,
      ...(device !== undefined && { device }),
      ...(port !== undefined && { interface: port }),
    };
  };
  return { id, kind: 'fibre', ends: [end(one), end(other)], ...more };
}

function endsOf({ ends }: Link): string {
  return ends
    .map(({ site: at, device, interface: port }) =>
      [at, device, port].filter((part) => part !== undefined).join('/'),
    )
    .join(' – ');
}
