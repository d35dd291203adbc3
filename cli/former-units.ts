import { emptyInventoryFile } from '../contract/inventory.ts';
import { writeInventoryCsv } from '../central/inventory/csv/write-inventory-csv.ts';
import { formerUnitsOfLists } from '../central/inventory/geography/former-units-of-lists.ts';
import { readFormedUnits, readWardList } from '../central/inventory/geography/ward-lists.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { readInputFile } from './input-file.ts';
import { printData, printError } from './terminal.ts';

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
    return { until, wards: readWardList(file, readInputFile(file)) };
  });
  lists.sort((a, b) => (a.until < b.until ? -1 : 1));
  const formerUnits = [...formerUnitsOfLists(lists, readFormedUnits(now, readInputFile(now)))];
  const files = writeInventoryCsv({ ...emptyInventoryFile(), formerUnits });
  printData(files.find(({ name }) => name === 'formerUnits.csv')?.content ?? '');
  const open = formerUnits.filter(({ successors }) => successors.length === 0);
  if (open.length === 0) return;
  const lines = open.map(
    ({ until, district = '', name, code = '' }) => `  ${until} ${code} ${name}, ${district}\n`,
  );
  printError(
    `successors of ${open.length} of ${formerUnits.length} former units are not in these lists; fill them in by hand:\n${lines.join('')}`,
  );
}
