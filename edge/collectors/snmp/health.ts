import type { FieldValue } from '../../../contract/sample.ts';
import type { Conversation } from '../../protocols/snmp/conversation.ts';
import { isUnanswered, type VarbindValue } from '../../protocols/snmp/session.ts';
import { roundOff, toNumber } from '../../protocols/snmp/value.ts';
import type { DeviceValue } from './profile/compiled-profile.ts';
import type { FigureSource, ShareSource } from './profile/profile-schema.ts';
import { numberIn } from './profile/value-reader.ts';

export interface Health {
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly error?: Error | undefined;
}

type Columns = Pick<Conversation, 'column'>;

/** Fields of `device` from the first source that has each of them. */
export async function readHealth(conversation: Columns, sources: readonly DeviceValue[]): Promise<Health> {
  const reader = new ColumnReader(conversation);
  const fields: Record<string, FieldValue> = {};
  for (const source of sources) {
    if (fields[source.field] !== undefined) continue;
    const value = await readSource(reader, source);
    if (value !== undefined) fields[source.field] = value;
  }
  return { fields, error: reader.error };
}

async function readSource(reader: ColumnReader, source: DeviceValue): Promise<FieldValue | undefined> {
  if ('share' in source) return share(reader, source.share);
  const { figure, read } = source;
  const cells = await reader.cells(figure.oid, figure.row);
  const values = cells.flatMap((cell) => read(cell) ?? []);
  const [first] = values;
  if (typeof first === 'boolean') return values.every((value) => value === true);
  const numbers = values.filter((value) => typeof value === 'number');
  return numbers.length === 0 ? first : figureOf(numbers, figure);
}

function figureOf(numbers: readonly number[], { take }: Pick<FigureSource, 'take'>): number {
  if (take === 'max') return Math.max(...numbers);
  const sum = numbers.reduce((all, one) => all + one, 0);
  return take === 'sum' ? sum : roundOff(sum / numbers.length);
}

async function share(reader: ColumnReader, source: ShareSource): Promise<number | undefined> {
  const used = await sum(reader, source.used, source);
  const free = await sum(reader, source.free, source);
  const total = (await sum(reader, source.total, source)) ?? add(used, free);
  const inUse = used ?? add(total, free, -1);
  if (total === undefined || inUse === undefined) return undefined;
  return total > 0 && inUse >= 0 && inUse <= total ? (inUse / total) * 100 : undefined;
}

/** Of all rows of all these columns; undefined without the first. */
async function sum(
  reader: ColumnReader,
  oids: readonly string[] = [],
  { row, inText }: Pick<ShareSource, 'row' | 'inText'>,
): Promise<number | undefined> {
  let total: number | undefined;
  for (const oid of oids) {
    for (const cell of await reader.cells(oid, row)) {
      const number = inText ? numberIn(cell) : toNumber(cell);
      if (number !== undefined) total = (total ?? 0) + number;
    }
    if (total === undefined) return undefined;
  }
  return total;
}

function add(a: number | undefined, b: number | undefined, sign = 1): number | undefined {
  return a === undefined || b === undefined ? undefined : a + sign * b;
}

/** Reads columns, each once, and keeps the first error. */
class ColumnReader {
  readonly #conversation: Columns;
  readonly #known = new Map<string, ReadonlyMap<string, VarbindValue>>();
  #isUnanswered = false;
  error: Error | undefined;

  constructor(conversation: Columns) {
    this.#conversation = conversation;
  }

  async cells(oid: string, row: string | undefined): Promise<readonly VarbindValue[]> {
    return [...(await this.#read(oid))].flatMap(([index, value]) => (isRow(index, row) ? [value] : []));
  }

  async #read(oid: string): Promise<ReadonlyMap<string, VarbindValue>> {
    const known = this.#known.get(oid);
    if (known !== undefined) return known;
    const values = new Map<string, VarbindValue>();
    this.#known.set(oid, values);
    if (this.#isUnanswered) return values;
    const { cells, error } = await this.#conversation.column(oid);
    this.error ??= error;
    this.#isUnanswered = error !== undefined && isUnanswered(error);
    for (const [index, { value }] of cells) values.set(index, value);
    return values;
  }
}

/** With `row`: that row and those below it. */
export function isRow(index: string, row: string | undefined): boolean {
  return row === undefined || index === row || index.startsWith(`${row}.`);
}
