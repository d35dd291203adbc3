import { describe, expect, it } from 'vitest';
import type { FieldDefinition } from '../catalogue.ts';
import { MAX_FIELDS, MAX_NAME_LENGTH, MAX_TAGS } from '../batch.ts';
import { CATALOGUE } from './index.ts';

/** Their field names are Telegraf's, which have no units in them. */
const TELEGRAF = new Set(
  `cpu mem swap system disk diskio net processes kernel pressure systemd_units chrony smart_device smart_attribute temp
   linux_sysctl_fs conntrack mdstat sensors ping internet_speed http_response dns_query x509_cert ipmi_sensor upsd`.split(
    /\s+/,
  ),
);

const all = [...CATALOGUE.values()];
const fields = all.flatMap((measurement) =>
  Object.entries(measurement.fields).map(([name, field]) => ({ measurement, name, field })),
);
const ownFields = fields.filter(({ measurement }) => !TELEGRAF.has(measurement.name));
const where = ({ measurement, name }: (typeof fields)[number]): string => `${measurement.name}.${name}`;

/** A part of a name that tells the unit. */
const UNITS: Readonly<Record<string, string>> = {
  dbm: 'dBm',
  db: 'dB',
  ms: 'ms',
  s: 's',
  pct: '%',
  percent: '%',
  bps: 'bit/s',
  mbps: 'Mbit/s',
  pps: '{packet}/s',
  bytes: 'By',
  celsius: 'Cel',
  days: 'd',
  minutes: 'min',
  mhz: 'MHz',
  hz: 'Hz',
  rpm: '1/min',
  w: 'W',
  v: 'V',
  a: 'A',
  m: 'm',
  kwh: 'kW.h',
  ma: 'mA',
};
/** Names of the glossary. */
const UNIT_NOT_IN_NAME = new Set([
  'alert_event.measured_at',
  'alert_event.raised_at',
  'alert_event.acked_at',
  'alert_event.cleared_at',
  'incident.ended_at',
  'incident_active.began_at',
  'maintenance.ended_at',
]);

function unitInName(name: string): string | undefined {
  const perUnit = /_per_([a-z]+)$/.exec(name);
  if (perUnit !== null) return undefined;
  return name
    .split('_')
    .map((part) => UNITS[part])
    .findLast((unit) => unit !== undefined);
}

function isWithin(inner: { min?: number; max?: number }, outer: FieldDefinition): boolean {
  return (
    (inner.min ?? -Infinity) >= (outer.min ?? -Infinity) && (inner.max ?? Infinity) <= (outer.max ?? Infinity)
  );
}

