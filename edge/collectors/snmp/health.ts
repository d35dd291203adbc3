import type { Conversation } from '../../protocols/snmp/conversation.ts';
import type { FigureSource, HealthSource, ShareSource, StateSource } from './profile.ts';
import { isUnanswered } from '../../protocols/snmp/session.ts';
import { roundOff, toNumber } from '../../protocols/snmp/value.ts';

export interface Health {
  readonly fields: Readonly<Record<string, number | boolean>>;
  readonly error?: Error | undefined;
}

type Columns = Pick<Conversation, 'column'>;

/** Fields of `device` from the first source that has each of them. */
export async function readHealth(conversation: Columns, sources: readonly HealthSource[]): Promise<Health> {
  const reader = new NumberReader(conversation);
  const fields: Record<string, number | boolean> = {};
  for (const source of sources) {
    if (fields[source.field] !== undefined) continue;
    const value = await readSource(reader, source);
    if (value !== undefined) fields[source.field] = value;
  }
  return { fields, error: reader.error };
}

async function readSource(reader: NumberReader, source: HealthSource): Promise<number | boolean | undefined> {
  if ('ok' in source) return allOk(await reader.numbers(source.oid, source), source);
  if ('of' in source) return figure(await reader.numbers(source.oid, source), source);
  return share(reader, source);
}

function allOk(states: readonly number[], { ok }: StateSource): boolean | undefined {
  return states.length === 0 ? undefined : states.every((state) => ok.includes(state));
}

function figure(values: readonly number[], source: FigureSource): number | undefined {
  if (values.length === 0) return undefined;
  const value =
    source.of === 'max' ? Math.max(...values) : values.reduce((sum, one) => sum + one, 0) / values.length;
  const scaled = roundOff(value * (source.scale ?? 1) + (source.offset ?? 0));
  return source.field.endsWith('_pct') && (scaled < 0 || scaled > 100) ? undefined : scaled;
}

async function share(reader: NumberReader, source: ShareSource): Promise<number | undefined> {
  const used = await sum(reader, source.used, source);
  const free = await sum(reader, source.free, source);
  const total = (await sum(reader, source.total, source)) ?? add(used, free);
  const inUse = used ?? add(total, free, -1);
  if (total === undefined || inUse === undefined) return undefined;
  return total > 0 && inUse >= 0 && inUse <= total ? (inUse / total) * 100 : undefined;
}

/** Of all rows of all these columns; undefined without the first. */
async function sum(
  reader: NumberReader,
  oids: readonly string[] = [],
  rows: { readonly row?: string },
): Promise<number | undefined> {
  let total: number | undefined;
  for (const oid of oids) {
    for (const number of await reader.numbers(oid, rows)) total = (total ?? 0) + number;
    if (total === undefined) return undefined;
  }
  return total;
}

function add(a: number | undefined, b: number | undefined, sign = 1): number | undefined {
  return a === undefined || b === undefined ? undefined : a + sign * b;
}

/** Reads columns as numbers, each once, and keeps the first error. */
class NumberReader {
  readonly #conversation: Columns;
  readonly #known = new Map<string, ReadonlyMap<string, number>>();
  #isUnanswered = false;
  error: Error | undefined;

  constructor(conversation: Columns) {
    this.#conversation = conversation;
  }

  async numbers(
    oid: string,
    { row, absent = [] }: { readonly row?: string; readonly absent?: readonly number[] },
  ): Promise<number[]> {
    const numbers: number[] = [];
    for (const [index, value] of await this.#read(oid)) {
      if (isRow(index, row) && !absent.includes(value)) numbers.push(value);
    }
    return numbers;
  }

  async #read(oid: string): Promise<ReadonlyMap<string, number>> {
    const known = this.#known.get(oid);
    if (known !== undefined) return known;
    const numbers = new Map<string, number>();
    this.#known.set(oid, numbers);
    if (this.#isUnanswered) return numbers;
    const { cells, error } = await this.#conversation.column(oid);
    this.error ??= error;
    this.#isUnanswered = error !== undefined && isUnanswered(error);
    for (const [index, { value }] of cells) {
      const number = toNumber(value);
      if (number !== undefined) numbers.set(index, number);
    }
    return numbers;
  }
}

/** With `row`: that row and those below it. */
export function isRow(index: string, row: string | undefined): boolean {
  return row === undefined || index === row || index.startsWith(`${row}.`);
}
