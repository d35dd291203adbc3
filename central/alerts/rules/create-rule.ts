import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { checkConfig } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { contentHash } from './content-hash.ts';
import type { RuleKind } from './kinds/rule-kind.ts';
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
  const settings = checkConfig(source, { ...rest, kind: kind.kind }, kind.settingsSchema);
  const problems = kind.checkSettings?.(settings, catalogue) ?? [];
  if (problems.length > 0) {
    throw new UserError(
      EXIT.badConfig,
      problems.map((problem) => `${source}: ${problem}`),
    );
  }
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
