import { z } from 'zod';
import { MAX_NAME_LENGTH } from '../batch.ts';

/** No measurement of the catalogue begins so, now or later: a declared one never stands in the way of one that is shipped. */
export const CUSTOM_PREFIX = 'custom_';
/** In one profile, or one collector. */
export const MAX_DECLARATIONS_A_FILE = 16;
const MAX_OWN_FIELDS = 32;
const MAX_OWN_TAGS = 8;
/** Beyond it a float cannot tell one whole number from the next. */
const MAX_BOUND = 2 ** 53;

/** On every row of whatever an agent sends. */
export const TAGS_OF_ALL: readonly string[] = ['host', 'site', 'unit', 'device', 'agent'];
/** Columns of the stores. */
const TAKEN = ['time', 'time_ms'];

const EXPECTED_NAME = `expected a-z, digits and single _, such as co2_ppm, at most ${MAX_NAME_LENGTH} characters`;
const name = z
  .string()
  .max(MAX_NAME_LENGTH, EXPECTED_NAME)
  .regex(/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/, EXPECTED_NAME)
  .refine((given) => !TAKEN.includes(given), 'expected another name: the store has a column of this one');

const text = z.string().min(1).max(200);
const meaningSchema = z.union(
  [text, z.strictObject({ en: text, vi: text })],
  'expected a text, or a text each in en and vi',
);

const tagSchema = z.strictObject({
  meaning: meaningSchema.optional(),
  required: z.boolean().default(false).describe('a row without it is refused'),
});

const bound = z.number().min(-MAX_BOUND).max(MAX_BOUND);
const numberSchema = z
  .strictObject({
    type: z.enum(['float', 'int']),
    unit: z
      .string()
      .regex(
        /^[\x21-\x7e]{1,24}$/,
        "expected a unit as UCUM writes it, such as Cel, %, By, {event}/s; '1' for none",
      ),
    min: bound.optional().describe('smaller values are refused'),
    max: bound.optional().describe('larger values are refused'),
    meaning: meaningSchema.optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, {
    path: ['min'],
    message: 'expected a range: min, max or both',
  })
  .refine(({ min = -Infinity, max = Infinity }) => min <= max, {
    path: ['max'],
    message: 'expected a number not below min',
  });
const plainSchema = z.strictObject({
  type: z.enum(['bool', 'string']),
  meaning: meaningSchema.optional(),
});
const fieldSchema = z.discriminatedUnion('type', [numberSchema, plainSchema], {
  error: 'expected type: one of float, int, bool, string',
});

/** What somebody measures that the catalogue lacks; described in docs/device-profiles.md. */
export const declarationSchema = z
  .strictObject({
    measurement: name
      .startsWith(CUSTOM_PREFIX, `expected a name that begins with ${CUSTOM_PREFIX}`)
      .describe('its name, which begins with custom_'),
    meaning: meaningSchema.optional(),
    tags: z
      .record(z.string(), tagSchema)
      .refine((tags) => Object.keys(tags).length <= MAX_OWN_TAGS, `expected at most ${MAX_OWN_TAGS} tags`)
      .default({})
      .describe(`beside ${TAGS_OF_ALL.join(', ')}, which every measurement has`),
    fields: z
      .record(z.string(), fieldSchema)
      .refine((fields) => Object.keys(fields).length > 0, 'expected at least one field')
      .refine(
        (fields) => Object.keys(fields).length <= MAX_OWN_FIELDS,
        `expected at most ${MAX_OWN_FIELDS} fields`,
      ),
  })
  .superRefine(({ tags, fields }, context) => {
    const report = (path: readonly string[], message: string): void => {
      context.issues.push({ code: 'custom', path: [...path], message, input: path.at(-1) });
    };
    for (const [kind, given] of [
      ['tags', tags],
      ['fields', fields],
    ] as const)
      for (const each of Object.keys(given)) {
        const problem = name.safeParse(each).error?.issues[0]?.message;
        if (problem !== undefined) report([kind, each], problem);
      }
    for (const tag of Object.keys(tags))
      if (TAGS_OF_ALL.includes(tag)) report(['tags', tag], 'expected another name: every measurement has it');
    for (const field of Object.keys(fields))
      if (TAGS_OF_ALL.includes(field) || Object.hasOwn(tags, field))
        report(['fields', field], 'expected another name: a tag has it');
  });
export type Declaration = z.output<typeof declarationSchema>;

/** Each name once. */
export const declarationsSchema = z
  .array(declarationSchema)
  .max(MAX_DECLARATIONS_A_FILE)
  .superRefine((declarations, context) => {
    const seen = new Set<string>();
    for (const [at, { measurement }] of declarations.entries()) {
      if (seen.has(measurement))
        context.issues.push({
          code: 'custom',
          path: [at, 'measurement'],
          message: 'expected each name once',
          input: measurement,
        });
      seen.add(measurement);
    }
  });
