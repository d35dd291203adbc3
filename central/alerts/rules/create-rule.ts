import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { checkConfig } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { contentHash } from './content-hash.ts';
import type { RuleKind } from './kinds/rule-kind.ts';
import type { RuleSettings } from './rule-settings.ts';
import type { AlertRule, RuleOrigin } from './rule.ts';

export interface RuleSource {
  readonly id: string;
  /** Names the file in problems. */
  readonly source: string;
  readonly origin?: RuleOrigin;
  /** As read from YAML. */
  readonly content: unknown;
}

/** Throws one UserError (exit 2) with every problem of the file, as `source: path: what was expected, got value`. */
export function createRule(
  { id, source, origin = 'own', content }: RuleSource,
  catalogue: Catalogue,
  kinds: readonly RuleKind[],
): AlertRule {
  const { kind: named, ...rest } = checkConfig(source, content, kindSchema(kinds));
  const { kind, name } = named;
  const settings = checkedSettings({ source, content: { ...rest, kind: kind.kind } }, kind, catalogue);
  const evaluator = kind.createEvaluator(settings, catalogue);
  return {
    id,
    settings,
    evaluator,
    source,
    origin,
    content,
    hash: contentHash(content),
    ...(name !== kind.kind && { formerKind: name }),
  };
}

/** Both checks, with the problems of both at once: what the catalogue lacks is told beside a setting that nobody knows. */
function checkedSettings<Settings extends RuleSettings>(
  { source, content }: Pick<RuleSource, 'source' | 'content'>,
  kind: RuleKind<Settings>,
  catalogue: Catalogue,
): Settings {
  const inCatalogue = (settings: Settings): readonly string[] =>
    (kind.checkSettings?.(settings, catalogue) ?? []).map((problem) => `${source}: ${problem}`);
  const known = kind.settingsSchema.safeParse(withoutUnknown(kind.settingsSchema, content));
  const problems = known.success ? inCatalogue(known.data) : [];
  try {
    const settings = checkConfig(source, content, kind.settingsSchema);
    if (problems.length === 0) return settings;
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(EXIT.badConfig, [...error.problems, ...problems], error);
  }
  throw new UserError(EXIT.badConfig, problems);
}

/** The content without the settings that the schema does not know. */
function withoutUnknown(schema: z.ZodType, content: unknown): unknown {
  const { error } = schema.safeParse(content);
  const unknown = (error?.issues ?? []).flatMap((issue) =>
    issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [],
  );
  if (unknown.length === 0) return content;
  const copy: unknown = structuredClone(content);
  for (const path of unknown) {
    const parent = path
      .slice(0, -1)
      .reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown>)[key], copy);
    Reflect.deleteProperty(parent as object, path.at(-1) ?? '');
  }
  return copy;
}

interface NamedKind {
  readonly kind: RuleKind;
  /** As the file has it: the kind's name, or a former one. */
  readonly name: string;
}

/** Finds the kind and leaves all other settings to its own schema. */
function kindSchema(kinds: readonly RuleKind[]) {
  const message = `expected one of ${kinds.map(({ kind }) => kind).join(', ')}`;
  return z.looseObject({
    kind: z.string(message).transform((name, context): NamedKind => {
      const found = kinds.find(({ kind, aliases = [] }) => kind === name || aliases.includes(name));
      if (found !== undefined) return { kind: found, name };
      context.issues.push({ code: 'custom', message, input: name });
      return z.NEVER;
    }),
  });
}
