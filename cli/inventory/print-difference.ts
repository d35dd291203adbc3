import type { ImportAnswer } from '../../central/inventory/import-answer.ts';
import { print, printColoured, terminalText } from '../terminal.ts';

/** An entry a line: `+` added, `~` changed with each field, `-` removed; then how many of each. */
export function printDifference(answer: ImportAnswer): void {
  const { added, changed, removed, counts, truncated } = answer;
  for (const { kind, id } of added) printColoured(`+ ${kind}/${terminalText(id)}\n`, 'green');
  for (const { kind, id, fields } of changed) {
    printColoured(`~ ${kind}/${terminalText(id)}\n`, 'yellow');
    for (const { field, before, after } of fields)
      print(`    ${field}: ${valueText(before)} → ${valueText(after)}\n`);
  }
  for (const { kind, id } of removed) printColoured(`- ${kind}/${terminalText(id)}\n`, 'red');
  if (truncated) print('… and more: only the first of each are shown\n');
  const total = counts.added + counts.changed + counts.removed;
  print(
    total === 0
      ? 'No difference.\n'
      : `${counts.added} added, ${counts.changed} changed, ${counts.removed} removed.\n`,
  );
}

function valueText(value: unknown): string {
  return value === undefined ? 'none' : terminalText(JSON.stringify(value));
}
