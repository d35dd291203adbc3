import type { InventoryFile } from '../../../../contract/inventory.ts';
import type { FieldValue } from '../../../../contract/sample.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { readInventory } from '../../../inventory/inventory.ts';
import { LiveInventory } from '../../../inventory/live-inventory.ts';
import { openAgentRegistry, type AgentRegistry } from '../../../liveness/agent-registry.ts';
import type { BatchObserver } from '../../../samples/batch-observer.ts';
import { SeriesRegistry } from '../../../samples/series-registry.ts';
import type { SampleTable } from '../../../samples/sample-table.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import type { StateChange } from '../city-states.ts';
import { createCityStates, type StateEngine } from '../create-city-states.ts';

export interface SentRow {
  readonly measurement: string;
  readonly tags?: Readonly<Record<string, string>>;
  readonly fields?: Readonly<Record<string, FieldValue>>;
  /** Now, if not given. */
  readonly timeMs?: number;
}

const AGENT_INTERVAL_MS = 10_000;
const TAGS = ['agent', 'device', 'interface', 'target', 'pool', 'resource'] as const;

/** States over a real registry of agents and of series, on virtual time: agents send what they are told to, every ten seconds. */
export class StatesCity {
  readonly clock: ManualClock;
  readonly database: StateDatabase;
  readonly inventory: LiveInventory;
  readonly series = new SeriesRegistry();
  readonly registry: AgentRegistry;
  readonly states: StateEngine;
  readonly changes: StateChange[] = [];
  /** Given each batch as well, and called each second. */
  readonly others: (Pick<BatchObserver, 'observe'> & { tick(): void })[] = [];
  /** What each agent sends again and again. */
  readonly routine = new Map<string, readonly SentRow[]>();
  readonly #fields = new Map<string, readonly string[]>();
  #seq = 0;

  /** `database`: of a central that ran before, with what it knew of its agents. */
  constructor(
    file: Partial<InventoryFile>,
    nowMs = 1_800_000_000_000,
    database: StateDatabase = openStateDatabase(':memory:'),
  ) {
    this.database = database;
    this.clock = new ManualClock(nowMs);
    this.inventory = new LiveInventory(readInventory('inventory', file));
    const { inventory, clock, series } = this;
    this.registry = openAgentRegistry({ inventory, database, clock, log: silentLogger });
    this.states = createCityStates({
      inventory,
      registry: this.registry,
      series,
      clock,
      timeZone: 'Asia/Ho_Chi_Minh',
    });
    this.states.onChange((changes) => this.changes.push(...changes));
  }

  replaceInventory(file: Partial<InventoryFile>): void {
    this.inventory.replace(readInventory('inventory', file));
  }

  send(agent: string, ...rows: readonly SentRow[]): void {
    const nowMs = this.clock.now();
    const batch = {
      agent,
      epoch: 'abcdefgh',
      seq: ++this.#seq,
      tables: rows.map((row) => this.#table(agent, row)),
    };
    const context = { receivedAtMs: nowMs, sentAtMs: nowMs, backfill: false };
    this.registry.observe(batch, context);
    this.states.observe(batch, context);
    for (const other of this.others) other.observe(batch, context);
  }

  /** Second by second, with all that comes each second and every ten. */
  async wait(seconds: number): Promise<void> {
    for (let second = 0; second < seconds; second++) {
      await this.clock.advance(1_000);
      if (this.clock.now() % AGENT_INTERVAL_MS === 0) {
        for (const [agent, rows] of this.routine) this.send(agent, ...rows);
      }
      this.states.setDeaf(this.registry.checkHearing(this.clock.now()));
      this.states.tick();
      for (const other of this.others) other.tick();
    }
  }

  /** Such as `down` of `device:n-1`. */
  state(ref: string): string | undefined {
    return this.states.get(ref)?.state;
  }

  reason(ref: string): string | undefined {
    return this.states.get(ref)?.reason;
  }

  #table(agent: string, { measurement, tags = {}, fields = {}, timeMs }: SentRow): SampleTable {
    const names = Object.keys(fields);
    const key = `${measurement} ${names.join()}`;
    const shape = this.#fields.get(key) ?? names;
    this.#fields.set(key, shape);
    const values = TAGS.map((tag) => (tag === 'agent' ? agent : tags[tag]));
    const known = this.series.of(agent, this.clock.now());
    const found = known.find(measurement, values);
    if (found !== undefined) known.take(found);
    const series = found ?? known.add(measurement, values);
    if (series === undefined) throw new Error('one series too many');
    const row = { series, timeMs: timeMs ?? this.clock.now(), values: Object.values(fields) };
    return { measurement, tags: TAGS, fields: shape, rows: [row] };
  }
}

/** A device that answers, or does not. */
export function deviceUp(device: string, up = true): SentRow {
  return { measurement: 'device', tags: { device }, fields: { up } };
}

export function pingLoss(device: string, lossPercent: number, target = 'core'): SentRow {
  return { measurement: 'ping', tags: { device, target }, fields: { percent_packet_loss: lossPercent } };
}

const PLACE = { longitude: 106.69, latitude: 10.79 };
const UNITS = ['26734', '26737'] as const;

/** A city, hubs below it, sites below each hub with a node and a probe behind it, one agent at each. */
export function hubCity(
  hubs = 2,
  sitesPerHub = 4,
): Pick<InventoryFile, 'units' | 'sites' | 'agents' | 'devices'> {
  const file: ReturnType<typeof hubCity> = {
    units: UNITS.map((code) => ({ code, name: code, nameEn: code, kind: 'ward', areaKm2: 1, ...PLACE })),
    sites: [{ id: 'city', unit: UNITS[0], name: 'city', kind: 'city', ...PLACE }],
    agents: [],
    devices: [],
  };
  const add = (id: string, unit: string, parents: string[], node: string[] | undefined): void => {
    const at = { site: id, unit, agent: `gw-${id}` };
    file.sites.push({ id, unit, name: id, kind: node === undefined ? 'hub' : 'site', parents, ...PLACE });
    file.agents.push({ id: at.agent, kind: 'gateway', site: id, unit });
    file.devices.push({ id: `n-${id}`, kind: 'node', ...(node !== undefined && { parents: node }), ...at });
    if (node !== undefined) file.devices.push({ id: `bb-${id}`, kind: 'probe', parents: [`n-${id}`], ...at });
  };
  for (let hub = 1; hub <= hubs; hub++) {
    const unit = UNITS[hub % UNITS.length] ?? UNITS[0];
    add(`hub-${hub}`, unit, ['city'], undefined);
    for (let site = 1; site <= sitesPerHub; site++) {
      add(`s-${hub}-${site}`, unit, [`hub-${hub}`], [`n-hub-${hub}`]);
    }
  }
  return file;
}

/** All of them measure their own devices, and find them well. */
export function allWell(city: StatesCity): void {
  for (const { id } of city.inventory.agents.values()) {
    const own = [...city.inventory.devices.values()].filter(({ agent }) => agent === id);
    city.routine.set(
      id,
      own.map((device) => (device.kind === 'probe' ? pingLoss(device.id, 0) : deviceUp(device.id))),
    );
  }
}
