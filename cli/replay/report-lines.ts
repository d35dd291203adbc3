import type { ReplayReport } from '../../simulators/replay/replay-report.ts';

/** What became of the rows, a line each. Pure. */
export function reportLines(report: ReplayReport, wasChecked: boolean): readonly string[] {
  const { namedBadCells, namedDuplicates, badCells, duplicates, differing, backward, leftOut } = report;
  const span =
    report.fromMs === undefined || report.toMs === undefined
      ? ''
      : `, ${timeText(report.fromMs)} to ${timeText(report.toMs)}`;
  return [
    ...namedBadCells.map(({ file, line, column, value, expected }) => {
      const place = column === undefined ? '' : ` ${column}:`;
      const got = value === undefined ? '' : `, got ${JSON.stringify(value.slice(0, 80))}`;
      return `${file}: line ${line}:${place} expected ${expected}${got}`;
    }),
    ...more('bad cells', badCells, namedBadCells.length),
    ...namedDuplicates.map(
      ({ file, line, firstFile, firstLine, timeMs, differs }) =>
        `${file}: line ${line}: second sample of ${timeText(timeMs)}, after line ${firstLine}${firstFile === file ? '' : ` of ${firstFile}`}, ${differs ? 'with other values' : 'the same'}: not sent`,
    ),
    ...more('second samples', duplicates, namedDuplicates.length),
    `${report.rows} rows${span}: ${report.samples} samples with ${report.values} values ${wasChecked ? 'would be sent' : 'acknowledged by central'}`,
    `not sent: ${badCells} bad cells, ${duplicates} second samples of a series and time (${differing} with other values), ${leftOut} left out by the mapping`,
    ...(backward > 0 ? [`${backward} rows are earlier than the row above them`] : []),
  ];
}

function more(what: string, all: number, named: number): readonly string[] {
  return all > named ? [`… and ${all - named} more ${what}`] : [];
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
