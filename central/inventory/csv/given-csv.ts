import type { InventoryFile } from '../../../contract/inventory.ts';
import type { Given } from '../given.ts';
import { describeCsvProblem } from './csv-problem.ts';
import { fieldOf, readCsvLists, type CsvFile } from './read-inventory-csv.ts';

/** What files give, each named by its list (`devices.csv`); places are lines and columns. Pure. */
export function givenCsv(
  files: readonly CsvFile[],
  current: InventoryFile,
): { readonly given: Given; readonly notes: readonly string[] } {
  const { readings, problems, notes } = readCsvLists(files, current);
  const given: Given = {
    lists: Object.fromEntries([...readings].map(([list, { entries }]) => [list, entries])),
    source: '',
    placeOf: (list, at, field) => {
      const reading = readings.get(list);
      const line = `${reading?.source ?? list} line ${reading?.lines[at] ?? at}`;
      return field === undefined ? line : `${line}: ${fieldOf({ list, at, field }, readings)}`;
    },
    problems: problems.map(describeCsvProblem),
    unread: new Set(),
  };
  return { given, notes };
}
