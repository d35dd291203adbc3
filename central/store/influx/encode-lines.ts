import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import { escapeKey, escapeMeasurement, FIELD_WRITERS } from '../../../contract/encode-line-protocol.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { SeriesNote, type Series } from '../../samples/series.ts';
import { describeRow } from '../describe-row.ts';
import { fieldTypes, NO_VALUE, tagsProblem, timeProblem, valueProblem } from '../row-check.ts';
import { LineCollector, type PreparedLines } from './prepared-lines.ts';

interface FieldWriter {
  readonly name: string;
  readonly type: FieldType;
  readonly key: string;
  readonly write: (value: FieldValue) => string;
}

/** How to write tables of one shape, or why none of their rows can be stored. */
interface Shape {
  readonly measurement: string;
  readonly fields: readonly FieldWriter[];
  readonly problem: string | undefined;
}

/** The begin of every line of a series, or why none of its rows can be stored. */
type Head = { readonly text: string } | { readonly problem: string };

/** Why a row is refused. */
interface Refused {
  readonly reason: string;
}

/**
 * InfluxDB line protocol (v1) with times in ms, one line per row. Checks each row once more, with the same reasons as the other
 * stores: one bad line would cost others.
 */
export class LineEncoder {
  readonly #catalogue: Catalogue;
  readonly #heads = new SeriesNote<Head>('line head');
  readonly #shapes = new WeakMap<readonly string[], Shape>();

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  encode(batch: SampleBatch): PreparedLines {
    const collector = new LineCollector(batch);
    for (const table of batch.tables) {
      const shape = this.#shapeOf(table);
      for (const row of table.rows) this.#addRow(collector, table, shape, row);
      collector.endTable(table.measurement);
    }
    return collector.finish();
  }

  #addRow(collector: LineCollector, table: SampleTable, shape: Shape, row: SampleRow): void {
    const head = this.#headOf(table, row.series);
    const problem =
      shape.problem ?? timeProblem(row.timeMs) ?? ('problem' in head ? head.problem : undefined);
    const fields = problem === undefined ? fieldSet(shape.fields, row.values) : { reason: problem };
    if ('reason' in fields) collector.refuse(fields.reason, describeRow(table, row));
    else if ('text' in head) collector.add(`${head.text} ${fields.text} ${row.timeMs}\n`, fields.values);
  }

  #headOf(table: SampleTable, series: Series): Head {
    let head = this.#heads.of(series);
    if (head === undefined) {
      head = makeHead(table, series.tags);
      this.#heads.set(series, head);
    }
    return head;
  }

  #shapeOf(table: SampleTable): Shape {
    let shape = this.#shapes.get(table.fields);
    if (shape?.measurement !== table.measurement) {
      shape = makeShape(this.#catalogue, table);
      this.#shapes.set(table.fields, shape);
    }
    return shape;
  }
}

function makeShape(catalogue: Catalogue, table: SampleTable): Shape {
  const { measurement } = table;
  const types = fieldTypes(catalogue, table);
  if (typeof types === 'string') return { measurement, fields: [], problem: types };
  const fields = types.map((type, at): FieldWriter => {
    const name = table.fields[at] ?? '';
    return { name, type, key: `${escapeKey(name)}=`, write: FIELD_WRITERS[type] };
  });
  return { measurement, fields, problem: undefined };
}

function makeHead({ measurement, tags: names }: SampleTable, tags: readonly (string | undefined)[]): Head {
  const problem = tagsProblem(names, tags);
  if (problem !== undefined) return { problem };
  const set = tags.map((value, at) =>
    value === undefined || value === '' ? '' : `,${escapeKey(names[at] ?? '')}=${escapeKey(value)}`,
  );
  return { text: escapeMeasurement(measurement) + set.join('') };
}

function fieldSet(
  fields: readonly FieldWriter[],
  values: SampleRow['values'],
): { readonly text: string; readonly values: number } | Refused {
  let text = '';
  let count = 0;
  for (let at = 0; at < fields.length; at++) {
    const value = values[at];
    const field = fields[at];
    if (value === undefined || field === undefined) continue;
    const problem = valueProblem(field.type, value);
    if (problem !== undefined) return { reason: `field ${field.name}: ${problem}` };
    text += count++ === 0 ? field.key : `,${field.key}`;
    text += field.write(value);
  }
  return count === 0 ? { reason: NO_VALUE } : { text, values: count };
}
