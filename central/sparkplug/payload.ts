import { constants, unzipSync } from 'node:zlib';
import protobuf from 'sparkplug-payload/lib/sparkplugPayloadProto.js';
import { messageOf } from '../../runtime/errors.ts';

/** As published, and as the embedded broker allows at most. */
export const MAX_PAYLOAD_BYTES = 64 * 1024;
/** What a compressed payload may inflate to before it counts as a decompression bomb. */
const MAX_INFLATED_BYTES = 512 * 1024;
export const MAX_METRICS_PER_MESSAGE = 5_000;
export const MAX_METRIC_NAME_CHARS = 256;

export interface WireInteger {
  /** Not negative: the fields of the wire are unsigned. */
  readonly value: bigint;
  readonly bits: 32 | 64;
}

/** A metric as it stands on the wire: which type its value has, only the birth certificate tells. */
export interface RawMetric {
  /** One that is too long is cut to one character more than is allowed. */
  readonly name: string | undefined;
  readonly alias: bigint | undefined;
  readonly timestampMs: number | undefined;
  readonly dataType: number | undefined;
  readonly isHistorical: boolean;
  readonly isTransient: boolean;
  readonly isNull: boolean;
  /** Property `Quality` (section 6.4.9.1): 0 bad, 192 good, 500 stale. */
  readonly quality: number | undefined;
  readonly integer?: WireInteger;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly text?: string;
  /** Which kind of value there is, in words; empty: none. */
  readonly present: string;
}

export interface SparkplugPayload {
  readonly timestampMs: number | undefined;
  readonly seq: number | undefined;
  readonly metrics: readonly RawMetric[];
}

