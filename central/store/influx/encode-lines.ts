import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import { escapeKey, escapeMeasurement, FIELD_WRITERS } from '../../../contract/encode-line-protocol.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { usualNote, type Series } from '../../samples/series.ts';
import { COMMON_TAGS } from '../../samples/tag-names.ts';
import { describeRow } from '../describe-row.ts';
import { hourOf } from '../history/levels.ts';
import { fieldTypes, NO_VALUE, tagsProblem, timeProblem, valueProblem } from '../row-check.ts';
import type { RowDescription, StoreRejection } from '../sample-store.ts';
import { ByteWriter } from './byte-writer.ts';
import { NUMBERS_A_LINE, PreparedLines, type AgentHour } from './prepared-lines.ts';

interface FieldColumn {
  readonly name: string;
  readonly type: FieldType;
  /** `name=`, and with a comma before it. */
  readonly firstKey: Buffer;
  readonly nextKey: Buffer;
}

/** How to write tables of one shape, or why none of their rows can be stored. */
interface Shape {
  readonly measurement: string;
  readonly fields: readonly FieldColumn[];
  readonly problem: string | undefined;
}

/** The begin of every line of a series, with the space after it; or why none of its rows can be stored. */
type Head = string | Problem;

interface Problem {
  readonly problem: string;
}

const NONE: readonly StoreRejection[] = [];
const [AGENT = 'agent'] = COMMON_TAGS;
const INITIAL_BYTES = 64 * 1024;
const INT_SUFFIX = 0x69;
const [TRUE, FALSE] = [Buffer.from('true'), Buffer.from('false')];

/**
 * InfluxDB line protocol (v1) with times in ms, one line per row. Checks each row once more, with the same reasons as the
 * other stores: one bad line would cost others.
 */
export class LineEncoder {
  readonly #catalogue: Catalogue;
  readonly #heads = usualNote<Head>('stored');
  readonly #shapes = new WeakMap<readonly string[], Shape>();
  readonly #writer = new ByteWriter(INITIAL_BYTES);
  /** Of the present row; the last time is written as it was, since most rows of a batch share it. */
  #timeMs = -1;
  #timeText = Buffer.alloc(0);

  constructor(catalogue: Catalogue) {
    this.#catalogue = catalogue;
  }

  encode(batch: SampleBatch): PreparedLines {
    const { agent, epoch, seq, tables } = batch;
    const lineNumbers = new Uint32Array(
      NUMBERS_A_LINE * tables.reduce((sum, { rows }) => sum + rows.length, 0),
    );
    let rejections: StoreRejection[] | undefined;
    let refused: Map<number, RowDescription> | undefined;
    let row = 0;
    let numbers = 0;
    const hours: AgentHour[] = [];
    this.#writer.clear();
    for (const table of tables) {
      const shape = this.#shapeOf(table);
      const agentTag = table.tags.indexOf(AGENT);
      for (const each of table.rows) {
        const written = this.#writeRow(table, shape, each);
        if (typeof written === 'string') {
          (rejections ??= []).push({ agent, epoch, seq, row, reason: written });
          (refused ??= new Map()).set(row, describeRow(table, each));
        } else {
          lineNumbers[numbers++] = row;
          lineNumbers[numbers++] = written;
          lineNumbers[numbers++] = this.#writer.length;
          noteHour(hours, each.series.tags[agentTag] ?? '', each.timeMs);
        }
        row++;
      }
    }
    return new PreparedLines({
      agent,
      epoch,
      seq,
      text: this.#writer.copy(),
      lineNumbers: numbers < lineNumbers.length ? lineNumbers.slice(0, numbers) : lineNumbers,
      hours,
      rejections: rejections ?? NONE,
      refused,
    });
  }

  /** How many values were written, or why the row cannot be stored. */
  #writeRow(table: SampleTable, shape: Shape, { series, timeMs, values }: SampleRow): number | string {
    const writer = this.#writer;
    const start = writer.length;
    const head = this.#headOf(table, series);
    const problem = shape.problem ?? timeProblem(timeMs);
    if (problem !== undefined) return problem;
    if (typeof head !== 'string') return head.problem;
    writer.text(head);
    const written = writeFields(writer, shape.fields, values);
    if (typeof written === 'string' || written === 0) {
      writer.cutTo(start);
      return written === 0 ? NO_VALUE : written;
    }
    writer.bytes(this.#timeOf(timeMs));
    return written;
  }

  /** With the space before it and the line break after it. */
  #timeOf(timeMs: number): Buffer {
    if (timeMs !== this.#timeMs) {
      this.#timeMs = timeMs;
      this.#timeText = Buffer.from(` ${timeMs}\n`);
    }
    return this.#timeText;
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

/** Nearly all rows of a batch are of one agent and one hour. */
function noteHour(hours: AgentHour[], agent: string, timeMs: number): void {
  const hourMs = hourOf(timeMs);
  const known = hours.find((each) => each.hourMs === hourMs && each.agent === agent);
  if (known === undefined) hours.push({ agent, hourMs, newestMs: timeMs });
  else if (timeMs > known.newestMs) known.newestMs = timeMs;
}

function makeShape(catalogue: Catalogue, table: SampleTable): Shape {
  const { measurement } = table;
  const types = fieldTypes(catalogue, table);
  if (typeof types === 'string') return { measurement, fields: [], problem: types };
  const fields = types.map((type, at): FieldColumn => {
    const name = table.fields[at] ?? '';
    const key = `${escapeKey(name)}=`;
    return { name, type, firstKey: Buffer.from(key), nextKey: Buffer.from(`,${key}`) };
  });
  return { measurement, fields, problem: undefined };
}

function makeHead({ measurement, tags: names }: SampleTable, tags: readonly (string | undefined)[]): Head {
  const problem = tagsProblem(names, tags);
  if (problem !== undefined) return { problem };
  const parts = [escapeMeasurement(measurement)];
  tags.forEach((value, at) => {
    if (value !== undefined && value !== '')
      parts.push(',', escapeKey(names[at] ?? ''), '=', escapeKey(value));
  });
  // Joined, not added: what is kept for long must be one text, not a tree of parts.
  return [...parts, ' '].join('');
}

function writeFields(
  writer: ByteWriter,
  fields: readonly FieldColumn[],
  values: SampleRow['values'],
): number | string {
  let count = 0;
  for (let at = 0; at < fields.length; at++) {
    const value = values[at];
    const field = fields[at];
    if (value === undefined || field === undefined) continue;
    const problem = valueProblem(field.type, value);
    if (problem !== undefined) return `field ${field.name}: ${problem}`;
    writer.bytes(count++ === 0 ? field.firstKey : field.nextKey);
    writeValue(writer, field.type, value);
  }
  return count;
}

function writeValue(writer: ByteWriter, type: FieldType, value: FieldValue): void {
  if (typeof value === 'number') writer.number(value);
  else if (typeof value === 'boolean') writer.bytes(value ? TRUE : FALSE);
  else writer.text(type === 'string' ? FIELD_WRITERS.string(value) : String(value));
  if (type === 'int') writer.byte(INT_SUFFIX);
}
