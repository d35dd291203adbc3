import { z } from 'zod';
import { declarationsSchema } from '../../../../contract/custom/declaration.ts';
import { DEVICE_KINDS } from '../../../../contract/inventory.ts';
import { byShape, hasKey, isList, isObject, isText } from './by-shape.ts';

const OID = /^\.?[012](\.\d{1,10}){2,63}$/;
/** RFC 2578, 3.5. */
const MAX_ARC = 2 ** 32 - 1;
const EXPECTED_OID = 'expected an OID in numbers, such as 1.3.6.1.4.1.9.9.109.1.1.1.1.7';
/** 64 is more than any maker's table needs, and bounds what one device is asked for. */
const MAX_LIST = 64;

const text = z.string().min(1).max(128);
/** Some write a dot in front. */
const instance = z
  .string()
  .regex(OID, EXPECTED_OID)
  .refine((oid) => !oid.split('.').some((arc) => Number(arc) > MAX_ARC), `expected arcs up to ${MAX_ARC}`)
  .transform((oid) => oid.replace(/^\./, ''));
/** A column, or a scalar: with its `.0` or without. */
const object = instance.transform((oid) => oid.replace(/\.0$/, ''));
const number = z.number().min(-1e15).max(1e15);
const code = z.union([number, text]);
const oneOrMore = <T extends z.ZodType>(one: T) =>
  byShape<readonly z.output<T>[]>(
    [
      [isList, z.array(one).min(1).max(MAX_LIST)],
      [isText, one.transform((each) => [each])],
    ],
    'a text, or a list of texts',
  );

const matchSchema = z
  .strictObject({
    sysObjectId: oneOrMore(instance).optional().describe('sysObjectID is one of these or below'),
    sysDescr: oneOrMore(text)
      .optional()
      .describe('patterns of the whole sysDescr: * is any text, ? one character'),
    probe: z
      .strictObject({
        oid: instance.describe('an object with its index, such as .0 of a scalar'),
        is: oneOrMore(text).optional().describe('patterns of its whole text'),
      })
      .optional()
      .describe('the device has this object'),
  })
  .refine((match) => Object.keys(match).length > 0, 'expected at least one of sysObjectId, sysDescr, probe');

/** A text of the device, or a part of it. */
const textSourceSchema = z.strictObject({
  from: z.union([z.literal('sysDescr'), object]).describe('sysDescr, or an OID'),
  after: oneOrMore(text).optional().describe('what stands before it; of several, the first that is there'),
  until: oneOrMore(text).optional().describe('what it ends before; of several, whichever comes first'),
});
const textSources = byShape<readonly z.output<typeof textSourceSchema>[]>(
  [
    [isList, z.array(textSourceSchema).min(1).max(8)],
    [isObject, textSourceSchema.transform((one) => [one])],
  ],
  'from, after, until, or a list of such',
);

/** How a value is read, whatever it is for. */
const value = {
  oid: object,
  absent: z.array(number).max(MAX_LIST).default([]).describe('numbers that mean: not available'),
  min: number.optional().describe('smaller numbers mean: not available'),
  max: number.optional().describe('larger numbers mean: not available'),
  inText: z.boolean().default(false).describe('a text with the number in it, such as 42 C'),
  scale: number
    .refine((scale) => scale !== 0, 'expected a number other than 0')
    .default(1)
    .describe('number × scale + offset is in unit'),
  offset: number.default(0),
  unit: z.string().max(16).optional().describe("UCUM; without it, the field's own unit"),
  good: z.array(code).min(1).max(MAX_LIST).optional().describe('of a flag: true for these, else false'),
  values: z
    .record(z.string(), z.union([z.boolean(), number, text]))
    .optional()
    .describe('what each number or text stands for; any other means: not available'),
};

const isRange = ({
  min,
  max,
}: {
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}): boolean => min === undefined || max === undefined || min <= max;
const EXPECTED_RANGE = { path: ['max'], message: 'expected a number not below min' };

const valueSchema = z
  .strictObject({
    ...value,
    rate: z.boolean().default(false).describe('of a counter: its growth per second'),
  })
  .refine(isRange, EXPECTED_RANGE);
export type ValueSource = z.output<typeof valueSchema>;

const valueOrOid = byShape<ValueSource>(
  [
    [isText, object.transform((oid) => valueSchema.parse({ oid }))],
    [isObject, valueSchema],
  ],
  'an OID, or oid with how it is read',
);
const valueSources = byShape<readonly ValueSource[]>(
  [
    [isList, z.array(valueOrOid).min(1).max(8)],
    [() => true, valueOrOid.transform((one) => [one])],
  ],
  'an OID, oid with how it is read, or a list of such',
);
const fields = z
  .record(z.string(), valueSources)
  .refine((found) => Object.keys(found).length > 0, 'expected at least one field');

