import type { FieldDefinition, FieldType, MeasurementDefinition, Range, Text } from '../catalogue.ts';

export const ANY: Range = {};
export const FROM_ZERO: Range = { min: 0 };
export const PERCENT: Range = { min: 0, max: 100 };

/** A field whose type is known to the compiler, so that a dashboard cannot ask for the mean of a text. */
export type Field<Type extends FieldType> = FieldDefinition & { readonly type: Type };

type Define<Type extends FieldType> = (
  unit: string,
  range: Range,
  en: string,
  vi: string,
  openTelemetry?: string,
) => Field<Type>;

function define<const Type extends FieldType>(type: Type): Define<Type> {
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

export function bool(en: string, vi: string): Field<'bool'> {
  return { type: 'bool', unit: '', meaning: { en, vi } };
}

export function text(en: string, vi: string): Field<'string'> {
  return { type: 'string', unit: '', meaning: { en, vi } };
}

/** A number for each of a few states. */
export function code(max: number, en: string, vi: string): Field<'int'> {
  return int('', { min: 0, max }, en, vi);
}

/** A number of things, since a start or now. */
export function count(thing: string, en: string, vi: string, openTelemetry?: string): Field<'int'> {
  return int(`{${thing}}`, FROM_ZERO, en, vi, openTelemetry);
}

export function bytes(en: string, vi: string, openTelemetry?: string): Field<'int'> {
  return int('By', FROM_ZERO, en, vi, openTelemetry);
}

export function percent(en: string, vi: string, openTelemetry?: string): Field<'float'> {
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

export const LATITUDE = float('deg', { min: -90, max: 90 }, 'latitude, WGS 84', 'vĩ độ, WGS 84');
export const LONGITUDE = float('deg', { min: -180, max: 180 }, 'longitude, WGS 84', 'kinh độ, WGS 84');

/** Where a sample comes from: every agent may send these; central puts `agent` on every row. */
const COMMON_TAGS = {
  host: tag('host name of the machine', 'tên máy'),
  site: SITE,
  unit: UNIT,
  device: DEVICE,
  agent: AGENT,
};

type Tags = Readonly<Record<string, Text>>;
type Fields = Readonly<Record<string, FieldDefinition>>;
const NO_TAGS = {};

/** A measurement whose names are known to the compiler: what asks for one that is not there does not compile. */
export interface Measurement<
  Name extends string = string,
  OwnTags extends Tags = Tags,
  OwnFields extends Fields = Fields,
> extends MeasurementDefinition {
  readonly name: Name;
  readonly tags: OwnTags;
  readonly fields: OwnFields;
}

interface Draft<Name extends string, OwnTags extends Tags, OwnFields extends Fields> {
  readonly name: Name;
  readonly en: string;
  readonly vi: string;
  readonly tags?: OwnTags;
  readonly required?: readonly string[];
  readonly fields: OwnFields;
}

export function fromAgent<
  Name extends string,
  OwnFields extends Fields,
  OwnTags extends Tags = typeof NO_TAGS,
>(draft: Draft<Name, OwnTags, OwnFields>): Measurement<Name, typeof COMMON_TAGS & OwnTags, OwnFields> {
  return finish(draft, 'agent', { ...COMMON_TAGS, ...tagsOf(draft) });
}

export function fromCentral<
  Name extends string,
  OwnFields extends Fields,
  OwnTags extends Tags = typeof NO_TAGS,
>(draft: Draft<Name, OwnTags, OwnFields>): Measurement<Name, OwnTags, OwnFields> {
  return finish(draft, 'central', tagsOf(draft));
}

/** Of the faults that central raises to see whether they are told. */
export function fromCanary<
  Name extends string,
  OwnFields extends Fields,
  OwnTags extends Tags = typeof NO_TAGS,
>(draft: Draft<Name, OwnTags, OwnFields>): Measurement<Name, OwnTags, OwnFields> {
  return finish(draft, 'canary', tagsOf(draft));
}

/** A draft without tags has the type of none. */
function tagsOf<OwnTags extends Tags>(draft: { readonly tags?: OwnTags }): OwnTags {
  return draft.tags ?? (NO_TAGS as OwnTags);
}

function finish<Name extends string, AllTags extends Tags, OwnFields extends Fields>(
  { name, en, vi, required = [], fields }: Draft<Name, Tags, OwnFields>,
  origin: MeasurementDefinition['origin'],
  tags: AllTags,
): Measurement<Name, AllTags, OwnFields> {
  return { name, meaning: { en, vi }, tags, requiredTags: required, fields, origin };
}
