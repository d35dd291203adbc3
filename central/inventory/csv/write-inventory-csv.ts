import type { InventoryFile } from '../../../contract/inventory.ts';
import { CSV_KINDS, CSV_LISTS, type Column } from './columns.ts';
import { writeCsvRow } from './write-csv-row.ts';

/** Without it Excel does not take a file for UTF-8. */
const BYTE_ORDER_MARK = '\ufeff';

/** A CSV file for each list, `devices.csv`; read back they give the same inventory. Pure. */
export function writeInventoryCsv(
  inventory: InventoryFile,
): readonly { readonly name: string; readonly content: string }[] {
  return CSV_LISTS.map((list) => {
    const { columns } = CSV_KINDS[list];
    const header = columns.map(({ name }) => name);
    const rows = inventory[list].map((entry) => columns.map((column) => cellOf(entry, column)));
    const content = [header, ...rows].map((cells) => writeCsvRow(cells)).join('');
    return { name: `${list}.csv`, content: `${BYTE_ORDER_MARK}${content}` };
  });
}

function cellOf(entry: object, { path, codec }: Column): string {
  const value = path.reduce<unknown>((part, key) => (part as Readonly<Record<string, unknown>>)[key], entry);
  return value === undefined ? '' : codec.write(value);
}
