import { z } from 'zod';
import type { MeasurementDefinition } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { isName } from './topic.ts';

const pattern = z.string().min(1).max(256);
const tagName = z.string().min(1).max(64);
const tags = z.record(tagName, z.string().min(1).max(256));

const metricSchema = z.strictObject({
  /** As in the birth certificate; `*` stands for any text. */
  name: pattern,
  measurement: z.string(),
  field: z.string(),
  /** The value is multiplied by it. */
  scale: z.number().optional(),
  tags: tags.optional(),
});

/** `sparkplug` in `central.yaml`. */
export const sparkplugConfigSchema = z
  .strictObject({
    /** Central is the primary host application of this id, and publishes its STATE; without it, it only listens. */
    hostId: z.string().refine(isName, 'expected a name without + / # and control characters').optional(),
    reorderTimeoutMs: z.int().min(0).max(60_000).default(2_000),
    /** The first entry that fits group, node and device and has the metric's name decides. */
    devices: z
      .array(
        z.strictObject({
          group: pattern.default('*'),
          node: pattern.default('*'),
          /** Without it: the metrics of the node itself. */
          device: pattern.optional(),
          /** `device` is the id in the inventory. */
          tags: tags.default({}),
          metrics: z.array(metricSchema).max(1_000).default([]),
        }),
      )
      .max(5_000)
      .default([]),
  })
  .superRefine((config, context) => {
    config.devices.forEach((device, at) => {
      device.metrics.forEach((metric, metricAt) => {
        for (const problem of problemsOf(metric, device.tags)) {
          context.addIssue({
            code: 'custom',
            path: ['devices', at, 'metrics', metricAt, ...problem.path],
            ...problem.issue,
          });
        }
      });
    });
  });

export type SparkplugConfig = z.infer<typeof sparkplugConfigSchema>;
export type MappedDevice = SparkplugConfig['devices'][number];
export type MappedMetric = MappedDevice['metrics'][number];

interface Problem {
  readonly path: readonly string[];
  readonly issue: { readonly message: string; readonly input: unknown };
}

function problemsOf(metric: MappedMetric, common: Readonly<Record<string, string>>): Problem[] {
  const definition = CATALOGUE.get(metric.measurement);
  if (definition?.origin !== 'agent') {
    const message = 'expected a measurement of the catalogue that agents send';
    return [{ path: ['measurement'], issue: { message, input: metric.measurement } }];
  }
  const problems: Problem[] = [];
  const field = Object.hasOwn(definition.fields, metric.field) ? definition.fields[metric.field] : undefined;
  if (field === undefined) {
    const message = `expected a field of ${metric.measurement}: ${Object.keys(definition.fields).join(', ')}`;
    problems.push({ path: ['field'], issue: { message, input: metric.field } });
  } else if (metric.scale !== undefined && field.type !== 'float' && field.type !== 'int') {
    const message = `${metric.field} is no number that could be scaled`;
    problems.push({ path: ['scale'], issue: { message, input: metric.scale } });
  }
  return [...problems, ...tagProblems(definition, metric, common)];
}

function tagProblems(
  definition: MeasurementDefinition,
  metric: MappedMetric,
  common: Readonly<Record<string, string>>,
): Problem[] {
  const allTags = { ...common, ...metric.tags };
  const problems: Problem[] = [];
  for (const name of Object.keys(allTags)) {
    if (name !== 'agent' && Object.hasOwn(definition.tags, name)) continue;
    const message = `${definition.name} has no tag ${name}, expected ${Object.keys(definition.tags).join(', ')}`;
    problems.push({ path: ['tags'], issue: { message, input: allTags } });
  }
  for (const name of definition.requiredTags) {
    if (GIVEN_TAGS.has(name) || Object.hasOwn(allTags, name)) continue;
    problems.push({
      path: ['tags'],
      issue: { message: `${definition.name} needs the tag ${name}`, input: allTags },
    });
  }
  return problems;
}

/** Central puts them on every sample. */
const GIVEN_TAGS: ReadonlySet<string> = new Set(['agent', 'device']);
