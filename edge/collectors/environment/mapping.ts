import { z } from 'zod';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import type { Conversion } from './convert.ts';
import { ANY_KEY, parsePointer } from './pointer.ts';
import { parseTemplate } from './topic-template.ts';

export const MEASUREMENT = 'environment';
export const FIELDS = Object.keys(CATALOGUE.get(MEASUREMENT)?.fields ?? {});

/** Maps a value in a message to a field. */
export interface FieldMapping extends Conversion {
  readonly field: string;
  readonly path: string;
  /** Where the message has `C` or `F`; Fahrenheit is converted to Celsius. */
  readonly unitPath?: string | undefined;
}

export type TimeFormat = 'iso' | 's' | 'ms' | 'iso-or-ms';

export interface TimeMapping {
  readonly path: string;
  /** `iso` with its zone, or seconds or milliseconds since 1970; `iso-or-ms`: a text or a number. */
  readonly format: TimeFormat;
}

/** Maps the messages of one topic. */
export interface MessageMapping {
  readonly topic: string;
  /** Of several for the same field the first present one counts. */
  readonly fields: readonly FieldMapping[];
  /** Default: the time of arrival. */
  readonly time?: TimeMapping | undefined;
  /** The sender repeats from its memory what sensors told long ago: what is older than `silentAfterMs` is left out. */
  readonly repeatsOldNews?: true;
}

const pathSchema = z
  .string()
  .max(256)
  .refine(
    (text) => parsePointer(text) !== undefined,
    'expected a JSON pointer such as /temperature, with at most one *',
  );

export const conversionShape = {
  values: z.record(z.string().min(1).max(40), z.union([z.boolean(), z.number()])).optional(),
  invert: z.boolean().optional(),
  scale: z.number().optional(),
  offset: z.number().optional(),
};

export const fieldNameSchema = z
  .string()
  .refine((name) => FIELDS.includes(name), `expected one of ${FIELDS.join(', ')}`);

export const topicTemplateSchema = z
  .string()
  .max(256)
  .refine(
    (text) => parseTemplate(text) !== undefined,
    'expected a topic such as sensors/{device}/state, with {device}, {sensor}, {location} or + for a level',
  );

export const fieldsSchema = z
  .record(
    fieldNameSchema,
    z.strictObject({ path: pathSchema, unitPath: pathSchema.optional(), ...conversionShape }),
  )
  .refine((fields) => Object.keys(fields).length > 0, 'expected at least one field');

export const timeSchema = z.strictObject({
  path: pathSchema,
  format: z.enum(['iso', 's', 'ms']).default('iso'),
});

/** Whether a `*` in its paths names the sensor. */
export function namesSensor({ fields }: Pick<MessageMapping, 'fields'>): boolean {
  return fields.some(({ path }) => path.split('/').includes(ANY_KEY));
}
