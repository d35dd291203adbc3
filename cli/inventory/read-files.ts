import { readFileSync } from 'node:fs';
import type { InventoryFile } from '../../contract/inventory.ts';
import { givenCsv } from '../../central/inventory/csv/given-csv.ts';
import { joinGiven, type Given } from '../../central/inventory/given.ts';
import { givenText, MAX_INVENTORY_BYTES } from '../../central/inventory/inventory-text.ts';
import { readConfigText } from '../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';

const isCsv = (file: string): boolean => /\.csv$/i.test(file);

/**
 * What files of an inventory give together: YAML and JSON with any lists, CSV with one list each, named by it
 * (`devices.csv`). `current`: where names in CSV are looked up. Throws a UserError (exit 2) if one cannot be read at all.
 */
export function readInventoryFiles(
  files: readonly string[],
  current: InventoryFile,
): { readonly given: Given; readonly notes: readonly string[] } {
  const csv = givenCsv(
    files.filter(isCsv).map((name) => ({ name, content: contentOf(name) })),
    current,
  );
  const others = files
    .filter((file) => !isCsv(file))
    .map((file) => givenText(file, readConfigText(file, MAX_INVENTORY_BYTES), MAX_INVENTORY_BYTES));
  return { given: joinGiven([...others, csv.given]), notes: csv.notes };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}
