import { z } from 'zod';
import type { CollectorKind, ListedKind } from '../collectors/collector.ts';
import type { CollectorGuard } from '../collectors/collector-guard.ts';
import { collectorKinds } from '../collectors/index.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';

const MAX_INTERVAL_MS = 86_400_000;

export const collectorCommonSchema = z.object({
  kind: z.string(),
  /** Distinguishes two collectors of one kind. */
  name: z
    .string()
    .regex(/^[a-z0-9-]{1,64}$/, 'expected 1 to 64 letters a-z, digits or -')
    .optional(),
  intervalMs: z.int().min(1_000).max(MAX_INTERVAL_MS).optional(),
  timeoutMs: z.int().min(100).max(MAX_INTERVAL_MS).optional(),
});

/** A configured collector: its kind, its timing, and options validated by its kind. */
export interface CollectorConfig {
  readonly name: string;
  readonly kind: CollectorKind<unknown>;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly options: unknown;
  /** Missing for the agent's own file, which may reach anything. */
  readonly guard?: CollectorGuard;
}

/** Those whose code is loaded, by name. */
export type LoadedKinds = ReadonlyMap<string, CollectorKind<unknown>>;

/** This machine. */
const DEFAULT_COLLECTORS = [{ kind: 'server' }];

/**
 * The kinds that a list of collectors names, as it stands in a configuration; what is wrong with it is for the schema to say.
 * Rejects with a UserError (exit 2) when the code of one cannot be loaded.
 */
export async function loadKinds(collectors: unknown = DEFAULT_COLLECTORS): Promise<LoadedKinds> {
  const named = new Set(Array.isArray(collectors) ? collectors.map(kindOf) : []);
  const kinds = collectorKinds.filter(({ kind }) => named.has(kind));
  return new Map(await Promise.all(kinds.map(async (kind) => [kind.kind, await loadKind(kind)] as const)));
}

async function loadKind({ kind, load }: ListedKind): Promise<CollectorKind<unknown>> {
  try {
    return await load();
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`collector ${kind} cannot be loaded: ${messageOf(error)}`], error);
  }
}

/** Of a configuration that is not checked yet. */
export function collectorsIn(config: unknown): unknown {
  return typeof config === 'object' && config !== null && 'collectors' in config
    ? config.collectors
    : undefined;
}

function kindOf(entry: unknown): unknown {
  return typeof entry === 'object' && entry !== null && 'kind' in entry ? entry.kind : undefined;
}

/** One entry of `collectors`; the options of its kind are validated by the kind's schema, in the same pass. */
const collectorSchema = (kinds: LoadedKinds) =>
  z
    .looseObject({ kind: z.string() })
    .transform((entry, context): CollectorConfig => {
      const kind = kinds.get(entry.kind);
      if (kind === undefined) {
        const known = collectorKinds.map(({ kind: name }) => name).join(', ');
        context.issues.push({
          code: 'custom',
          path: ['kind'],
          message: `expected one of ${known}`,
          input: entry.kind,
        });
        return z.NEVER;
      }
      const { kind: kindName, name, intervalMs, timeoutMs, ...rest } = entry;
      const common = collectorCommonSchema.safeParse(
        { kind: kindName, name, intervalMs, timeoutMs },
        { reportInput: true },
      );
      const options = kind.configSchema.safeParse(rest, { reportInput: true });
      for (const result of [common, options]) {
        if (!result.success) context.issues.push(...(result.error.issues as z.core.$ZodRawIssue[]));
      }
      if (!common.success || !options.success) return z.NEVER;
      return withDefaults(common.data, kind, options.data);
    })
    .superRefine((collector, context) => {
      const report = (path: string, message: string, input: unknown): void => {
        context.issues.push({ code: 'custom', path: [path], message, input });
      };
      const { intervalMs, timeoutMs } = collector;
      if (timeoutMs > intervalMs)
        report('timeoutMs', `expected at most intervalMs (${intervalMs})`, timeoutMs);
      const mostMs = collector.kind.maximumIntervalMs?.(collector.options) ?? MAX_INTERVAL_MS;
      if (intervalMs > mostMs) report('intervalMs', `expected at most ${mostMs} for this kind`, intervalMs);
      const neededMs = collector.kind.minimumIntervalMs?.(collector.options) ?? 0;
      if (timeoutMs < neededMs) {
        report(
          timeoutMs === intervalMs ? 'intervalMs' : 'timeoutMs',
          `expected at least ${neededMs} for what a run has to do`,
          timeoutMs,
        );
      }
    });

/** Name of the agent's own health job. */
export const OWN_NAME = 'agent';

/** Names are unique. `kinds`: at least those that the list names. */
export const collectorListSchema = (kinds: LoadedKinds) =>
  z
    .array(collectorSchema(kinds))
    .max(64)
    .superRefine((collectors, context) => {
      const seen = new Set([OWN_NAME]);
      for (const [index, { name }] of collectors.entries()) {
        if (seen.has(name)) {
          const message = 'expected a name of its own (two of one kind need names)';
          context.issues.push({ code: 'custom', path: [index, 'name'], message, input: name });
        }
        seen.add(name);
      }
    });

/** Default: this machine. */
export const collectorsSchema = (kinds: LoadedKinds) =>
  collectorListSchema(kinds).prefault(DEFAULT_COLLECTORS);

function withDefaults(
  common: z.infer<typeof collectorCommonSchema>,
  kind: CollectorKind<unknown>,
  options: unknown,
): CollectorConfig {
  const intervalMs = common.intervalMs ?? kind.defaultIntervalMs;
  return {
    name: common.name ?? kind.kind,
    kind,
    intervalMs,
    timeoutMs: common.timeoutMs ?? intervalMs,
    options,
  };
}
