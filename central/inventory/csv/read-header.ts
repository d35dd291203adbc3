import { nearestName } from '../../../runtime/nearest-name.ts';
import type { Column, CsvKind } from './columns.ts';
import { expectedGot, type CsvProblem } from './csv-problem.ts';
import type { CsvRow } from './parse-csv.ts';

/** The column of each cell of a row; undefined for one without a name. */
export type Header = readonly (Column | undefined)[];

/** Names of columns, in any order and case. Pure. */
export function readHeader(
  source: string,
  row: CsvRow,
  { columns, schema }: CsvKind,
): { readonly header: Header; readonly problems: readonly CsvProblem[] } {
  const problems: CsvProblem[] = [];
  const complain = (message: string): void => void problems.push({ source, line: row.line, message });
  const names = columns.map(({ name }) => name);
  const header = row.cells.map((cell, at) => {
    const name = cell.trim();
    const column = columns.find((known) => known.name.toLowerCase() === name.toLowerCase());
    if (column === undefined && name !== '')
      complain(expectedGot(`column ${at + 1}: no such column`, name, nearestName(name, names)));
    return column;
  });
  for (const column of new Set(header)) {
    const count = header.filter((other) => other === column).length;
    if (column !== undefined && count > 1) complain(`column ${column.name} comes ${count} times`);
  }
  const missing = requiredColumns(schema, columns).filter((column) => !header.includes(column));
  for (const { name } of missing) complain(`expected a column ${name}`);
  return { header, problems };
}

/** Those that an entry without anything lacks. */
function requiredColumns(schema: CsvKind['schema'], columns: readonly Column[]): readonly Column[] {
  const result = schema.safeParse({ ends: [{}, {}] });
  const lacking = (result.error?.issues ?? []).map(({ path }) => path.join('.'));
  return columns.filter(({ path }) => lacking.includes(path.join('.')));
}
