import { z } from 'zod';
import { LABEL_PATTERN_EXPECTED, parseLabelPattern } from './label-pattern.ts';

const metricName = z.string().regex(/^[A-Za-z_:][\w:]{0,255}$/, 'expected the name of a metric');
const labelName = z.string().regex(/^[A-Za-z_]\w{0,127}$/, 'expected the name of a label');
const tagValue = z.string().regex(/^\P{Cc}{1,128}$/u, 'expected 1 to 128 characters');

const values = z.union([z.string(), z.array(z.string()).min(1).max(64)]);
/** Label → value, one of several values, or none of them. A missing label is the empty text. */
const where = z.record(labelName, z.union([values, z.strictObject({ not: values })]));

/** Only series that have a partner with the same `on` labels and this value; with `take`, its labels are added. */
const join = z.strictObject({
  metric: metricName,
  where: where.optional(),
  on: z.array(labelName).min(1).max(8),
  value: z.number().default(1),
  take: z.array(labelName).max(8).default([]),
});

const selectionObject = z.strictObject({
  metric: metricName,
  where: where.optional(),
  join: join.optional(),
  /** `rate`: growth of a counter per second. `count`: each series counts 1. */
  as: z.enum(['value', 'rate', 'count']).default('value'),
  /** Series with the same values of these labels count once. */
  distinct: z.array(labelName).min(1).max(8).optional(),
});

/** Series of one metric; a name alone selects all. */
const selection = z.union(
  [metricName.transform((metric) => selectionObject.parse({ metric })), selectionObject],
  {
    error: 'expected the name of a metric, or metric and conditions',
  },
);
export type Selection = z.infer<typeof selectionObject>;

/** (sum − minus) × times ÷ per × scale, each summed over the series of one host first. */
const amountObject = z.strictObject({
  sum: selection,
  minus: selection.optional(),
  times: selection.optional(),
  per: selection.optional(),
  scale: z.number().default(1),
});
const amount = z.union([amountObject, selection.transform((sum) => amountObject.parse({ sum }))], {
  error: 'expected a selection, or sum with minus, times, per, scale',
});
export type Amount = z.infer<typeof amountObject>;

/** How hosts of a pool and their amounts are read from the exporter. */
const capacity = z.strictObject({
  resource: tagValue,
  /** Label that splits the target into pools `<pool>/<label>`; without it, the target is one pool. */
  poolLabel: labelName.optional(),
  /** Label that identifies hosts; without it, the target is one host. */
  hostLabel: labelName.optional(),
  /** `usable` leaves out the largest host (N+1); 0 if a host may fail without loss, such as shared storage. */
  spareHosts: z.literal([0, 1]).default(1),
  physical: amount,
  /** Usable before spare hosts are subtracted; default: `physical`. */
  usable: amount.optional(),
  allocated: amount.optional(),
  used: amount.optional(),
});
export type CapacityMapping = z.infer<typeof capacity>;

/** One metric that becomes a field of the catalogue directly. */
const field = z.strictObject({
  metric: metricName,
  where: where.optional(),
  as: z.enum(['value', 'rate']).default('value'),
  scale: z.number().default(1),
  measurement: z.string().min(1),
  field: z.string().min(1),
  /** Tag → label it is read from. */
  tags: z.record(z.string(), labelName).default({}),
});
export type FieldMapping = z.infer<typeof field>;

export const mappingSchema = z
  .strictObject({
    /** New labels from old ones: the named groups of a pattern. */
    labels: z
      .array(z.strictObject({ from: labelName, pattern: z.string().min(1).max(256) }))
      .max(32)
      .default([]),
    capacity: z.array(capacity).max(32).default([]),
    fields: z.array(field).max(256).default([]),
  })
  .superRefine((mapping, context) => {
    for (const [index, { pattern }] of mapping.labels.entries()) {
      if (parseLabelPattern(pattern) !== undefined) continue;
      const message = LABEL_PATTERN_EXPECTED;
      context.issues.push({ code: 'custom', path: ['labels', index, 'pattern'], message, input: pattern });
    }
    if (mapping.capacity.length + mapping.fields.length > 0) return;
    context.issues.push({ code: 'custom', path: [], message: 'expected capacity or fields', input: mapping });
  });
export type Mapping = z.infer<typeof mappingSchema>;
/** As written in a data file or a configuration, before defaults. */
export type MappingInput = z.input<typeof mappingSchema>;

/** All metrics a mapping reads; others are dropped while parsing. Pure. */
export function wantedMetrics(mapping: Mapping): ReadonlySet<string> {
  const names = selectionsOf(mapping).flatMap(({ metric, join }) => [metric, join?.metric]);
  return new Set(
    [...names, ...mapping.fields.map(({ metric }) => metric)].filter((name) => name !== undefined),
  );
}

/** The metrics that are used as rates. Pure. */
export function counterMetrics(mapping: Mapping): ReadonlySet<string> {
  return new Set(
    [...selectionsOf(mapping), ...mapping.fields]
      .filter(({ as }) => as === 'rate')
      .map(({ metric }) => metric),
  );
}

function selectionsOf(mapping: Mapping): readonly Selection[] {
  return mapping.capacity
    .flatMap(({ physical, usable, allocated, used }) => [physical, usable, allocated, used])
    .flatMap((one) => (one === undefined ? [] : [one.sum, one.minus, one.times, one.per]))
    .filter((one) => one !== undefined);
}
