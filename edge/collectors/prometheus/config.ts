import { z } from 'zod';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { problemOfField } from './fields.ts';
import { mappingSchema, type Mapping } from './mapping.ts';
import { READY_MAPPINGS } from './mappings/index.ts';

const tagValue = z.string().regex(/^\P{Cc}{1,128}$/u, 'expected 1 to 128 characters');

const url = urlSchema({ protocol: /^https?$/, expected: 'http://… or https://…' });

const targetSchema = z.strictObject({
  url,
  /** A ready mapping, or one of `mappings`. */
  mapping: z.string().min(1),
  /** Pool that the target is, or belongs to. */
  pool: z
    .string()
    .regex(/^\P{Cc}{1,64}$/u, 'expected 1 to 64 characters')
    .optional(),
  /** Tags of the target's samples; they override the agent's. */
  tags: z.record(z.string(), tagValue).default({}),
});
export type TargetConfig = z.infer<typeof targetSchema>;

export const configSchema = z
  .strictObject({
    targets: z.array(targetSchema).min(1, 'expected at least one target').max(512),
    mappings: z.record(z.string().regex(/^[a-z0-9-]{1,64}$/), mappingSchema).default({}),
    /** How long one target may take. */
    deadlineMs: z.int().min(100).max(60_000).default(10_000),
  })
  .superRefine((config, context) => {
    const report = (path: (string | number)[], message: string, input: unknown): void => {
      context.issues.push({ code: 'custom', path, message, input });
    };
    for (const [index, target] of config.targets.entries()) {
      const mapping = findMapping(config.mappings, target.mapping);
      if (mapping === undefined) {
        const known = [...READY_MAPPINGS.keys(), ...Object.keys(config.mappings)].join(', ');
        report(['targets', index, 'mapping'], `expected one of ${known}`, target.mapping);
        continue;
      }
      if (mapping.capacity.length > 0 && target.pool === undefined) {
        report(['targets', index, 'pool'], `is needed with mapping ${target.mapping}`, undefined);
      }
      for (const problem of problemsOfTags(mapping, target)) report(['targets', index], problem, undefined);
    }
  });
export type PrometheusConfig = z.infer<typeof configSchema>;

export function findMapping(own: Readonly<Record<string, Mapping>>, name: string): Mapping | undefined {
  return Object.hasOwn(own, name) ? own[name] : READY_MAPPINGS.get(name);
}

/** Tags that every agent may set. */
const AGENT_TAGS = ['host', 'site', 'unit'];

function problemsOfTags(mapping: Mapping, target: TargetConfig): readonly string[] {
  const tags = Object.keys(target.tags);
  const unknown = tags.find((tag) => CATALOGUE.get('capacity')?.tags[tag] === undefined);
  const fields = mapping.fields.map((field) => problemOfField(field, [...AGENT_TAGS, ...tags]));
  return [
    ...(mapping.capacity.length > 0 && unknown !== undefined ? [`capacity has no tag ${unknown}`] : []),
    ...new Set(fields.filter((problem) => problem !== undefined)),
  ];
}