const row = z
  .string()
  .regex(/^\d+(\.\d+)*$/, "expected an index, such as '1'")
  .optional()
  .describe('only the row with this index, and those below it');

/** Of all rows together; the number of rows is not known. */
const figureSchema = z
  .strictObject({
    ...value,
    row,
    take: z.enum(['max', 'mean', 'sum']).default('max').describe('of the numbers of several rows'),
  })
  .refine(isRange, EXPECTED_RANGE);
const shareSchema = z
  .strictObject({
    used: oneOrMore(object).optional(),
    free: oneOrMore(object).optional(),
    total: oneOrMore(object).optional(),
    inText: value.inText,
    row,
  })
  .refine(
    ({ used, free, total }) => [used, free, total].filter((each) => each !== undefined).length === 2,
    'expected two of used, free, total',
  );
export type FigureSource = z.output<typeof figureSchema>;
export type ShareSource = z.output<typeof shareSchema>;
export type DeviceSource = FigureSource | ShareSource;

const deviceSource = byShape<DeviceSource>(
  [
    [isText, object.transform((oid) => figureSchema.parse({ oid }))],
    [hasKey('used', 'free', 'total'), shareSchema],
    [isObject, figureSchema],
  ],
  'an OID, oid with how it is read, or two of used, free and total',
);
const deviceSources = byShape<readonly DeviceSource[]>(
  [
    [isList, z.array(deviceSource).min(1).max(16)],
    [() => true, deviceSource.transform((one) => [one])],
  ],
  'an OID, oid with how it is read, two of used, free and total, or a list of such',
);

const rowTagSchema = z.strictObject({
  oid: object.optional().describe('its text, in the same row; without it, the index of the row'),
  arcs: z
    .int()
    .min(-16)
    .max(16)
    .refine((arcs) => arcs !== 0, 'expected a number of arcs, negative for the last ones')
    .optional()
    .describe("only so many arcs of the row's index, the last ones if negative"),
  prefix: z.string().max(64).default(''),
  absent: z.array(code).max(MAX_LIST).default([]).describe('rows with these are left out'),
  values: z
    .record(z.string(), text)
    .optional()
    .describe('what each stands for; * is any text, ? one character; rows with others are left out'),
});
export type RowTag = z.output<typeof rowTagSchema>;

const measurementSchema = z.strictObject({
  measurement: z.string().describe('of the catalogue, or one that custom declares'),
  every: z.enum(['run', '5m']).default('run'),
  tags: z
    .record(
      z.string(),
      byShape<string | RowTag>(
        [
          [isText, text],
          [isObject, rowTagSchema],
        ],
        'a text, or where each row has it',
      ),
    )
    .default({}),
  only: z
    .strictObject({ oid: object, is: z.array(number).min(1).max(MAX_LIST) })
    .optional()
    .describe('only rows with one of these numbers in another column'),
  row,
  count: object
    .optional()
    .describe('a scalar with the number of rows; rows with a larger index do not exist'),
  fields,
});
export type RowSource = z.output<typeof measurementSchema>;

const portsSchema = z.strictObject({
  index: z.enum(['ifIndex', 'entPhysicalIndex']).describe("what the row's index is"),
  fields,
});
export type PortTable = z.output<typeof portsSchema>;

const name = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected 1 to 64 letters a-z, digits or -');

/** A device profile, described in docs/device-profiles.md. */
export const profileSchema = z.strictObject({
  profile: name.describe('its name; one of the same name replaces a shipped one'),
  source: oneOrMore(z.string().min(1).max(400)).optional().describe('where the OIDs were found'),
  vendor: text,
  kind: z.enum(DEVICE_KINDS).optional().describe('what wardwatch edge discover proposes'),
  extends: name.optional().describe('a profile whose sources follow those of this one'),
  match: z.array(matchSchema).min(1).max(16).describe('it is for devices that one of these fits'),
  custom: declarationsSchema
    .default([])
    .describe('measurements that the catalogue lacks; central must know them, too'),
  model: textSources.optional(),
  software: textSources.optional(),
  device: z.record(z.string(), deviceSources).default({}).describe('fields of the measurement device'),
  measurements: z.array(measurementSchema).max(MAX_LIST).default([]),
  ports: z
    .array(portsSchema)
    .max(8)
    .default([])
    .describe('fields of the measurement interface, every five minutes'),
  entitySensors: object.optional().describe('a table like entPhySensorTable at another OID'),
  precedesStandard: z.boolean().optional().describe('its power values take precedence over those of UPS-MIB'),
});
export type Profile = z.output<typeof profileSchema>;
export type ProfileInput = z.input<typeof profileSchema>;
export type Match = z.output<typeof matchSchema>;
export type TextSource = z.output<typeof textSourceSchema>;
