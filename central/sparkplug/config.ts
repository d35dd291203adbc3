import { z } from 'zod';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { isName } from '../../contract/sparkplug/topic.ts';

const pattern = z.string().min(1).max(256);
const tags = z.record(z.string().min(1).max(64), z.string().min(1).max(256));

/** Each level has its own check, so that a mistake in one entry does not hide another. */
const metricSchema = z
  .strictObject({
    /** As in the birth certificate; `*` stands for any text. */
    name: pattern,
    measurement: z.string(),
    field: z.string(),
    /** The value is multiplied by it. */
    scale: z.number().optional(),
    tags: tags.optional(),
  })
  .superRefine(({ measurement, field, scale }, context) => {
    const definition = CATALOGUE.get(measurement);
    if (definition?.origin !== 'agent') {
      const message = 'expected a measurement of the catalogue that agents send';
      context.addIssue({ code: 'custom', path: ['measurement'], message, input: measurement });
      return;
    }
    const known = Object.hasOwn(definition.fields, field) ? definition.fields[field] : undefined;
    if (known === undefined) {
      const message = `expected a field of ${measurement}: ${Object.keys(definition.fields).join(', ')}`;
      context.addIssue({ code: 'custom', path: ['field'], message, input: field });
    } else if (scale !== undefined && known.type !== 'float' && known.type !== 'int') {
      const message = `${field} is not a number, so it cannot be scaled`;
      context.addIssue({ code: 'custom', path: ['scale'], message, input: scale });
    }
  });

const deviceSchema = z
  .strictObject({
    group: pattern.default('*'),
    node: pattern.default('*'),
    /** Without it: the metrics of the node itself. */
    device: pattern.optional(),
    /** `device` is the id in the inventory. */
    tags: tags.default({}),
    metrics: z.array(metricSchema).max(1_000).default([]),
  })
  .superRefine((device, context) => {
    device.metrics.forEach((metric, at) => {
      const all = { ...device.tags, ...metric.tags };
      for (const message of tagProblems(metric.measurement, all)) {
        context.addIssue({ code: 'custom', path: ['metrics', at, 'tags'], message, input: all });
      }
    });
  });

/** `sparkplug` in `central.yaml`. */
export const sparkplugConfigSchema = z.strictObject({
  /** Central is the primary host application with this id and publishes its STATE; without it, central only subscribes. */
  hostId: z.string().refine(isName, 'expected a name without + / # and control characters').optional(),
  reorderTimeoutMs: z.int().min(0).max(60_000).default(2_000),
  /** The first entry that matches group, node, device and the metric's name applies. */
  devices: z.array(deviceSchema).max(5_000).default([]),
});

export type SparkplugConfig = z.infer<typeof sparkplugConfigSchema>;
export type MappedDevice = SparkplugConfig['devices'][number];

/** Central sets them on every sample. */
const GIVEN_TAGS: ReadonlySet<string> = new Set(['agent', 'device']);

function tagProblems(measurement: string, given: Readonly<Record<string, string>>): string[] {
  const definition = CATALOGUE.get(measurement);
  if (definition === undefined) return [];
  const expected = Object.keys(definition.tags).join(', ');
  const unknown = Object.keys(given).filter(
    (name) => name === 'agent' || !Object.hasOwn(definition.tags, name),
  );
  const missing = definition.requiredTags.filter(
    (name) => !GIVEN_TAGS.has(name) && !Object.hasOwn(given, name),
  );
  return [
    ...unknown.map((name) => `${measurement} has no tag ${name}, expected ${expected}`),
    ...missing.map((name) => `${measurement} needs the tag ${name}`),
  ];
}
