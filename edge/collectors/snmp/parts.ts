import type { FieldValue } from '../../../contract/sample.ts';
import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { readChassis } from './chassis.ts';
import { readHealth } from './health.ts';
import { readInterfaceTable } from './interface-table.ts';
import { readEngineTicks } from './engine-time.ts';
import { interfaceReadings, type PortMemory } from './interfaces.ts';
import { hasFutureChange } from './last-change.ts';
import type { InterfaceTexts } from './local-port.ts';
import type { KnownStations } from './known-stations.ts';
import { readNeighbours } from './neighbours.ts';
import { findOptics, hottest } from './optics.ts';
import { readPortTable } from './ports.ts';
import { withPowerSummary } from './power.ts';
import type { CompiledProfile, RowTable } from './profile/compiled-profile.ts';
import { findText } from './profile/text-source.ts';
import { presentFields, type Reading } from './reading.ts';
import { readRouting, type NeighbourMemory } from './routing.ts';
import { readRows, type CounterMemory } from './rows.ts';
import { readSensors, SENSOR_TABLE } from './sensors.ts';
import { STANDARD } from './standard.ts';
import { readOwnMacs, readStations } from './stations.ts';
import { readStorage } from './storage.ts';
import type { System } from './system.ts';

export interface PartContext {
  readonly conversation: Pick<Conversation, 'column'>;
  readonly system: System;
  /** At which it is read; undefined: by a name. */
  readonly address: string | undefined;
  /** Over the wraps of sysUpTime that were seen. */
  readonly uptimeS: number | undefined;
  readonly profile: CompiledProfile | undefined;
  /** Also what changes slowly is read: by part, since one may be left over from a slow poll. */
  isSlow: boolean;
  /** How many polls before did so. */
  readonly slowPolls: number;
  readonly name: string;
  /** Of all devices of the collector. */
  readonly stations: KnownStations;
  /** Of the previous poll, until the interfaces are read. */
  ports: PortMemory;
  /** OSPF neighbours, likewise. */
  neighbours: NeighbourMemory;
  /** Whether a UPS reports a runtime that counts, likewise. */
  runtimeCounts: boolean;
  /** Counters of which profiles want the rate. */
  readonly counters: CounterMemory;
  /** By ifIndex, once the interfaces are read. */
  interfaces: ReadonlyMap<string, Reading>;
}

export interface PartResult {
  readonly readings: readonly Reading[];
  /** Fields of the measurement `device`. */
  readonly device?: Readonly<Record<string, FieldValue | undefined>>;
  readonly error?: Error | undefined;
}

/** One MIB, or related parts of several. Never rejects. */
export interface Part {
  readonly name: string;
  readonly isSlow: boolean;
  read(context: PartContext): Promise<PartResult>;
}

const interfaces: Part = {
  name: 'IF-MIB',
  isSlow: false,
  read: async (context) => {
    const table = await readInterfaceTable(context.conversation, context);
    const engineTicks = hasFutureChange(table) ? await readEngineTicks(context.conversation) : undefined;
    const { readings, memory } = interfaceReadings(table, context.ports, engineTicks);
    context.ports = memory;
    context.interfaces = readings;
    return { readings: [...readings.values()], error: table.error };
  },
};

const health: Part = {
  name: 'CPU and memory',
  isSlow: false,
  read: async ({ conversation, profile }) => {
    const sources = [...(profile?.device ?? []), ...STANDARD.device];
    const { fields, error } = await readHealth(conversation, sources);
    return { readings: [], device: fields, error };
  },
};

const routing: Part = {
  name: 'routing',
  isSlow: false,
  read: async (context) => {
    const { conversation, neighbours: before, uptimeS } = context;
    const { readings, memory, error } = await readRouting(conversation, before, uptimeS);
    context.neighbours = memory;
    return { readings, error };
  },
};

const power: Part = {
  name: 'power',
  isSlow: false,
  read: async (context) => {
    const { conversation, profile, counters } = context;
    const own = rowsOf(context, ({ measurement }) => measurement === 'power');
    const tables =
      profile?.precedesStandard === true ? [...own, ...STANDARD.rows] : [...STANDARD.rows, ...own];
    const rows = await readRows(conversation, tables, counters);
    const { readings, runtimeCounts } = withPowerSummary(rows.readings, context.runtimeCounts);
    context.runtimeCounts = runtimeCounts;
    return { readings, error: rows.error };
  },
};

const SENSORS: readonly string[] = ['hardware_sensor', 'environment'];

