import type { FieldDefinition, FieldType, MeasurementDefinition, Range, Text } from '../catalogue.ts';

export const ANY: Range = {};
export const FROM_ZERO: Range = { min: 0 };
export const PERCENT: Range = { min: 0, max: 100 };

type Define = (unit: string, range: Range, en: string, vi: string, openTelemetry?: string) => FieldDefinition;

function define(type: FieldType): Define {
  return (unit, range, en, vi, openTelemetry) => ({
    type,
    unit,
    ...range,
    meaning: { en, vi },
    ...(openTelemetry !== undefined && { openTelemetry }),
  });
}

export const float = define('float');
export const int = define('int');

export function bool(en: string, vi: string): FieldDefinition {
  return { type: 'bool', unit: '', meaning: { en, vi } };
}

export function text(en: string, vi: string): FieldDefinition {
  return { type: 'string', unit: '', meaning: { en, vi } };
}

/** A number for each of a few states. */
export function code(max: number, en: string, vi: string): FieldDefinition {
  return int('', { min: 0, max }, en, vi);
}

/** A number of things, since a start or now. */
export function count(thing: string, en: string, vi: string, openTelemetry?: string): FieldDefinition {
  return int(`{${thing}}`, FROM_ZERO, en, vi, openTelemetry);
}

export function bytes(en: string, vi: string, openTelemetry?: string): FieldDefinition {
  return int('By', FROM_ZERO, en, vi, openTelemetry);
}

export function percent(en: string, vi: string, openTelemetry?: string): FieldDefinition {
  return float('%', PERCENT, en, vi, openTelemetry);
}

export function tag(en: string, vi: string): Text {
  return { en, vi };
}

export const UNIT = tag('ward, commune or special zone, 5-digit code', 'mã phường, xã, đặc khu (5 chữ số)');
export const SITE = tag('connection point of the network', 'điểm kết nối của mạng');
export const DEVICE = tag('device in the inventory', 'thiết bị trong danh mục');
export const AGENT = tag('agent that sent it', 'tác tử đã gửi');
export const POOL = tag('capacity pool', 'nhóm tài nguyên');
export const RESOURCE = tag(
  'cpu, memory, storage, power, space …',
  'cpu, bộ nhớ, lưu trữ, điện, không gian …',
);
export const OPERATOR = tag(
  'mobile operator: viettel, vinaphone, mobifone, vietnamobile',
  'nhà mạng di động: viettel, vinaphone, mobifone, vietnamobile',
);
export const RAT = tag(
  'radio technology: nr, nrnsa, lte, lte_ca, umts, gsm, none',
  'công nghệ vô tuyến: nr, nrnsa, lte, lte_ca, umts, gsm, none',
);
export const PROBE = tag('point that measures', 'điểm đo');
export const TARGET = tag('what is measured against', 'đích đo');

/** Where a sample comes from: every agent may send these; central puts `agent` on every row. */
const COMMON_TAGS = {
  host: tag('host name of the machine', 'tên máy'),
  site: SITE,
  unit: UNIT,
  device: DEVICE,
  agent: AGENT,
};

interface Draft {
  readonly name: string;
  readonly en: string;
  readonly vi: string;
  readonly tags?: Readonly<Record<string, Text>>;
  readonly required?: readonly string[];
  readonly fields: Readonly<Record<string, FieldDefinition>>;
}

export function fromAgent(draft: Draft): MeasurementDefinition {
  return finish(draft, 'agent', { ...COMMON_TAGS, ...draft.tags });
}

export function fromCentral(draft: Draft): MeasurementDefinition {
  return finish(draft, 'central', draft.tags ?? {});
}

/** Of the faults that central raises to see whether they are told. */
export function fromCanary(draft: Draft): MeasurementDefinition {
  return finish(draft, 'canary', draft.tags ?? {});
}

function finish(
  { name, en, vi, required = [], fields }: Draft,
  origin: MeasurementDefinition['origin'],
  tags: Readonly<Record<string, Text>>,
): MeasurementDefinition {
  return { name, meaning: { en, vi }, tags, requiredTags: required, fields, origin };
}