describe('the catalogue', () => {
  it('holds what the design asks for', () => {
    const wanted =
      `cpu mem swap system disk diskio net pressure processes kernel ping x509_cert http_response dns_query
      chrony systemd_units smart_device temp ipmi_sensor upsd device interface cellular path internet_speed service power
      environment capacity capacity_forecast coverage agent pipeline ingest_batch alert_event unit_state unit_traffic
      pool_state city_state site_state link_state alert_active incident
      incident_active maintenance`.split(/\s+/);
    expect(wanted.filter((name) => !CATALOGUE.has(name))).toEqual([]);
  });

  it('names each measurement once', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect([...CATALOGUE].filter(([key, { name }]) => key !== name)).toEqual([]);
  });

  it('has names that fit a batch, in lower snake_case', () => {
    const names = all.flatMap(({ name, tags, fields: own }) => [
      name,
      ...Object.keys(tags),
      ...Object.keys(own),
    ]);
    const bad = names.filter(
      (name) => !/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name) || name.length > MAX_NAME_LENGTH,
    );
    expect(bad).toEqual([]);
  });

  it('has measurements small enough for a batch', () => {
    const large = all.filter(({ fields: own }) => Object.keys(own).length > MAX_FIELDS);
    const required = all.filter(({ requiredTags }) => requiredTags.length > MAX_TAGS);
    expect([...large, ...required].map(({ name }) => name)).toEqual([]);
    expect(all.filter(({ fields: own }) => Object.keys(own).length === 0)).toEqual([]);
  });

  it('has no name that is a tag and a field at once, which InfluxDB cannot tell apart', () => {
    const both = all.flatMap(({ name, tags, fields: own }) =>
      Object.keys(tags).flatMap((tag) => (Object.hasOwn(own, tag) ? [`${name}.${tag}`] : [])),
    );
    expect(both).toEqual([]);
  });

  it('requires only tags that it allows', () => {
    const odd = all.filter(({ tags, requiredTags }) => requiredTags.some((tag) => tags[tag] === undefined));
    expect(odd.map(({ name }) => name)).toEqual([]);
  });

  it('allows the tag agent on everything that agents send', () => {
    expect(all.filter(({ origin, tags }) => origin === 'agent' && tags['agent'] === undefined)).toEqual([]);
  });

  it('has no tags for subscribers, addresses or cells', () => {
    const tags = all.flatMap(({ tags: own }) => Object.keys(own));
    expect(tags.filter((tag) => /imei|imsi|iccid|msisdn|phone|address$|cell_id/.test(tag))).toEqual([]);
  });

  it('has all texts in both languages', () => {
    const texts = all.flatMap(({ name, meaning, tags, fields: own }) => [
      { at: name, ...meaning },
      ...Object.entries(tags).map(([tag, text]) => ({ at: `${name}, tag ${tag}`, ...text })),
      ...Object.entries(own).map(([field, { meaning: text }]) => ({ at: `${name}.${field}`, ...text })),
    ]);
    expect(texts.filter(({ en, vi }) => en.trim() === '' || vi.trim() === '').map(({ at }) => at)).toEqual(
      [],
    );
    const vietnamese = /[ăâđêôơưàáạảãằắặẳẵầấậẩẫèéẹẻẽềếệểễìíịỉĩòóọỏõồốộổỗờớợởỡùúụủũừứựửữỳýỵỷỹ]/i;
    const untold = texts.filter(({ en, vi }) => en === vi || !vietnamese.test(vi));
    expect(untold.map(({ at }) => at)).toEqual([]);
    expect(texts.filter(({ vi }) => vi !== vi.normalize('NFC')).map(({ at }) => at)).toEqual([]);
  });

  it('has no empty ranges', () => {
    const empty = fields.filter(({ field: { min = -Infinity, max = Infinity } }) => min > max);
    expect(empty.map(where)).toEqual([]);
    const ranged = fields.filter(({ field }) => field.min !== undefined || field.max !== undefined);
    expect(ranged.filter(({ field: { type } }) => type === 'bool' || type === 'string').map(where)).toEqual(
      [],
    );
  });

  it('narrows ranges only within the whole, by tags that exist', () => {
    const narrowed = fields.flatMap((entry) => {
      const { rangeByTag } = entry.field;
      return rangeByTag === undefined ? [] : [{ ...entry, rangeByTag }];
    });
    expect(narrowed.map(where)).toContain('cellular.rsrp_dbm');
    const wrong = narrowed.filter(
      ({ measurement, field, rangeByTag: { tag, ranges } }) =>
        measurement.tags[tag] === undefined ||
        !Object.values(ranges).every((range) => isWithin(range, field)),
    );
    expect(wrong.map(where)).toEqual([]);
  });

  it('gives units to numbers only, and a unit to every float', () => {
    const odd = fields.filter(({ field: { type, unit } }) =>
      type === 'float' ? unit === '' : type !== 'int' && unit !== '',
    );
    expect(odd.map(where)).toEqual([]);
  });

  it('writes units as UCUM does, with dBm as the one exception', () => {
    const atoms =
      '(By|[kM]?bit|[munk]?s|min|h|d|%|1|Cel|deg|d[B]m?|MHz|Hz|[k]?W|V|m?A|m|kW\\.h|\\[ppm\\]|\\{[a-z]+\\})';
    const ucum = new RegExp(`^${atoms}(/${atoms})?$`);
    const bad = fields.filter(({ field: { unit } }) => unit !== '' && !ucum.test(unit));
    expect(bad.map((entry) => `${where(entry)}: ${entry.field.unit}`)).toEqual([]);
  });

  it('has units in our own names that are the true ones', () => {
    const wrong = ownFields.filter(({ name, field }) => {
      const unit = unitInName(name);
      return unit !== undefined && field.type !== 'bool' && field.type !== 'string' && unit !== field.unit;
    });
    expect(wrong.map((entry) => `${where(entry)}: ${entry.field.unit}`)).toEqual([]);
  });

  it('has the unit in our own names wherever there is one', () => {
    const withUnit = new Set(Object.values(UNITS));
    const missing = ownFields.filter(
      (entry) =>
        withUnit.has(entry.field.unit) &&
        unitInName(entry.name) === undefined &&
        !UNIT_NOT_IN_NAME.has(where(entry)),
    );
    expect(missing.map((entry) => `${where(entry)}: ${entry.field.unit}`)).toEqual([]);
    const rates = ownFields.filter(({ name, field }) => /_per_s$/.test(name) !== field.unit.endsWith('/s'));
    const known = new Set([
      'in_bps',
      'out_bps',
      'in_pps',
      'out_pps',
      'capacity_bps',
      'speed_mbps',
      'rx_rate_mbps',
      'tx_rate_mbps',
    ]);
    expect(rates.filter(({ name }) => !known.has(name)).map(where)).toEqual([]);
  });

  it('keeps percentages as percent, never as a ratio', () => {
    const percentages = fields.filter(({ field: { unit } }) => unit === '%');
    expect(percentages.filter(({ field: { max } }) => max === 1).map(where)).toEqual([]);
  });

  it('names OpenTelemetry metrics as they are written', () => {
    const names = fields.flatMap(({ field: { openTelemetry } }) => openTelemetry ?? []);
    expect(names.length).toBeGreaterThan(40);
    expect(names.filter((name) => !/^[a-z]+(\.[a-z_]+)+$/.test(name))).toEqual([]);
  });
});
