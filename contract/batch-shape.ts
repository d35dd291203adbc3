import {
  MAX_BATCH_POINTS,
  MAX_FIELDS,
  MAX_LOSSES,
  MAX_NAME_LENGTH,
  MAX_SEQ,
  MAX_TABLES,
  MAX_TAGS,
  PROTOCOL_VERSION,
  type Batch,
} from './batch.ts';

const EPOCH = /^[a-z0-9]{8,16}$/;

/**
 * Whether `batchSchema` would take it as it is, for the usual batch that has no losses; false: ask the schema, which
 * says what is wrong. The schema makes a copy and an object for each row, which at central is half of what decoding costs.
 */
export function isPlainBatch(value: unknown): value is Batch {
  if (typeof value !== 'object' || value === null) return false;
  const { v, epoch, seq, lowest, sentAtMs, backfill, baseMs, tables, losses } = value as Partial<
    Record<keyof Batch, unknown>
  >;
  return (
    v === PROTOCOL_VERSION &&
    typeof epoch === 'string' &&
    EPOCH.test(epoch) &&
    isInt(seq, 1, MAX_SEQ) &&
    isInt(lowest, 1, MAX_SEQ) &&
    isInt(sentAtMs, 0) &&
    isInt(baseMs, 0) &&
    typeof backfill === 'boolean' &&
    losses === undefined &&
    Array.isArray(tables) &&
    tables.length <= MAX_TABLES &&
    areTables(tables)
  );
}

/**
 * Which list of a batch is longer than it may be; undefined: none. To be asked before `batchSchema`, which makes an object
 * for each entry that is wrong: a message of 1 KiB could hold 300,000. Pure.
 */
export function longListProblem(value: unknown): string | undefined {
  const { tables, losses } = asRecord(value);
  if (isLongerThan(losses, MAX_LOSSES)) return `losses: more than ${MAX_LOSSES}`;
  if (isLongerThan(tables, MAX_TABLES)) return `tables: more than ${MAX_TABLES}`;
  if (!Array.isArray(tables)) return undefined;
  for (const [at, table] of tables.entries()) {
    const { tags, fields, rows } = asRecord(table);
    if (isLongerThan(tags, MAX_TAGS)) return `tables.${at}.tags: more than ${MAX_TAGS}`;
    if (isLongerThan(fields, MAX_FIELDS)) return `tables.${at}.fields: more than ${MAX_FIELDS}`;
    if (isLongerThan(rows, MAX_BATCH_POINTS)) return `tables.${at}.rows: more than ${MAX_BATCH_POINTS}`;
  }
  return undefined;
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function isLongerThan(list: unknown, max: number): boolean {
  return Array.isArray(list) && list.length > max;
}

function areTables(tables: readonly unknown[]): boolean {
  let points = 0;
  for (const table of tables) {
    if (typeof table !== 'object' || table === null) return false;
    const { measurement, tags, fields, rows } = table as Record<string, unknown>;
    if (!isName(measurement) || !areNames(tags, MAX_TAGS) || !areNames(fields, MAX_FIELDS)) return false;
    if (!Array.isArray(rows)) return false;
    points += rows.length;
  }
  return points <= MAX_BATCH_POINTS;
}

function areNames(names: unknown, max: number): boolean {
  return Array.isArray(names) && names.length <= max && names.every(isName);
}

function isName(name: unknown): boolean {
  return typeof name === 'string' && name.length >= 1 && name.length <= MAX_NAME_LENGTH;
}

function isInt(value: unknown, min: number, max = Infinity): boolean {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max;
}
