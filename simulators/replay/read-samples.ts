import type { Readable } from 'node:stream';
import type { Catalogue } from '../../contract/catalogue.ts';
import type { FieldValue, Sample } from '../../contract/sample.ts';
import { nearestName } from '../../runtime/nearest-name.ts';
import { CsvError, csvRows } from './csv-rows.ts';
import { fieldValue, oneOf } from './field-value.ts';
import type { FieldSource, Mapping, SampleMapping, TagSource } from './mapping.ts';
import type { RecentSamples } from './recent-samples.ts';
import type { ReplayReport } from './replay-report.ts';
import { timeReader } from './row-time.ts';

export interface CsvSource {
  readonly file: string;
  readonly open: () => Readable;
}

/** Of one replay, over all its files. */
export interface ReadState {
  readonly report: ReplayReport;
  readonly recent: RecentSamples;
}

/** The file has not the columns that the mapping asks for. */
export class HeaderError extends Error {
  override readonly name = 'HeaderError';
}

/**
 * The samples of each row, in the order of the file. What is not as the catalogue has it, and what comes twice, also in an earlier file, is told to `report` and left out.
 * Throws a HeaderError for a file that is another one. Memory does not grow with the file.
 */
export async function* readSamples(
  { file, open }: CsvSource,
  mapping: Mapping,
  catalogue: Catalogue,
  { report, recent }: ReadState,
): AsyncGenerator<{ readonly timeMs: number; readonly samples: readonly Sample[] }> {
  const readTime = timeReader(mapping.time);
  let header: readonly string[] | undefined;
  let plans: readonly Plan[] = [];
  let lastMs = -Infinity;
  const text = open();
  try {
    for await (const { line, cells } of csvRows(text, mapping.separator)) {
      if (header === undefined) {
        header = cells.map((cell) => cell.replace(/^\uFEFF/, '').trim());
        plans = plansOf(file, header, mapping);
        continue;
      }
      report.rows++;
      const bad = (column: string | undefined, value: string | undefined, expected: string): void =>
        report.addBad({
          ...{ file, line, expected },
          ...(column !== undefined && { column }),
          ...(value !== undefined && { value }),
        });
      if (cells.length !== header.length) {
        bad(undefined, `${cells.length} cells`, `${header.length} cells, as in the first line`);
        continue;
      }
      const timeCell = cells[header.indexOf(mapping.time.column)] ?? '';
      const timeMs = readTime(timeCell);
      if (timeMs === undefined) {
        bad(mapping.time.column, timeCell, `a time as ${mapping.time.format}`);
        continue;
      }
      if (timeMs < lastMs) report.backward++;
      lastMs = timeMs;
      const samples = plans.flatMap((plan): readonly Sample[] => {
        const sample = sampleOf(plan, cells, timeMs, catalogue, bad);
        if (sample === null) report.leftOut++;
        if (sample === null || sample === undefined) return [];
        const earlier = recent.earlier(sample, { file, line });
        if (earlier === undefined) return [sample];
        report.addDuplicate({
          ...{ file, line, firstFile: earlier.file, firstLine: earlier.line },
          ...{ timeMs, differs: earlier.differs },
        });
        return [];
      });
      report.samples += samples.length;
      for (const { fields } of samples) report.values += Object.keys(fields).length;
      report.fromMs = Math.min(report.fromMs ?? timeMs, timeMs);
      report.toMs = Math.max(report.toMs ?? timeMs, timeMs);
      if (samples.length > 0) yield { timeMs, samples };
    }
    if (header === undefined)
      throw new HeaderError(`${file}: expected a first line with the names of columns`);
  } catch (error) {
    // What came before it was read and stays.
    if (!(error instanceof CsvError)) throw error;
    report.addBad({ file, line: error.line, expected: error.message });
  } finally {
    text.destroy();
  }
}

