import { gunzipSync, gzipSync } from 'node:zlib';
import {
  batchSchema,
  MAX_BATCH_BYTES,
  MAX_BATCH_POINTS,
  MAX_INFLATED_BYTES,
  PROTOCOL_VERSION,
  type Batch,
  type BatchHeader,
  type Loss,
  type Row,
} from './batch.ts';
import type { FieldValue, Sample } from './sample.ts';

/**
 * A batch on the wire is two gzip members (RFC 1952, section 2.2) that inflate to one JSON object: a header made at
 * each send, and a body that is written to disk once. `mosquitto_sub … | gunzip` reads both as one text.
 */
export interface EncodedBody {
  readonly bytes: Buffer;
  readonly points: number;
  readonly firstMs: number;
  readonly lastMs: number;
}

/** A sample that cannot travel because it alone is larger than a batch may be. */
export interface Oversize {
  readonly sample: Sample;
  readonly bytes: number;
}

export interface EncodedSamples {
  readonly bodies: readonly EncodedBody[];
  readonly oversize: readonly Oversize[];
}

/** Room kept for the header member below MAX_BATCH_BYTES. */
const HEADER_BYTES = 256;

/** Splits samples into bodies of at most 1,000 points and 48 KiB as published. */
export function encodeSamples(samples: readonly Sample[]): EncodedSamples {
  const bodies: EncodedBody[] = [];
  const oversize: Oversize[] = [];
  const pending: (readonly Sample[])[] = [];
  for (let start = 0; start < samples.length; start += MAX_BATCH_POINTS) {
    pending.push(samples.slice(start, start + MAX_BATCH_POINTS));
  }
  for (let part = pending.shift(); part !== undefined; part = pending.shift()) {
    const body = encodeBody(part);
    if (body !== undefined) {
      bodies.push(body);
    } else if (part.length > 1) {
      const middle = Math.ceil(part.length / 2);
      pending.unshift(part.slice(0, middle), part.slice(middle));
    } else {
      for (const sample of part)
        oversize.push({ sample, bytes: JSON.stringify(toTables([sample], 0)).length });
    }
  }
  return { bodies, oversize };
}

/** A body that carries only a declaration of loss. */
export function encodeLossBody(losses: readonly Loss[], nowMs: number): Buffer {
  return deflate({ baseMs: nowMs, tables: [], losses });
}

/** Puts the header of this very send in front of a stored body. */
export function encodeBatch(header: Omit<BatchHeader, 'v'>, body: Buffer): Buffer {
  const text = JSON.stringify({ v: PROTOCOL_VERSION, ...header });
  return Buffer.concat([gzipSync(`${text.slice(0, -1)},`, { level: 1 }), body]);
}

export class BatchError extends Error {
  override readonly name = 'BatchError';
  readonly code: 'oversize' | 'not-gzip' | 'inflates-too-far' | 'not-json' | 'wrong-version' | 'wrong-schema';
  constructor(code: BatchError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** Sizes first, then gzip, JSON and the envelope's schema. Throws a BatchError that says which of them failed. */
export function decodeBatch(payload: Buffer): Batch {
  if (payload.length > MAX_BATCH_BYTES) {
    throw new BatchError(
      'oversize',
      `batch has ${payload.length} bytes, at most ${MAX_BATCH_BYTES} are allowed`,
    );
  }
  const parsed = parseJson(inflate(payload));
  const version = typeof parsed === 'object' && parsed !== null && 'v' in parsed ? parsed.v : undefined;
  if (version !== PROTOCOL_VERSION) {
    const got = version === undefined ? 'none' : JSON.stringify(version).slice(0, 40);
    throw new BatchError('wrong-version', `protocol version is ${got}, expected ${PROTOCOL_VERSION}`);
  }
  const result = batchSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 10);
  const problems = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new BatchError('wrong-schema', problems.join('; '));
}

function inflate(payload: Buffer): string {
  try {
    return gunzipSync(payload, { maxOutputLength: MAX_INFLATED_BYTES }).toString('utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new BatchError(
        'inflates-too-far',
        `batch inflates to more than ${MAX_INFLATED_BYTES} bytes`,
        error,
      );
    }
    throw new BatchError('not-gzip', 'batch is not whole gzip data', error);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BatchError('not-json', 'batch does not inflate to JSON', error);
  }
}

function encodeBody(samples: readonly Sample[]): EncodedBody | undefined {
  const times = samples.map((sample) => sample.timeMs);
  const firstMs = times.reduce((least, time) => Math.min(least, time), Infinity);
  const lastMs = times.reduce((most, time) => Math.max(most, time), -Infinity);
  const bytes = deflate({ baseMs: lastMs, tables: toTables(samples, lastMs) });
  if (bytes.length > MAX_BATCH_BYTES - HEADER_BYTES) return undefined;
  return { bytes, points: samples.length, firstMs, lastMs };
}

function deflate(body: object): Buffer {
  return gzipSync(JSON.stringify(body).slice(1));
}

interface OpenTable {
  readonly measurement: string;
  readonly tags: readonly string[];
  readonly fields: string[];
  readonly fieldIndex: Map<string, number>;
  readonly rows: Row[];
}

function toTables(samples: readonly Sample[], baseMs: number): object[] {
  const tables = new Map<string, OpenTable>();
  for (const sample of samples) {
    const tags = Object.keys(sample.tags);
    const key = `${sample.measurement} ${tags.join(' ')}`;
    let table = tables.get(key);
    if (table === undefined) {
      table = { measurement: sample.measurement, tags, fields: [], fieldIndex: new Map(), rows: [] };
      tables.set(key, table);
    }
    const values: (number | string | boolean | null)[] = new Array<null>(table.fields.length).fill(null);
    for (const [field, value] of Object.entries(sample.fields)) {
      let index = table.fieldIndex.get(field);
      if (index === undefined) {
        index = table.fields.push(field) - 1;
        table.fieldIndex.set(field, index);
      }
      values[index] = toWire(value);
    }
    table.rows.push([Object.values(sample.tags), sample.timeMs - baseMs, values]);
  }
  return [...tables.values()].map(({ measurement, tags, fields, rows }) => ({
    measurement,
    tags,
    fields,
    rows,
  }));
}

function toWire(value: FieldValue): number | string | boolean {
  if (typeof value === 'bigint') return String(value);
  return value;
}
