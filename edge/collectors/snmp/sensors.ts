import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { presentFields, UniqueNames, type Reading, type TableResult } from './reading.ts';
import { sensorValue, type SensorType } from './sensor-value.ts';
import { readTable } from '../../protocols/snmp/table.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';

/** ENTITY-SENSOR-MIB (RFC 3433) and the names of ENTITY-MIB (RFC 6933). */
export const SENSOR_TABLE = '1.3.6.1.2.1.99.1.1.1';
const PHYSICAL = '1.3.6.1.2.1.47.1.1.1.1';

type SensorColumn = 'type' | 'scale' | 'precision' | 'value' | 'status' | 'name' | 'description' | 'block';
type Row = Partial<Record<SensorColumn, Cell>>;

/** EntitySensorDataType; 14 is an extension of Cisco and others. */
const TYPES: Readonly<Record<number, SensorType>> = {
  3: 'volts_ac',
  4: 'volts_dc',
  5: 'amperes',
  6: 'watts',
  7: 'hertz',
  8: 'celsius',
  9: 'percent_rh',
  10: 'rpm',
  11: 'cubic_meters_per_minute',
  12: 'truth_value',
  14: 'dbm',
};
const OK = 1;

export interface Sensors extends TableResult {
  /** The part that contains a sensor (entPhysicalContainedIn). */
  readonly blocks: ReadonlyMap<Reading, string>;
}

/** Measurement `hardware_sensor`: a reading a sensor, in the unit of its type. */
export async function readSensors(
  conversation: Pick<Conversation, 'column'>,
  table: string,
): Promise<Sensors> {
  const columns: Record<SensorColumn, string> = {
    type: `${table}.1`,
    scale: `${table}.2`,
    precision: `${table}.3`,
    value: `${table}.4`,
    status: `${table}.5`,
    name: `${PHYSICAL}.7`,
    description: `${PHYSICAL}.2`,
    block: `${PHYSICAL}.4`,
  };
  const { rows, error, incomplete } = await readTable(conversation, columns, 'type');
  if (incomplete.has('name') || incomplete.has('description'))
    return { readings: [], blocks: new Map(), error };
  const names = new UniqueNames();
  const blocks = new Map<Reading, string>();
  const readings = [...rows].flatMap(([index, row]) => {
    const reading = sensorReading(index, row, names);
    const block = toNumber(row.block?.value) ?? 0;
    if (reading !== undefined && block > 0) blocks.set(reading, String(block));
    return reading ?? [];
  });
  return { readings, blocks, error };
}

function sensorReading(index: string, row: Row, names: UniqueNames): Reading | undefined {
  const type = TYPES[toNumber(row.type?.value) ?? 0];
  if (type === undefined) return undefined;
  const name = toText(row.name?.value) ?? toText(row.description?.value) ?? `#${index}`;
  const status = toNumber(row.status?.value);
  return {
    measurement: 'hardware_sensor',
    tags: { sensor: names.name(name, index), type },
    fields: presentFields({
      value: status === undefined || status === OK ? valueOf(row, type) : undefined,
      oper_status: status,
    }),
  };
}

function valueOf(row: Row, type: SensorType): number | undefined {
  return sensorValue(type, {
    value: toNumber(row.value?.value),
    scale: toNumber(row.scale?.value),
    precision: toNumber(row.precision?.value),
  });
}
