import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { fitFields } from '../catalogue-fields.ts';
import { convert } from './convert.ts';
import { MEASUREMENT, type FieldMapping, type MessageMapping, type TimeMapping } from './mapping.ts';
import { follow, parsePointer, type Found, type Pointer } from './pointer.ts';
import { toTimeMs } from './time.ts';

/** A mapping with parsed paths. */
export interface PreparedMapping {
  readonly fields: readonly {
    readonly mapping: FieldMapping;
    readonly path: Pointer;
    readonly unit: Pointer | undefined;
  }[];
  readonly time: { readonly path: Pointer; readonly format: TimeMapping['format'] } | undefined;
}

/** Skips invalid paths: the configuration schema has refused them. */
export function prepare({ fields, time }: Pick<MessageMapping, 'fields' | 'time'>): PreparedMapping {
  const timePath = time && parsePointer(time.path);
  return {
    fields: fields.flatMap((mapping) => {
      const path = parsePointer(mapping.path);
      const unit = mapping.unitPath === undefined ? undefined : parsePointer(mapping.unitPath);
      return path === undefined ? [] : [{ mapping, path, unit }];
    }),
    time: time && timePath && { path: timePath, format: time.format },
  };
}

export interface SensorReading {
  /** The key that `*` matched in a path. */
  readonly sensor: string | undefined;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface MessageReading {
  readonly readings: readonly SensorReading[];
  /** The message's time; undefined: it has none. */
  readonly timeMs: number | undefined;
  readonly problems: readonly string[];
}

/** A message as fields of the catalogue. An invalid value is refused alone, an invalid time refuses the message. Pure. */
export function readMessage(mapping: PreparedMapping, message: unknown, nowMs: number): MessageReading {
  const sent = mapping.time && follow(mapping.time.path, message)[0]?.value;
  const time =
    mapping.time === undefined || isNothing(sent) ? undefined : toTimeMs(sent, mapping.time.format, nowMs);
  if (typeof time === 'string') return { readings: [], timeMs: undefined, problems: [time] };
  const problems: string[] = [];
  const bySensor = new Map<string | undefined, Record<string, FieldValue>>();
  for (const { mapping: field, path, unit } of mapping.fields) {
    const isFahrenheit = unit !== undefined && follow(unit, message)[0]?.value === 'F';
    for (const found of follow(path, message)) {
      if (isNothing(found.value)) continue;
      const values = bySensor.get(found.key) ?? {};
      bySensor.set(found.key, values);
      if (values[field.field] !== undefined) continue;
      const value = readValue(field, found, isFahrenheit);
      if (value === undefined) problems.push(`${field.field} is ${shown(found.value)}`);
      else values[field.field] = value;
    }
  }
  const readings = [...bySensor].flatMap(([sensor, values]): readonly SensorReading[] => {
    const fitted = fitFields(MEASUREMENT, values);
    problems.push(...fitted.problems);
    return Object.keys(fitted.fields).length === 0 ? [] : [{ sensor, fields: fitted.fields }];
  });
  return { readings, timeMs: time, problems };
}

function readValue(mapping: FieldMapping, { value }: Found, isFahrenheit: boolean): FieldValue | undefined {
  const definition = CATALOGUE.get(MEASUREMENT)?.fields[mapping.field];
  const read = definition && convert(value, definition, mapping);
  return isFahrenheit && typeof read === 'number' ? Number((((read - 32) * 5) / 9).toPrecision(6)) : read;
}

/** Values that sensors send for unknown. */
function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '';
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 40);
}
