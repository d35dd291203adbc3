/** One row of a CSV file with its line break (RFC 4180). Pure. */
export function writeCsvRow(cells: readonly string[]): string {
  return `${cells.map((cell) => quoteWhereNeeded(cell)).join(',')}\r\n`;
}

function quoteWhereNeeded(cell: string): string {
  return /[",;\t\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
