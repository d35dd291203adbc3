import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { loadConfig } from '../../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../../runtime/errors.ts';
import { fileStanding } from '../../../runtime/file-standing.ts';
import { createRule } from './create-rule.ts';
import { ruleKinds } from './kinds/index.ts';
import type { RuleKind } from './kinds/rule-kind.ts';
import type { AlertRule, RuleOrigin } from './rule.ts';

/** The default set. The build copies it beside the bundle, so the relative path is the same there. */
export const SHIPPED_RULES_DIRECTORY = fileURLToPath(new URL('./shipped/', import.meta.url));

const MAX_RULES = 1_000;
export const RULE_ID = /^[a-z][a-z0-9_]{0,63}$/;

/**
 * Reads every `<id>.yaml` of a directory, in the order of the ids. Throws one UserError (exit 2) that lists every
 * problem of every file as `file: path: what was expected, got value`.
 */
export function loadRules(
  directory: string,
  catalogue: Catalogue,
  kinds: readonly RuleKind[] = ruleKinds,
): readonly AlertRule[] {
  const origin = directory === SHIPPED_RULES_DIRECTORY ? 'shipped' : 'own';
  const rules: AlertRule[] = [];
  const problems: string[] = [];
  for (const name of listFiles(directory)) {
    try {
      rules.push(loadRule(join(directory, name), origin, catalogue, kinds));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return rules;
}

/** Own rules beside the shipped ones; the same id replaces a shipped rule. */
export function overrideRules(
  shipped: readonly AlertRule[],
  own: readonly AlertRule[],
): readonly AlertRule[] {
  const rules = new Map(shipped.map((rule) => [rule.id, rule]));
  for (const rule of own) rules.set(rule.id, { ...rule, origin: rules.has(rule.id) ? 'replacement' : 'own' });
  return [...rules.values()];
}

/** A text that differs once a rule file of the directory was written, added or removed. */
export function rulesStanding(directory: string): string {
  try {
    const files = listFiles(directory);
    return files.map((name) => `${name} ${fileStanding(join(directory, name))}`).join('\n');
  } catch (error) {
    return messageOf(error);
  }
}

function listFiles(directory: string): string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /\.ya?ml$/.test(name));
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${directory}: cannot be read: ${messageOf(error)}`], error);
  }
  if (names.length > MAX_RULES) {
    throw new UserError(EXIT.badConfig, [`${directory}: at most ${MAX_RULES} rules, got ${names.length}`]);
  }
  return names.sort();
}

function loadRule(
  file: string,
  origin: RuleOrigin,
  catalogue: Catalogue,
  kinds: readonly RuleKind[],
): AlertRule {
  const id = basename(file, '.yaml');
  if (!RULE_ID.test(id)) {
    throw new UserError(EXIT.badConfig, [
      `${file}: file name: expected <id>.yaml, the id of a-z 0-9 _, got "${basename(file)}"`,
    ]);
  }
  return createRule({ id, source: file, origin, content: loadConfig(file, z.unknown()) }, catalogue, kinds);
}
