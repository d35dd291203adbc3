import { constants, unzipSync } from 'node:zlib';
import { encodePayload, metric } from '../../contract/sparkplug/encode-payload.ts';
import { METRIC, PAYLOAD, PROPERTY_SET, PROPERTY_VALUE } from '../../contract/sparkplug/fields.ts';
import { ProtobufError, ProtobufReader } from '../../contract/sparkplug/protobuf.ts';

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

/** The last value field of a metric: the schema allows one. */
interface RawValue {
  readonly integer?: WireInteger;
  readonly float?: number;
  readonly double?: number;
  readonly boolean?: boolean;
  readonly text?: string;
  /** Which kind of value there is, in words; empty: none. */
  readonly present: string;
}

/** A metric as sent: only the birth certificate defines the type of its value. */
export interface RawMetric extends RawValue {
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

/** Checks the size, reads the protobuf (section 6.2), then a compressed payload inside. Throws a PayloadError that says what failed. */
export function decodePayload(bytes: Buffer): SparkplugPayload {
  if (bytes.length > MAX_PAYLOAD_BYTES) {
    throw new PayloadError(
      'oversize',
      `payload has ${bytes.length} bytes, at most ${MAX_PAYLOAD_BYTES} are allowed`,
    );
  }
  const outer = parse(bytes);
  const { timestampMs, seq, metrics } = outer.uuid === COMPRESSED ? parse(inflate(outer)) : outer;
  return { timestampMs, seq: seq ?? outer.seq, metrics };
}

/** A convention of Eclipse Tahu, not of the specification: the real payload is in `body`, the metric `algorithm` names how. */
const COMPRESSED = 'SPBV1.0_COMPRESSED';

function inflate({ body, metrics }: ParsedPayload): Buffer {
  const algorithm = metrics.find(({ name }) => name === 'algorithm')?.text ?? 'DEFLATE';
  if (algorithm !== 'DEFLATE' && algorithm !== 'GZIP') {
    throw new PayloadError(
      'bad-compression',
      `compressed by ${JSON.stringify(algorithm).slice(0, 40)}, expected DEFLATE or GZIP`,
    );
  }
  try {
    // Detects zlib (RFC 1950) or gzip (RFC 1952) by the header.
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

interface ParsedPayload extends SparkplugPayload {
  readonly uuid: string | undefined;
  readonly body: Buffer;
}

function parse(bytes: Buffer): ParsedPayload {
  try {
    return readPayload(new ProtobufReader(bytes));
  } catch (error) {
    if (!(error instanceof ProtobufError)) throw error;
    const reason = `payload is not a Sparkplug B payload: ${error.message}`;
    throw new PayloadError('not-sparkplug', reason, error);
  }
}

function readPayload(reader: ProtobufReader): ParsedPayload {
  let timestampMs: number | undefined;
  let seq: bigint | undefined;
  let uuid: string | undefined;
  let body: Buffer = Buffer.alloc(0);
  const metrics: RawMetric[] = [];
  for (let tag = reader.next(); tag !== undefined; tag = reader.next()) {
    switch (tag) {
      case PAYLOAD.timestamp:
        timestampMs = Number(reader.uint64());
        break;
      case PAYLOAD.metrics:
        if (metrics.length === MAX_METRICS_PER_MESSAGE) {
          const reason = `payload has more than ${MAX_METRICS_PER_MESSAGE} metrics`;
          throw new PayloadError('too-many-metrics', reason);
        }
        metrics.push(readMetric(new ProtobufReader(reader.bytes())));
        break;
      case PAYLOAD.seq:
        seq = reader.uint64();
        break;
      case PAYLOAD.uuid:
        uuid = reader.text();
        break;
      case PAYLOAD.body:
        body = reader.bytes();
        break;
      default:
        reader.skip(tag);
    }
  }
  return { timestampMs, seq: checkedSeq(seq), metrics, uuid, body };
}

/** tck-id-payloads-sequence-num-incrementing: 0 to 255. */
function checkedSeq(seq: bigint | undefined): number | undefined {
  if (seq === undefined) return undefined;
  if (seq > 255n) throw new PayloadError('bad-seq', `sequence number is ${seq}, expected 0 to 255`);
  return Number(seq);
}

const NO_VALUE: RawValue = { present: '' };

function readMetric(reader: ProtobufReader): RawMetric {
  let name: string | undefined;
  let alias: bigint | undefined;
  let timestampMs: number | undefined;
  let dataType: number | undefined;
  let isHistorical = false;
  let isTransient = false;
  let isNull = false;
  let quality: number | undefined;
  let value = NO_VALUE;
  for (let tag = reader.next(); tag !== undefined; tag = reader.next()) {
    switch (tag) {
      case METRIC.name:
        name = boundedName(reader.text());
        break;
      case METRIC.alias:
        alias = reader.uint64();
        break;
      case METRIC.timestamp:
        timestampMs = Number(reader.uint64());
        break;
      case METRIC.datatype:
        dataType = reader.uint32();
        break;
      case METRIC.isHistorical:
        isHistorical = reader.boolean();
        break;
      case METRIC.isTransient:
        isTransient = reader.boolean();
        break;
      case METRIC.isNull:
        isNull = reader.boolean();
        break;
      case METRIC.properties:
        quality = readQuality(reader.bytes());
        break;
      default:
        value = readValueField(reader, tag) ?? value;
    }
  }
  return { name, alias, timestampMs, dataType, isHistorical, isTransient, isNull, quality, ...value };
}

/** Undefined: not a value field; it is skipped. */
function readValueField(reader: ProtobufReader, tag: number): RawValue | undefined {
  switch (tag) {
    case METRIC.intValue:
      return { integer: { value: BigInt(reader.uint32()), bits: 32 }, present: 'integer of 32 bits' };
    case METRIC.longValue:
      return { integer: { value: reader.uint64(), bits: 64 }, present: 'integer of 64 bits' };
    case METRIC.floatValue:
      return { float: reader.float(), present: 'Float' };
    case METRIC.doubleValue:
      return { double: reader.double(), present: 'Double' };
    case METRIC.booleanValue:
      return { boolean: reader.boolean(), present: 'Boolean' };
    case METRIC.stringValue:
      return { text: reader.text(), present: 'String' };
    default:
      reader.skip(tag);
      return NOT_STORED.get(tag);
  }
}

/** Values without a place in a time series: what is inside is not read. */
const NOT_STORED: ReadonlyMap<number, RawValue> = new Map([
  [METRIC.bytesValue, { present: 'Bytes' }],
  [METRIC.datasetValue, { present: 'DataSet' }],
  [METRIC.templateValue, { present: 'Template' }],
]);

function boundedName(name: string): string {
  if (name.length <= MAX_METRIC_NAME_CHARS) return name;
  // Copied: a slice would keep the whole name in memory.
  return `${Buffer.from(name.slice(0, MAX_METRIC_NAME_CHARS)).toString()}…`;
}

/** A PropertySet is two lists: a value belongs to the key at the same place. */
function readQuality(propertySet: Buffer): number | undefined {
  const keys: string[] = [];
  const values: Buffer[] = [];
  const reader = new ProtobufReader(propertySet);
  for (let tag = reader.next(); tag !== undefined; tag = reader.next()) {
    if (tag === PROPERTY_SET.keys) keys.push(reader.text());
    else if (tag === PROPERTY_SET.values) values.push(reader.bytes());
    else reader.skip(tag);
  }
  const value = values[keys.indexOf('Quality')];
  return value === undefined ? undefined : readIntValue(new ProtobufReader(value));
}

function readIntValue(reader: ProtobufReader): number | undefined {
  let value: number | undefined;
  for (let tag = reader.next(); tag !== undefined; tag = reader.next()) {
    if (tag === PROPERTY_VALUE.intValue) value = reader.uint32();
    else reader.skip(tag);
  }
  return value;
}

/** A Rebirth Request: an NCMD without seq (tck-id-operational-behavior-data-commands-ncmd-rebirth-value). */
export function encodeRebirthRequest(nowMs: number): Buffer {
  const rebirth = metric('Node Control/Rebirth', 'Boolean', true, { timestamp: nowMs });
  return encodePayload({ timestamp: nowMs, metrics: [rebirth] });
}
