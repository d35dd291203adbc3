import { z } from 'zod';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { isTimeZone } from '../../runtime/time-zone.ts';

const name = z.string().min(1).max(200);
const id = z.string().min(1).max(64);
const TIME_LETTERS = /yyyy|MM|dd|HH|mm|ss/g;

/** What stands in place of a text of the file; null: the row has no such sample. */
const values = z.record(z.string().max(200), z.string().min(1).max(200).nullable());

const tagSchema = z.union(
  [
    z.string().min(1).max(200),
    z.strictObject({ column: name, values: values.optional() }),
    z.strictObject({ each: z.literal('name') }),
  ],
  'expected a text, { column: NAME } or { each: name }',
);

const number = {
  /** The value of the catalogue is that of the file times `factor` plus `offset`. */
  factor: z.number().optional(),
  offset: z.number().optional(),
  /** Texts that stand for "not measured", besides the empty one. */
  missing: z.array(z.string().max(200)).max(32).default([]),
  values: values.optional(),
};
const fieldSchema = z.union(
  [z.strictObject({ column: name, ...number }), z.strictObject({ each: z.literal('value'), ...number })],
  'expected { column: NAME, … } or { each: value, … }',
);

/** How a CSV file becomes samples. */
export const mappingSchema = z.strictObject({
  /** Who sends them; of an agent that the inventory has, central takes only what is its own. */
  agent: z.string().regex(AGENT_ID_PATTERN, AGENT_ID_EXPECTED),
  site: id.optional(),
  unit: id.optional(),
  separator: z.enum([',', ';', '\t']).default(','),
  time: z.strictObject({
    column: name,
    /** `unix-s`, `unix-ms`, `iso` (RFC 3339), `minutes` or `seconds` since `start`, or a pattern of yyyy MM dd HH mm ss. */
    format: z
      .string()
      .max(64)
      .refine(
        (format) => WORDS.includes(format) || hasDay(format),
        `expected ${['unix-s', 'unix-ms', 'iso', 'minutes', 'seconds'].join(', ')} or a pattern such as yyyy-MM-dd HH:mm:ss`,
      ),
    /** Of times by pattern, and of `start`. */
    zone: z
      .string()
      .refine(isTimeZone, 'expected a time zone such as UTC or Asia/Ho_Chi_Minh')
      .default('UTC'),
    start: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/, 'expected a time such as 2011-03-03 00:00')
      .optional(),
  }),
  samples: z
    .array(
      z.strictObject({
        measurement: name,
        /** One sample for each column whose name begins so: `vm*`. */
        eachColumn: z
          .string()
          .regex(/^[^*]{1,200}\*$/, 'expected the begin of names and a *, such as vm*')
          .optional(),
        tags: z.record(name, tagSchema).default({}),
        fields: z.record(name, fieldSchema),
      }),
    )
    .min(1)
    .max(32),
});

export type Mapping = z.infer<typeof mappingSchema>;
export type SampleMapping = Mapping['samples'][number];
export type TagSource = z.infer<typeof tagSchema>;
export type FieldSource = z.infer<typeof fieldSchema>;

const WORDS = ['unix-s', 'unix-ms', 'iso', 'minutes', 'seconds'];

function hasDay(format: string): boolean {
  const letters: readonly string[] = format.match(TIME_LETTERS) ?? [];
  return (
    ['yyyy', 'MM', 'dd'].every((each) => letters.includes(each)) && new Set(letters).size === letters.length
  );
}
