import type { Cell, Conversation } from '../../protocols/snmp/conversation.ts';
import { hasFixedContents } from './fixed-contents.ts';
import { presentFields, UniqueNames, type Reading } from './reading.ts';
import { readTable, type Rows } from '../../protocols/snmp/table.ts';
import { toNumber, toText } from '../../protocols/snmp/value.ts';

/** HOST-RESOURCES-MIB (RFC 2790), hrStorageTable. */
const TABLE = '1.3.6.1.2.1.25.2.3.1';
const COLUMNS = {
  type: `${TABLE}.2`,
  description: `${TABLE}.3`,
  unitBytes: `${TABLE}.4`,
  size: `${TABLE}.5`,
  used: `${TABLE}.6`,
} as const;

type StorageColumn = keyof typeof COLUMNS;
type Row = Partial<Record<StorageColumn, Cell>>;

const TYPE_PREFIX = '1.3.6.1.2.1.25.2.1.';
/** hrStorageTypes. */
const TYPES: Readonly<Record<string, string>> = {
  '1': 'other',
  '2': 'ram',
  '3': 'virtual_memory',
  '4': 'fixed_disk',
  '5': 'removable_disk',
  '6': 'floppy_disk',
  '7': 'compact_disc',
  '8': 'ram_disk',
  '9': 'flash_memory',
  '10': 'network_disk',
};

export interface Storage {
  readonly readings: readonly Reading[];
  readonly memoryPct: number | undefined;
  readonly error?: Error | undefined;
}

/** Measurement `device_storage`, a reading a row of any type; and the share of memory in use. */
export async function readStorage(conversation: Pick<Conversation, 'column'>): Promise<Storage> {
  const { rows, error, incomplete } = await readTable(conversation, COLUMNS, 'description');
  if (incomplete.has('description')) return { readings: [], memoryPct: undefined, error };
  const names = new UniqueNames();
  const readings = [...rows].map(([index, row]) => storageReading(index, row, names));
  return { readings, memoryPct: memoryPct(rows), error };
}

function storageReading(index: string, row: Row, names: UniqueNames): Reading {
  const name = toText(row.description?.value) ?? `#${index}`;
  const type = typeOf(row);
  const total = bytes(row, 'size');
  const used = bytes(row, 'used');
  // Of cached or shared memory the size is what is in use. Some agents report more used than total: no share then.
  const canFill = type !== 'other' && !hasFixedContents(name);
  const isShare = canFill && total !== undefined && used !== undefined && total > 0 && used <= total;
  return {
    measurement: 'device_storage',
    tags: { storage: names.name(name, index), type },
    fields: presentFields({
      total_bytes: total,
      used_bytes: used,
      used_pct: isShare ? (used / total) * 100 : undefined,
    }),
  };
}

function typeOf(row: Row): string {
  const type = row.type?.value;
  return TYPES[typeof type === 'string' ? type.replace(TYPE_PREFIX, '') : ''] ?? 'other';
}

/** A Gauge of units; agents send a disk that is too large for it as a negative number. */
function bytes(row: Row, column: 'size' | 'used'): number | undefined {
  const units = toNumber(row[column]?.value);
  const unitBytes = toNumber(row.unitBytes?.value);
  if (units === undefined || unitBytes === undefined || unitBytes < 0) return undefined;
  return (units < 0 ? units + 2 ** 32 : units) * unitBytes;
}

/** Rows of net-snmp and Arista that count as RAM in use, but can be reclaimed. */
const RECLAIMABLE = /^(memory buffers?|cached memory|ram \((buffers|cache)\))$/i;

/** Of the first row of type RAM, without buffers and cache if the agent lists them. */
function memoryPct(rows: Rows<StorageColumn>): number | undefined {
  const all = [...rows.values()];
  const main = all.find((row) => typeOf(row) === 'ram');
  const total = main && bytes(main, 'size');
  const used = main && bytes(main, 'used');
  if (total === undefined || used === undefined || total === 0 || used > total) return undefined;
  let reclaimable = 0;
  for (const row of all) {
    if (row !== main && RECLAIMABLE.test(toText(row.description?.value) ?? '')) {
      reclaimable += bytes(row, 'used') ?? 0;
    }
  }
  return ((reclaimable < used ? used - reclaimable : used) / total) * 100;
}
