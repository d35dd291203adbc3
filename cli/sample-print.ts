import type { Catalogue } from '../contract/catalogue.ts';
import { sampleLine } from '../contract/encode-line-protocol.ts';
import type { FieldValue, Sample } from '../contract/sample.ts';
import { terminalJson } from './terminal.ts';
import { textTable } from './text-table.ts';

const VALUE_COLUMN = 3;
export const PRINT_FORMATS = ['table', 'json', 'line-protocol'] as const;
export type PrintFormat = (typeof PRINT_FORMATS)[number];

/** Samples as a table, as one JSON object per line, or as InfluxDB line protocol; ends with a line break. Pure. */
export function printSamples(samples: readonly Sample[], format: PrintFormat, catalogue: Catalogue): string {
  if (format === 'table') return sampleTable(samples, catalogue);
  const lines = samples.map((sample) =>
    format === 'json' ? terminalJson(sample) : `${sampleLine(sample, catalogue)}\n`,
  );
  return lines.join('');
}

function sampleTable(samples: readonly Sample[], catalogue: Catalogue): string {
  const rows = samples.flatMap(({ measurement, tags, fields }) => {
    const tagText = Object.entries(tags)
      .map(([name, value]) => `${name}=${value}`)
      .join(' ');
    return Object.entries(fields).map(([field, value], index): string[] => [
      index === 0 ? measurement : '',
      index === 0 ? tagText : '',
      field,
      valueText(value),
      unitOf(catalogue, measurement, field),
    ]);
  });
  return textTable(['MEASUREMENT', 'TAGS', 'FIELD', 'VALUE', 'UNIT'], rows, [VALUE_COLUMN]);
}

function valueText(value: FieldValue): string {
  if (typeof value !== 'number' || Number.isInteger(value)) return String(value);
  return String(Number(value.toPrecision(6)));
}

function unitOf(catalogue: Catalogue, measurement: string, field: string): string {
  const fields = catalogue.get(measurement)?.fields ?? {};
  const unit = Object.hasOwn(fields, field) ? fields[field]?.unit : 'not in the catalogue';
  return unit === '1' ? '' : (unit ?? '');
}
