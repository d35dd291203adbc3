import { presentFields, type Reading } from './reading.ts';

/** Tags of the device's interfaces by name, so that values of optics go to the same series. */
export type InterfaceTags = ReadonlyMap<string, Readonly<Record<string, string>>>;

/** Fields of `interface` that belong to its transceiver. */
export type OpticsField = 'rx_power_dbm' | 'tx_power_dbm' | 'tx_bias_ma' | 'transceiver_temperature_celsius';

const MILLIWATTS_PER_WATT = 1_000;
const MILLIAMPERES_PER_AMPERE = 1_000;
const RECEIVED = /\b(rx|receive|receiver)\b/i;
const SENT = /\b(tx|transmit|transmitter)\b/i;
const TRANSCEIVER = /\b(transceiver|q?sfp\w*|xfp)\b/i;
/** Names such as `cpu` are no sign of a port: those of ports have a number. */
const PORT_NAME = /\d/;

export interface Optics {
  /** Readings of `interface`. */
  readonly ports: readonly Reading[];
  /** Sensors of transceivers, which say nothing of the device itself. */
  readonly sensors: ReadonlySet<Reading>;
}

/**
 * The sensors of pluggable optics: those whose name has the name of a port in it (`Te1/1/1 Transceiver Temperature Sensor`,
 * `DOM RX Power Sensor for Ethernet5`) or a word for a transceiver, and those of a block, the part that contains them, with a bias current and an optical
 * power. Of several lanes the weakest light, the largest current and the highest temperature. Pure.
 */
export function findOptics(
  sensors: readonly Reading[],
  blocks: ReadonlyMap<Reading, string>,
  interfaces: InterfaceTags,
): Optics {
  const opticalBlocks = new Set(
    [...membersOf(sensors, blocks)].filter(([, members]) => isOptical(members)).map(([block]) => block),
  );
  const portOfBlock = new Map<string, string>();
  const found = new Set<Reading>();
  for (const sensor of sensors) {
    const port = portIn(nameOf(sensor), interfaces);
    const block = blocks.get(sensor);
    if (port !== undefined && block !== undefined) portOfBlock.set(block, port);
    const isInBlock = block !== undefined && opticalBlocks.has(block);
    if (port !== undefined || isInBlock || TRANSCEIVER.test(nameOf(sensor))) found.add(sensor);
  }
  const byPort = new Map<string, Partial<Record<OpticsField, number>>>();
  for (const sensor of found) {
    const port = portIn(nameOf(sensor), interfaces) ?? portOfBlock.get(blocks.get(sensor) ?? '');
    const value = valueOf(sensor);
    if (port === undefined || value === undefined) continue;
    const fields = byPort.get(port) ?? {};
    byPort.set(port, { ...fields, [value.field]: worse(value.field, fields[value.field], value.value) });
  }
  return { ports: portReadings(byPort, interfaces), sensors: found };
}

/** Readings of `interface`, by the name of the port. Pure. */
export function portReadings(
  byPort: ReadonlyMap<string, Partial<Record<OpticsField, number | undefined>>>,
  interfaces: InterfaceTags,
): readonly Reading[] {
  return [...byPort].flatMap(([port, fields]) => {
    const tags = interfaces.get(port);
    const present = presentFields(fields);
    return tags === undefined || Object.keys(present).length === 0
      ? []
      : [{ measurement: 'interface', tags, fields: present }];
  });
}

/** undefined without light: 0 W has no level in dBm. Pure. */
export function wattsToDbm(watts: number): number | undefined {
  return watts > 0 ? Number((10 * Math.log10(watts * MILLIWATTS_PER_WATT)).toFixed(2)) : undefined;
}

/** The hottest sensor that is not in pluggable optics, °C. Pure. */
export function hottest(sensors: readonly Reading[], optics: ReadonlySet<Reading>): number | undefined {
  const values = sensors.flatMap((sensor) => {
    const isOfDevice = sensor.measurement === 'hardware_sensor' && sensor.tags['type'] === 'celsius';
    const value = sensor.fields['value'];
    return isOfDevice && typeof value === 'number' && !optics.has(sensor) ? [value] : [];
  });
  return values.length === 0 ? undefined : Math.max(...values);
}

function membersOf(
  sensors: readonly Reading[],
  blocks: ReadonlyMap<Reading, string>,
): ReadonlyMap<string, readonly Reading[]> {
  const members = new Map<string, Reading[]>();
  for (const sensor of sensors) {
    const block = blocks.get(sensor);
    if (block !== undefined) members.set(block, [...(members.get(block) ?? []), sensor]);
  }
  return members;
}

/** A power supply has currents and watts too, but no dBm, and receives nothing. */
function isOptical(members: readonly Reading[]): boolean {
  const types = new Set(members.map(({ tags }) => tags['type']));
  const hasLight =
    types.has('dbm') ||
    members.some(({ tags }) => tags['type'] === 'watts' && RECEIVED.test(tags['sensor'] ?? ''));
  return types.has('amperes') && hasLight;
}

function nameOf({ tags }: Reading): string {
  return tags['sensor'] ?? '';
}

function portIn(name: string, interfaces: InterfaceTags): string | undefined {
  return name.split(' ').find((word) => PORT_NAME.test(word) && interfaces.has(word));
}

function valueOf({ tags, fields }: Reading): { field: OpticsField; value: number } | undefined {
  const value = fields['value'];
  const name = tags['sensor'] ?? '';
  if (typeof value !== 'number') return undefined;
  switch (tags['type']) {
    case 'celsius':
      return { field: 'transceiver_temperature_celsius', value };
    case 'amperes':
      return { field: 'tx_bias_ma', value: Number((value * MILLIAMPERES_PER_AMPERE).toFixed(3)) };
    case 'dbm':
    case 'watts': {
      const dbm = tags['type'] === 'dbm' ? value : wattsToDbm(value);
      if (dbm === undefined || RECEIVED.test(name) === SENT.test(name)) return undefined;
      return { field: RECEIVED.test(name) ? 'rx_power_dbm' : 'tx_power_dbm', value: dbm };
    }
    default:
      return undefined;
  }
}

function worse(field: OpticsField, known: number | undefined, value: number): number {
  if (known === undefined) return value;
  return field.endsWith('_power_dbm') ? Math.min(known, value) : Math.max(known, value);
}
