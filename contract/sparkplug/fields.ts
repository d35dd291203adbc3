import { bytesTag, doubleTag, floatTag, varintTag } from './protobuf.ts';

/** Sparkplug B, section 6.2 ("Google Protocol Buffer Schema"): the fields that are read or written here. */
export const PAYLOAD = {
  timestamp: varintTag(1),
  metrics: bytesTag(2),
  seq: varintTag(3),
  uuid: bytesTag(4),
  body: bytesTag(5),
} as const;

export const METRIC = {
  name: bytesTag(1),
  alias: varintTag(2),
  timestamp: varintTag(3),
  datatype: varintTag(4),
  isHistorical: varintTag(5),
  isTransient: varintTag(6),
  isNull: varintTag(7),
  properties: bytesTag(9),
  intValue: varintTag(10),
  longValue: varintTag(11),
  floatValue: floatTag(12),
  doubleValue: doubleTag(13),
  booleanValue: varintTag(14),
  stringValue: bytesTag(15),
  bytesValue: bytesTag(16),
  datasetValue: bytesTag(17),
  templateValue: bytesTag(18),
} as const;

export const PROPERTY_SET = { keys: bytesTag(1), values: bytesTag(2) } as const;

export const PROPERTY_VALUE = { type: varintTag(1), intValue: varintTag(3) } as const;
