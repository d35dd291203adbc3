import { readFileSync } from 'node:fs';
import { emptyInventoryFile } from '../contract/inventory.ts';
import { writeInventoryCsv } from '../central/inventory/csv/write-inventory-csv.ts';
import { formerUnitsOfLists } from '../central/inventory/geography/former-units-of-lists.ts';
import { readFormedUnits, readWardList } from '../central/inventory/geography/ward-lists.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { printError } from './terminal.ts';

export interface FormerUnitsCommand {
  /** `2025-07-01=wards-old.csv`: a list and the day it ended. */
  readonly before: readonly string[];
  /** The units of today and what they were made of. */
  readonly now: string;
}

/** Prints formerUnits.csv of the inventory, made of a city's official lists of wards. */
export function runFormerUnits({ before, now }: FormerUnitsCommand): void {
  const lists = before.map((text) => {
    const [, until, file] = /^(\d{4}-\d{2}-\d{2})=(.+)$/.exec(text) ?? [];
    if (until === undefined || file === undefined || Number.isNaN(Date.parse(until)))
      throw new UserError(EXIT.badConfig, [
        `--before: expected a day and a file, such as 2025-07-01=wards.csv, got "${text}"`,
      ]);
    return { until, wards: readWardList(file, read(file)) };
  });
  lists.sort((a, b) => (a.until < b.until ? -1 : 1));
  const formerUnits = [...formerUnitsOfLists(lists, readFormedUnits(now, read(now)))];
  const files = writeInventoryCsv({ ...emptyInventoryFile(), formerUnits });
  process.stdout.write(files.find(({ name }) => name === 'formerUnits.csv')?.content ?? '');
  const open = formerUnits.filter(({ successors }) => successors.length === 0);
  if (open.length === 0) return;
  printError(
    `successors of ${open.length} of ${formerUnits.length} former units are not in these lists; fill them in by hand:`,
  );
  for (const { until, district = '', name, code = '' } of open)
    printError(`  ${until} ${code} ${name}, ${district}`);
}

function read(file: string): Uint8Array {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}