/** A sample mapping for one column, or for a row. Positions of cells. */
interface Plan {
  readonly measurement: string;
  readonly each: string | undefined;
  readonly tags: readonly (readonly [tag: string, source: TagSource, at: number])[];
  readonly fields: readonly (readonly [field: string, source: FieldSource, column: string, at: number])[];
}

function plansOf(file: string, header: readonly string[], { time, samples }: Mapping): readonly Plan[] {
  const problems: string[] = [];
  const at = (where: string, column: string): number => {
    const found = header.indexOf(column);
    if (found === -1) {
      const nearest = nearestName(column, header);
      const hint = nearest === undefined ? '' : `, did you mean "${nearest}"?`;
      problems.push(`${file}: ${where}: expected a column of the file, got ${JSON.stringify(column)}${hint}`);
    }
    return found;
  };
  at('time.column', time.column);
  const plans = samples.flatMap((sample, index) => {
    const columns = columnsOf(sample, header);
    if (columns.length === 0)
      problems.push(
        `${file}: samples[${index}].eachColumn: expected columns of the file, got ${JSON.stringify(sample.eachColumn)}`,
      );
    return columns.map((each): Plan => ({
      measurement: sample.measurement,
      each,
      tags: Object.entries(sample.tags).map(
        ([tag, source]) =>
          [
            tag,
            source,
            typeof source === 'object' && 'column' in source
              ? at(`samples[${index}].tags.${tag}.column`, source.column)
              : -1,
          ] as const,
      ),
      fields: Object.entries(sample.fields).map(([field, source]) => {
        const column = 'column' in source ? source.column : (each ?? '');
        return [field, source, column, at(`samples[${index}].fields.${field}.column`, column)] as const;
      }),
    }));
  });
  if (problems.length > 0) throw new HeaderError([...new Set(problems)].join('\n'));
  return plans;
}

/** `[undefined]`: one sample a row. */
function columnsOf(
  { eachColumn }: SampleMapping,
  header: readonly string[],
): readonly (string | undefined)[] {
  if (eachColumn === undefined) return [undefined];
  return header.filter((column) => column.startsWith(eachColumn.slice(0, -1)));
}

/** Undefined: nothing of it was measured, or a cell is bad. Null: the mapping leaves it out. */
function sampleOf(
  { measurement, each, tags: tagPlans, fields: fieldPlans }: Plan,
  cells: readonly string[],
  timeMs: number,
  catalogue: Catalogue,
  bad: (column: string, value: string, expected: string) => void,
): Sample | undefined | null {
  const tags: Record<string, string> = {};
  for (const [tag, source, at] of tagPlans) {
    const value = tagValue(source, each, cells[at] ?? '');
    if (value === null) return null;
    if (typeof value === 'object') {
      bad(
        typeof source === 'object' && 'column' in source ? source.column : tag,
        cells[at] ?? '',
        value.expected,
      );
      return undefined;
    }
    tags[tag] = value;
  }
  const fields: Record<string, FieldValue> = {};
  let isBad = false;
  for (const [field, source, column, at] of fieldPlans) {
    const definition = catalogue.get(measurement)?.fields[field];
    if (definition === undefined) continue;
    const cell = cells[at] ?? '';
    const value = fieldValue(cell, source, definition, tags);
    if (value === null) return null;
    if (typeof value === 'object') {
      bad(column, cell, value.expected);
      isBad = true;
    } else if (value !== undefined) fields[field] = value;
  }
  // A row is right as a whole or not at all, as central has it.
  return isBad || Object.keys(fields).length === 0 ? undefined : { measurement, tags, fields, timeMs };
}

function tagValue(
  source: TagSource,
  each: string | undefined,
  cell: string,
): string | { readonly expected: string } | null {
  if (typeof source === 'string') return source;
  if ('each' in source) return each ?? '';
  const text = cell.trim();
  if (source.values === undefined) return text === '' ? { expected: 'a text' } : text;
  const mapped = source.values[text];
  return mapped === undefined ? { expected: oneOf(Object.keys(source.values)) } : mapped;
}
