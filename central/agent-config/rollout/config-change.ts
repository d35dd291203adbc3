import { z } from 'zod';
import { LOG_LEVELS, pushedConfigSchema, type PushedConfig } from '../../../contract/agent-config.ts';

const collectorKey = z.strictObject({
  kind: z.string().min(1).max(64),
  name: z.string().min(1).max(64).optional(),
});

/** Far above what any collector takes; without a bound a few kilobytes of brackets exhaust the stack. */
const MOST_LEVELS = 16;
const TOO_DEEP = `expected at most ${MOST_LEVELS} levels of lists and objects`;

/** What changes in the config that an agent has from central. */
export const configPatchSchema = z.strictObject({
  collectors: z
    .array(z.looseObject(collectorKey.shape).refine((each) => hasAtMost(MOST_LEVELS, each), TOO_DEEP))
    .min(1)
    .max(64)
    .optional()
    .describe(
      'settings of the collector with this kind and name, the others stay as they are; null takes a setting out; one that the config lacks is added',
    ),
  remove: z.array(collectorKey).min(1).max(64).optional().describe('collectors that go'),
  log: z.strictObject({ level: z.enum(LOG_LEVELS) }).optional(),
});
export type ConfigPatch = z.infer<typeof configPatchSchema>;

export const configChangeSchema = z.union([
  z.strictObject({
    config: z
      .record(z.string(), z.unknown())
      .refine((config) => hasAtMost(MOST_LEVELS, config), TOO_DEEP)
      .describe('the whole config: `collectors` and `log` as in edge.yaml'),
  }),
  z.strictObject({ patch: configPatchSchema }),
]);
export type ConfigChange = z.infer<typeof configChangeSchema>;

/** Pure. */
function hasAtMost(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((each) => hasAtMost(levels - 1, each));
}

type Collector = PushedConfig['collectors'][number];

const NO_CONFIG =
  'it runs its own file, which central does not know: a patch needs a config from central; push a whole one';

/** The config that an agent would have; a text: why there is none. What comes out is not checked. Pure. */
export function applyChange(change: ConfigChange, current: PushedConfig | null | undefined): unknown {
  if ('config' in change) return change.config;
  if (current === null || current === undefined) return NO_CONFIG;
  const { collectors = [], remove = [], log } = change.patch;
  const missing = remove.find((key) => !current.collectors.some((each) => isNamed(each, key)));
  if (missing !== undefined) return `it has no collector ${nameOf(missing)} to remove`;
  const kept = current.collectors.filter((each) => !remove.some((key) => isNamed(each, key)));
  const changed = kept.map((each) =>
    collectors.filter((patch) => isNamed(each, patch)).reduce<Collector>(merge, each),
  );
  const added = collectors.filter((patch) => !kept.some((each) => isNamed(each, patch)));
  return {
    ...current,
    collectors: [...changed, ...added.map((patch) => merge({ kind: patch.kind }, patch))],
    ...(log !== undefined && { log }),
  };
}

/** Pure. */
export function samePushedConfig(a: unknown, b: unknown): boolean {
  return JSON.stringify(normal(a)) === JSON.stringify(normal(b));
}

function normal(config: unknown): unknown {
  const parsed = pushedConfigSchema.safeParse(config);
  return sorted(parsed.success ? parsed.data : config);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** Without a name a collector is named after its kind. */
function isNamed(
  { kind, name = kind }: { readonly kind: string; readonly name?: unknown },
  key: { readonly kind: string; readonly name?: string | undefined },
): boolean {
  return kind === key.kind && name === (key.name ?? key.kind);
}

function nameOf({ kind, name }: { readonly kind: string; readonly name?: string | undefined }): string {
  return name === undefined ? kind : `${kind} "${name}"`;
}

/** As JSON Merge Patch (RFC 7396) at the first level: lists and objects of a setting are replaced whole. */
function merge(collector: Collector, patch: Collector): Collector {
  const merged = { ...collector, ...patch };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null)) as Collector;
}
