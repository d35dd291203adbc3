import type { ModbusTable } from '../../protocols/modbus/modbus-session.ts';
import { REGISTERS, type MapValue, type RegisterMap, type RegisterType } from './map-schema.ts';

export interface Layout {
  readonly table: ModbusTable;
  readonly type: RegisterType;
  readonly firstWord: 'high' | 'low';
  /** How many registers, or bits, it takes. */
  readonly registers: number;
}

/** Registers that are asked for together. */
export interface Block {
  readonly table: ModbusTable;
  readonly address: number;
  readonly count: number;
}

/** Of a value, with what its map says of all. Pure. */
export function layoutOf(map: Pick<RegisterMap, 'table' | 'type' | 'firstWord'>, value: MapValue): Layout {
  const table = value.table ?? map.table ?? 'holding';
  const type = isBitTable(table) || value.bit !== undefined ? 'uint16' : (value.type ?? map.type ?? 'uint16');
  return { table, type, firstWord: value.firstWord ?? map.firstWord ?? 'high', registers: REGISTERS[type] };
}

export function isBitTable(table: ModbusTable): boolean {
  return table === 'coil' || table === 'discrete';
}

/** As few requests as there can be without registers that nobody wants: devices refuse a whole answer for one that they lack. Pure. */
export function planBlocks(map: RegisterMap): readonly Block[] {
  const wanted = map.measurements
    .flatMap(({ fields }) => Object.values(fields))
    .map((value) => ({ address: value.address, ...layoutOf(map, value) }))
    .sort((a, b) => a.table.localeCompare(b.table) || a.address - b.address);
  const blocks: { table: ModbusTable; address: number; count: number }[] = [];
  for (const { table, address, registers } of wanted) {
    const last = blocks.at(-1);
    const count = last === undefined ? 0 : Math.max(last.count, address + registers - last.address);
    const joins =
      last?.table === table &&
      address <= last.address + last.count &&
      count <= Math.max(map.maxRegisters, registers);
    if (joins) last.count = count;
    else blocks.push({ table, address, count: registers });
  }
  return blocks;
}
