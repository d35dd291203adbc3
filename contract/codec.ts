import { gunzipSync, gzipSync } from 'node:zlib';
import { storedGzip } from './stored-gzip.ts';
import {
  batchSchema,
  MAX_BATCH_BYTES,
  MAX_BATCH_POINTS,
  MAX_INFLATED_BYTES,
  PROTOCOL_VERSION,
  type Batch,
  type BatchHeader,
  type Loss,
  type Table,
} from './batch.ts';
import { isPlainBatch, longListProblem } from './batch-shape.ts';
import { isDeeperThan } from './json-depth.ts';
import type { Sample } from './sample.ts';
import { toTables } from './tables.ts';

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

/** A sample that fits into no batch: larger than a batch may be, with too many tags or fields, or with too long a name. */
export interface Oversize {
  readonly sample: Sample;
  /** As plain JSON. */
  readonly bytes: number;
}

export interface EncodedSamples {
  readonly bodies: readonly EncodedBody[];
  readonly oversize: readonly Oversize[];
}

/** A smaller window than the text is long would cost size; a larger one only costs memory to clear. */
const SMALL_TEXT_LENGTH = 4_096;
const SMALL_TEXT_GZIP = { windowBits: 12, memLevel: 5, chunkSize: 4_096 };
/** Room kept for the header below MAX_BATCH_BYTES and MAX_INFLATED_BYTES. */
const HEADER_BYTES = 256;
const ISIZE_BYTES = 4;
/** What a sender makes central allocate by a few bytes. */
const MAX_CHUNK_BYTES = 64 * 1024;

/**
 * Splits samples into bodies that central's limits allow: 1,000 points, 48 KiB as published, 1 MiB inflated, 64 tables.
 * The order of samples is kept.
 */
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
      for (const sample of part) oversize.push({ sample, bytes: sizeOf(sample) });
    }
  }
  return { bodies, oversize };
}

/** A body that carries only a declaration of loss. */
export function encodeLossBody(losses: readonly Loss[], nowMs: number): Buffer {
  return gzipSync(bodyText({ baseMs: nowMs, tables: [], losses }));
}

/** Puts the header of this send in front of a stored body. */
export function encodeBatch(header: Omit<BatchHeader, 'v'>, body: Buffer): Buffer {
  const text = JSON.stringify({ v: PROTOCOL_VERSION, ...header });
  return Buffer.concat([storedGzip(`${text.slice(0, -1)},`), body]);
}

export class BatchError extends Error {
  override readonly name = 'BatchError';
  readonly code:
    'oversize' | 'not-gzip' | 'inflates-too-far' | 'too-deep' | 'not-json' | 'wrong-version' | 'wrong-schema';
  constructor(code: BatchError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** A row's values are at level 6. */
const MAX_JSON_DEPTH = 16;
/**
 * A live batch has less. The scan would cost every batch a fifth more than reading it does; below this size, what is nested as
 * deep as can be costs 1.5 ms, which its sender pays for.
 */
const MAX_UNSCANNED_BYTES = 64 * 1024;

/** Sizes first, then gzip, JSON and the envelope's schema. Throws a BatchError that says which of them failed. */
export function decodeBatch(payload: Buffer): Batch {
  if (payload.length > MAX_BATCH_BYTES) {
    throw new BatchError(
      'oversize',
      `batch has ${payload.length} bytes, at most ${MAX_BATCH_BYTES} are allowed`,
    );
  }
  const text = inflate(payload);
  if (text.length > MAX_UNSCANNED_BYTES && isDeeperThan(text, MAX_JSON_DEPTH)) {
    throw new BatchError('too-deep', `batch is nested more than ${MAX_JSON_DEPTH} levels deep`);
  }
  const parsed = parseJson(text.toString('utf8'));
  const version = typeof parsed === 'object' && parsed !== null && 'v' in parsed ? parsed.v : undefined;
  if (version !== PROTOCOL_VERSION) {
    throw new BatchError(
      'wrong-version',
      `protocol version is ${describeVersion(version)}, expected ${PROTOCOL_VERSION}`,
    );
  }
  if (isPlainBatch(parsed)) return parsed;
  const problem = longListProblem(parsed);
  if (problem !== undefined) throw new BatchError('wrong-schema', problem);
  const result = batchSchema.safeParse(parsed);
  if (result.success) return result.data;
  const issues = result.error.issues.slice(0, 10);
  const problems = issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new BatchError('wrong-schema', problems.join('; '));
}

/** A list or an object may be nested too deep to be written as JSON again. */
function describeVersion(version: unknown): string {
  if (version === undefined) return 'none';
  return typeof version === 'object' && version !== null ? 'no number' : JSON.stringify(version).slice(0, 40);
}

function inflate(payload: Buffer): Buffer {
  try {
    return gunzipSync(payload, { maxOutputLength: MAX_INFLATED_BYTES, chunkSize: chunkBytesFor(payload) });
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

/** Of the last member, as it says (RFC 1952, ISIZE): what it inflates to then lies in one piece, and no larger one than that takes. */
function chunkBytesFor(payload: Buffer): number {
  const bodyBytes = payload.length < ISIZE_BYTES ? 0 : payload.readUInt32LE(payload.length - ISIZE_BYTES);
  return Math.min(bodyBytes + HEADER_BYTES, MAX_CHUNK_BYTES);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BatchError('not-json', 'batch does not inflate to JSON', error);
  }
}

/** undefined: these samples do not fit one batch. */
function encodeBody(samples: readonly Sample[]): EncodedBody | undefined {
  // An invalid time stays in its row, so that central refuses that row only.
  const times = samples.map(({ timeMs }) => Math.round(timeMs)).filter((time) => Number.isSafeInteger(time));
  const firstMs = Math.max(0, times.length === 0 ? 0 : Math.min(...times));
  const lastMs = Math.max(0, ...times);
  const tables = toTables(samples, lastMs);
  if (tables === undefined) return undefined;
  const text = bodyText({ baseMs: lastMs, tables });
  if (Buffer.byteLength(text) > MAX_INFLATED_BYTES - HEADER_BYTES) return undefined;
  const bytes = gzipSync(text, text.length < SMALL_TEXT_LENGTH ? SMALL_TEXT_GZIP : {});
  if (bytes.length > MAX_BATCH_BYTES - HEADER_BYTES) return undefined;
  return { bytes, points: samples.length, firstMs, lastMs };
}

interface Body {
  readonly baseMs: number;
  readonly tables: readonly Table[];
  readonly losses?: readonly Loss[];
}

/** The second half of a JSON object: the header brings the opening brace. */
function bodyText(body: Body): string {
  return JSON.stringify(body).slice(1);
}

function sizeOf(sample: Sample): number {
  return Buffer.byteLength(
    JSON.stringify(sample, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  );
}