/** Whether it is read with the sensors, which say how hot a device is. */
function isSensors({ measurement, every }: RowTable): boolean {
  return every === '5m' && SENSORS.includes(measurement);
}

const sensors: Part = {
  name: 'sensors',
  isSlow: true,
  read: async (context) => {
    const { conversation, profile, interfaces: ports, counters } = context;
    const standard = await readSensors(conversation, SENSOR_TABLE);
    const own = profile?.entitySensors;
    const isEmpty = standard.readings.length === 0 && standard.error === undefined;
    const table = own !== undefined && isEmpty ? await readSensors(conversation, own) : standard;
    const rows = await readRows(conversation, rowsOf(context, isSensors), counters);
    const readings = [...table.readings, ...rows.readings];
    const tags = new Map([...ports.values()].map((port) => [port.tags['interface'] ?? '', port.tags]));
    const optics = findOptics(readings, table.blocks, tags);
    let error = table.error ?? rows.error;
    const ofPorts: Reading[] = [];
    for (const source of profile?.ports ?? []) {
      const found = await readPortTable(conversation, source, ports);
      ofPorts.push(...found.readings);
      error ??= found.error;
    }
    return {
      readings: [...readings, ...optics.ports, ...ofPorts],
      device: { temperature_celsius: hottest(readings, optics.sensors) },
      error,
    };
  },
};

/** What else a profile has. */
const tables: Part = {
  name: 'tables of its profile',
  isSlow: false,
  read: async (context) => {
    const isOther = (table: RowTable): boolean => table.measurement !== 'power' && !isSensors(table);
    return readRows(context.conversation, rowsOf(context, isOther), context.counters);
  },
};

const storage: Part = {
  name: 'HOST-RESOURCES-MIB storage',
  isSlow: true,
  read: async ({ conversation }) => {
    const { readings, memoryPct, error } = await readStorage(conversation);
    return { readings, device: { memory_pct: memoryPct }, error };
  },
};

const lldp: Part = {
  name: 'LLDP-MIB',
  isSlow: true,
  read: ({ conversation, interfaces: ports }) => {
    const texts = [...ports].map(([index, { tags, fields }]): [string, InterfaceTexts] => {
      const description = fields['description'];
      return [
        index,
        {
          name: tags['interface'] ?? '',
          alias: tags['alias'],
          description: typeof description === 'string' ? description : undefined,
        },
      ];
    });
    return readNeighbours(conversation, new Map(texts));
  },
};

/** Slow polls from one reading of the stations to the next: 15 minutes. What is whose is learnt in the first of them. */
const STATIONS_EVERY = 3;

const stations: Part = {
  name: 'forwarding and ARP tables',
  isSlow: true,
  read: async ({ conversation, name, address, slowPolls, stations: known, interfaces: ports }) => {
    const turn = slowPolls % STATIONS_EVERY;
    if (turn === 0) {
      const { macs, error } = await readOwnMacs(conversation);
      known.learn(name, macs, address);
      return { readings: [], error };
    }
    if (turn !== 1) return { readings: [] };
    const portNames = new Map([...ports].map(([index, { tags }]) => [index, tags['interface'] ?? '']));
    return readStations({ conversation, device: name, known, portNames });
  },
};

const identity: Part = {
  name: 'identity',
  isSlow: true,
  read: async ({ conversation, system, address, profile }) => {
    const software = await findText(conversation, profile?.software, system);
    const model = await findText(conversation, profile?.model, system);
    const { chassis, error } = await readChassis(conversation);
    const known = presentFields({ name: system.name, chassis, address });
    return {
      readings: [{ measurement: 'device_identity', tags: {}, fields: known }],
      device: {
        name: system.name,
        description: system.description,
        software: software.text,
        model: model.text,
        vendor: profile?.vendor,
      },
      error: software.error ?? model.error ?? error,
    };
  },
};

/** Those of its profile that are due in this poll. */
function rowsOf(
  { profile, isSlow }: Pick<PartContext, 'profile' | 'isSlow'>,
  isMeant: (table: RowTable) => boolean,
): readonly RowTable[] {
  return profile?.rows.filter((table) => (isSlow || table.every === 'run') && isMeant(table)) ?? [];
}

/** Most important first, in case the deadline passes. */
export const PARTS: readonly Part[] = [
  interfaces,
  health,
  routing,
  power,
  tables,
  identity,
  sensors,
  storage,
  lldp,
  stations,
];
