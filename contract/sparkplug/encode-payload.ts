import { dataTypeNumber, type DataTypeName } from './data-types.ts';
import { METRIC, PAYLOAD, PROPERTY_SET, PROPERTY_VALUE } from './fields.ts';
import { ProtobufWriter } from './protobuf.ts';

/** A metric as the schema names its fields; those that are undefined are not sent. */
export interface MetricFields {
  readonly name?: string | undefined;
  readonly alias?: number | bigint | undefined;
  readonly timestamp?: number | bigint | undefined;
  readonly datatype?: number | undefined;
  readonly isHistorical?: boolean | undefined;
  readonly isTransient?: boolean | undefined;
  readonly isNull?: boolean | undefined;
  /** Property `Quality`: 0 bad, 192 good, 500 stale. */
  readonly quality?: number | undefined;
  readonly intValue?: number | undefined;
  readonly longValue?: number | bigint | undefined;
  readonly floatValue?: number | undefined;
  readonly doubleValue?: number | undefined;
  readonly booleanValue?: boolean | undefined;
  readonly stringValue?: string | undefined;
  readonly bytesValue?: Uint8Array | undefined;
  /** DataSet and Template: encoded already. */
  readonly datasetValue?: Uint8Array | undefined;
  readonly templateValue?: Uint8Array | undefined;
}

export interface PayloadFields {
  readonly timestamp?: number | bigint | undefined;
  readonly metrics?: readonly MetricFields[] | undefined;
  readonly seq?: number | undefined;
  readonly uuid?: string | undefined;
  readonly body?: Uint8Array | undefined;
}

export type MetricValue = number | bigint | boolean | string | Uint8Array | null;

export function encodePayload({ timestamp, metrics = [], seq, uuid, body }: PayloadFields): Buffer {
  const writer = new ProtobufWriter().varint(PAYLOAD.timestamp, timestamp);
  for (const each of metrics) writer.bytes(PAYLOAD.metrics, encodeMetric(each));
  return writer.varint(PAYLOAD.seq, seq).bytes(PAYLOAD.uuid, uuid).bytes(PAYLOAD.body, body).finish();
}

/** A metric with its value in the field that its type asks for (section 6.4.16); null: `is_null`. */
export function metric(
  name: string | undefined,
  type: DataTypeName,
  value: MetricValue,
  more: MetricFields = {},
): MetricFields {
  const named = name === undefined ? {} : { name };
  const typed = value === null ? { isNull: true } : valueField(type, value);
  return { ...named, datatype: dataTypeNumber(type), ...typed, ...more };
}

function encodeMetric(fields: MetricFields): Buffer {
  return new ProtobufWriter()
    .bytes(METRIC.name, fields.name)
    .varint(METRIC.alias, fields.alias)
    .varint(METRIC.timestamp, fields.timestamp)
    .varint(METRIC.datatype, fields.datatype)
    .varint(METRIC.isHistorical, fields.isHistorical)
    .varint(METRIC.isTransient, fields.isTransient)
    .varint(METRIC.isNull, fields.isNull)
    .bytes(METRIC.properties, fields.quality === undefined ? undefined : encodeQuality(fields.quality))
    .varint(METRIC.intValue, fields.intValue === undefined ? undefined : fields.intValue >>> 0)
    .varint(METRIC.longValue, fields.longValue)
    .float(METRIC.floatValue, fields.floatValue)
    .double(METRIC.doubleValue, fields.doubleValue)
    .varint(METRIC.booleanValue, fields.booleanValue)
    .bytes(METRIC.stringValue, fields.stringValue)
    .bytes(METRIC.bytesValue, fields.bytesValue)
    .bytes(METRIC.datasetValue, fields.datasetValue)
    .bytes(METRIC.templateValue, fields.templateValue)
    .finish();
}

function encodeQuality(quality: number): Buffer {
  const value = new ProtobufWriter()
    .varint(PROPERTY_VALUE.type, dataTypeNumber('Int32'))
    .varint(PROPERTY_VALUE.intValue, quality)
    .finish();
  return new ProtobufWriter().bytes(PROPERTY_SET.keys, 'Quality').bytes(PROPERTY_SET.values, value).finish();
}

function valueField(type: DataTypeName, value: NonNullable<MetricValue>): MetricFields {
  switch (type) {
    case 'Int8':
    case 'Int16':
    case 'Int32':
    case 'UInt8':
    case 'UInt16':
      return { intValue: Number(value) };
    case 'Int64':
    case 'UInt32':
    case 'UInt64':
    case 'DateTime':
      return { longValue: typeof value === 'bigint' ? value : Number(value) };
    case 'Float':
      return { floatValue: Number(value) };
    case 'Double':
      return { doubleValue: Number(value) };
    case 'Boolean':
      return { booleanValue: value === true };
    case 'String':
    case 'Text':
    case 'UUID':
      return { stringValue: String(value) };
    case 'DataSet':
      return { datasetValue: asBytes(value) };
    case 'Template':
      return { templateValue: asBytes(value) };
    default:
      return { bytesValue: asBytes(value) };
  }
}

function asBytes(value: NonNullable<MetricValue>): Uint8Array {
  if (value instanceof Uint8Array) return value;
  throw new Error(`expected bytes, got ${typeof value}`);
}
