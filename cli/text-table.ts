import { terminalText } from './terminal.ts';

/** Columns as wide as their widest cell; those in `right` (by position) are right-aligned. Pure. */
export function textTable(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const shown = rows.map((row) => row.map(terminalText));
  const widths = head.map((title, column) =>
    Math.max(title.length, ...shown.map((row) => widthOf(row[column] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const padding = ' '.repeat(Math.max(0, (widths[column] ?? 0) - widthOf(cell)));
        return right.includes(column) ? padding + cell : cell + padding;
      })
      .join('  ')
      .trimEnd();
  return [head, ...shown].map((row) => `${line(row)}\n`).join('');
}

/** In characters, not code units: Vietnamese names may be stored with combining marks. */
function widthOf(text: string): number {
  return Array.from(text.normalize('NFC')).length;
}