export class PayloadError extends Error {
  override readonly name = 'PayloadError';
  readonly code:
    'oversize' | 'not-sparkplug' | 'inflates-too-far' | 'bad-compression' | 'too-many-metrics' | 'bad-seq';
  constructor(code: PayloadError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const { Payload } = protobuf.org.eclipse.tahu.protobuf;
type ProtoPayload = ReturnType<typeof Payload.decode>;
type ProtoMetric = ProtoPayload['metrics'][number];

/** Sizes first, then protobuf (section 6.2), then what is compressed inside. Throws a PayloadError that says what failed. */
export function decodePayload(bytes: Buffer): SparkplugPayload {
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    throw new PayloadError(
      'oversize',
      `payload has ${bytes.length} bytes, at most ${MAX_PAYLOAD_BYTES} are allowed`,
    );
  }
  const outer = parse(bytes);
  if (outer.uuid !== COMPRESSED) return toPayload(outer, undefined);
  return toPayload(parse(inflate(outer)), toSeq(outer));
}

/** A convention of Eclipse Tahu, not of the specification: the real payload is in `body`, the metric `algorithm` names how. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

function inflate({ body, metrics }: ProtoPayload): Buffer {
  const algorithm = metrics.find(({ name }) => name === 'algorithm')?.stringValue ?? 'DEFLATE';
  if (algorithm !== 'DEFLATE' && algorithm !== 'GZIP') {
    throw new PayloadError(
      'bad-compression',
      `compressed by ${JSON.stringify(algorithm).slice(0, 40)}, expected DEFLATE or GZIP`,
    );
  }
  try {
    // Tells zlib (RFC 1950) from gzip (RFC 1952) by itself.
    return unzipSync(body, {
      maxOutputLength: MAX_INFLATED_BYTES,
      finishFlush: constants.Z_FINISH,
    });
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') {
      throw new PayloadError(
        'inflates-too-far',
        `payload inflates to more than ${MAX_INFLATED_BYTES} bytes`,
        error,
      );
    }
    throw new PayloadError('bad-compression', `compressed body is not whole ${algorithm} data`, error);
  }
}

function parse(bytes: Buffer): ProtoPayload {
  try {
    return Payload.decode(bytes);
  } catch (error) {
    // Also a stack that templates nested without end have used up.
    throw new PayloadError(
      'not-sparkplug',
      `payload is not a Sparkplug B payload: ${messageOf(error)}`,
      error,
    );
  }
}

function toPayload(payload: ProtoPayload, outerSeq: number | undefined): SparkplugPayload {
  if (payload.metrics.length > MAX_METRICS_PER_MESSAGE) {
    const reason = `payload has ${payload.metrics.length} metrics, at most ${MAX_METRICS_PER_MESSAGE} are allowed`;
    throw new PayloadError('too-many-metrics', reason);
  }
  return {
    timestampMs: has(payload, 'timestamp') ? Number(toBigInt(payload.timestamp)) : undefined,
    seq: toSeq(payload) ?? outerSeq,
    metrics: payload.metrics.map(toMetric),
  };
}

/** tck-id-payloads-sequence-num-incrementing: 0 to 255. */
function toSeq(payload: ProtoPayload): number | undefined {
  if (!has(payload, 'seq')) return undefined;
  const seq = Number(toBigInt(payload.seq));
  if (seq > 255) throw new PayloadError('bad-seq', `sequence number is ${seq}, expected 0 to 255`);
  return seq;
}

function toMetric(metric: ProtoMetric): RawMetric {
  const integer = integerOf(metric);
  return {
    name: has(metric, 'name') ? boundedName(String(metric.name)) : undefined,
    alias: has(metric, 'alias') ? toBigInt(metric.alias) : undefined,
    timestampMs: has(metric, 'timestamp') ? Number(toBigInt(metric.timestamp)) : undefined,
    dataType: has(metric, 'datatype') ? Number(metric.datatype) : undefined,
    isHistorical: metric.isHistorical === true,
    isTransient: metric.isTransient === true,
    isNull: metric.isNull === true,
    quality: qualityOf(metric),
    ...(integer !== undefined && { integer }),
    ...(has(metric, 'floatValue') && { float: Number(metric.floatValue) }),
    ...(has(metric, 'doubleValue') && { double: Number(metric.doubleValue) }),
    ...(has(metric, 'booleanValue') && { boolean: metric.booleanValue === true }),
    ...(has(metric, 'stringValue') && { text: String(metric.stringValue) }),
    present: VALUE_KINDS.flatMap(([field, kind]) => (has(metric, field) ? [kind] : [])).join(' and '),
  };
}

function boundedName(name: string): string {
  if (name.length <= MAX_METRIC_NAME_CHARS) return name;
  // Copied: a slice would keep the whole name in memory.
  return `${Buffer.from(name.slice(0, MAX_METRIC_NAME_CHARS)).toString()}…`;
}

const VALUE_KINDS = [
  ['intValue', 'integer of 32 bits'],
  ['longValue', 'integer of 64 bits'],
  ['floatValue', 'Float'],
  ['doubleValue', 'Double'],
  ['booleanValue', 'Boolean'],
  ['stringValue', 'String'],
  ['bytesValue', 'Bytes'],
  ['datasetValue', 'DataSet'],
  ['templateValue', 'Template'],
] as const;

function integerOf(metric: ProtoMetric): WireInteger | undefined {
  if (has(metric, 'longValue')) return { value: toBigInt(metric.longValue), bits: 64 };
  if (has(metric, 'intValue')) return { value: BigInt(Number(metric.intValue)), bits: 32 };
  return undefined;
}

function qualityOf({ properties }: ProtoMetric): number | undefined {
  const at = properties?.keys?.indexOf('Quality') ?? -1;
  const quality = properties?.values?.[at]?.intValue;
  return typeof quality === 'number' ? quality : undefined;
}

/** What was not on the wire stands on the prototype only. */
function has(message: object, field: string): boolean {
  return Object.hasOwn(message, field);
}

/** A uint64 as the library hands it over: a Long, signed or not, or a number where it has no Long. */
function toBigInt(value: unknown): bigint {
  if (typeof value === 'number') return BigInt(value);
  if (typeof value === 'object' && value !== null && 'low' in value && 'high' in value) {
    return (BigInt(Number(value.high) >>> 0) << 32n) | BigInt(Number(value.low) >>> 0);
  }
  throw new PayloadError('not-sparkplug', 'an integer of 64 bits cannot be read');
}

/** A Rebirth Request: an NCMD without seq (tck-id-operational-behavior-data-commands-ncmd-rebirth-value). */
export function encodeRebirthRequest(nowMs: number): Buffer {
  const metric = { name: 'Node Control/Rebirth', timestamp: nowMs, datatype: 11, booleanValue: true };
  return Buffer.from(Payload.encode({ timestamp: nowMs, metrics: [metric] }).finish());
}
