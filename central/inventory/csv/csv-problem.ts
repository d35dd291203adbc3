/** A mistake in a CSV file of an inventory, or in what it does to the rest of the inventory. */
export interface CsvProblem {
  /** Name of the file; an entry that is not in any, as `devices "n-1"`. */
  readonly source: string;
  /** From 1; of a row with several lines, the first. */
  readonly line?: number | undefined;
  readonly field?: string | undefined;
  /** What was expected, the value and the nearest known name. */
  readonly message: string;
}

/** `devices.csv line 14: agent: no such entry, got "gw-2", did you mean "gw-3"?` */
export function describeCsvProblem({ source, line, field, message }: CsvProblem): string {
  const place = line === undefined ? source : `${source} line ${line}`;
  return field === undefined ? `${place}: ${message}` : `${place}: ${field}: ${message}`;
}

/** `expected a day such as 2025-07-01, got "1/7/2025", did you mean "2025-07-01"?` Long values are cut. */
export function expectedGot(expected: string, got: string, likely?: string): string {
  const value = got.length > 80 ? `${got.slice(0, 77)}...` : got;
  return `${expected}, got "${value}"${likely === undefined ? '' : `, did you mean "${likely}"?`}`;
}
