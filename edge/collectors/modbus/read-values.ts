import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { ModbusTable } from '../../protocols/modbus/modbus-session.ts';
import { fitFields } from '../catalogue-fields.ts';
import { conversion } from '../units.ts';
import type { MapValue, RegisterMap } from './map-schema.ts';
import { isBitTable, layoutOf, type Layout } from './plan.ts';

/** What was read, by table and address. */
export class Registers {
  readonly #values = new Map<string, number>();

  set(table: ModbusTable, address: number, values: readonly number[]): void {
    for (const [at, value] of values.entries()) this.#values.set(`${table} ${address + at}`, value);
  }

  /** undefined: one of them was not read. */
  get(table: ModbusTable, address: number, count: number): readonly number[] | undefined {
    const found = Array.from({ length: count }, (_, at) => this.#values.get(`${table} ${address + at}`));
    return found.every((value) => value !== undefined) ? found : undefined;
  }
}

export interface ReadRow {
  readonly measurement: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** Rows of a map, as far as their registers were read; what cannot be in its field is left out. Pure. */
export function readRows(map: RegisterMap, registers: Registers): readonly ReadRow[] {
  const rows = new Map<string, ReadRow & { fields: Record<string, FieldValue> }>();
  for (const { measurement, tags, fields } of map.measurements) {
    const read = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [
        name,
        readValue(map, measurement, name, value, registers),
      ]),
    );
    const fitted = fitFields(measurement, read).fields;
    if (Object.keys(fitted).length === 0) continue;
    const key = JSON.stringify([measurement, Object.entries(tags).sort()]);
    const row = rows.get(key);
    if (row === undefined) rows.set(key, { measurement, tags, fields: { ...fitted } });
    else Object.assign(row.fields, fitted);
  }
  return [...rows.values()];
}

function readValue(
  map: RegisterMap,
  measurement: string,
  name: string,
  value: MapValue,
  registers: Registers,
): FieldValue | undefined {
  const layout = layoutOf(map, value);
  const words = registers.get(layout.table, value.address, layout.registers);
  const number = words && numberOf(words, layout);
  if (number === undefined || isAbsent(value, number)) return undefined;
  const { bit, good, values, scale, offset, unit } = value;
  if (values !== undefined) return values[String(bit === undefined ? number : (number >> bit) & 1)];
  if (good !== undefined) return good.includes(number);
  if (bit !== undefined) return ((number >> bit) & 1) === 1;
  if (isBitTable(layout.table)) return number === 1;
  const to = CATALOGUE.get(measurement)?.fields[name]?.unit ?? '';
  const converted = conversion(unit ?? to, to)?.(number * scale + offset);
  return converted === undefined ? undefined : Number(converted.toPrecision(12));
}

function isAbsent({ absent, min = -Infinity, max = Infinity }: MapValue, number: number): boolean {
  return !Number.isFinite(number) || absent.includes(number) || number < min || number > max;
}

/** Registers are big-endian within themselves (Modbus Application Protocol 1.1b3, section 4.2). */
function numberOf(words: readonly number[], { type, firstWord }: Layout): number {
  const bytes = Buffer.alloc(2 * words.length);
  const ordered = firstWord === 'high' ? words : words.toReversed();
  for (const [at, word] of ordered.entries()) bytes.writeUInt16BE(word & 0xffff, 2 * at);
  switch (type) {
    case 'uint16':
      return bytes.readUInt16BE();
    case 'int16':
      return bytes.readInt16BE();
    case 'uint32':
      return bytes.readUInt32BE();
    case 'int32':
      return bytes.readInt32BE();
    case 'float32':
      // As many digits as it has: 231.2 is not 231.1999969482422.
      return Number(bytes.readFloatBE().toPrecision(7));
    case 'uint64':
      return Number(bytes.readBigUInt64BE());
    case 'int64':
      return Number(bytes.readBigInt64BE());
    case 'float64':
      return bytes.readDoubleBE();
  }
}
