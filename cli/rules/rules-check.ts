import type { AlertRule, RuleOrigin } from '../../central/alerts/rules/rule.ts';
import { UserError } from '../../runtime/errors.ts';
import { print, terminalJson, terminalText } from '../terminal.ts';
import { readRuleFiles, type RuleFilesOptions } from './rule-files.ts';

/** Prints what is in the directory, or throws a UserError (exit 2) with every problem of every file. */
export function runRulesCheck(
  directory: string,
  options: Pick<RuleFilesOptions, 'measurementsDir'> & { readonly json?: true },
): void {
  const isJson = options.json === true;
  try {
    const rules = readRuleFiles({ ...options, rulesDir: directory });
    const idsOf = (wanted: RuleOrigin): string[] =>
      rules.filter(({ origin }) => origin === wanted).map(({ id }) => id);
    const found = {
      added: idsOf('own'),
      replaced: idsOf('replacement'),
      shipped: rules.length - idsOf('own').length,
      warnings: rules.filter(({ origin }) => origin !== 'shipped').flatMap(warningsOf),
    };
    print(isJson ? terminalJson({ event: 'checked', valid: true, ...found }) : textOf(directory, found));
  } catch (error) {
    if (isJson && error instanceof UserError)
      print(terminalJson({ event: 'checked', valid: false, problems: error.problems }));
    throw error;
  }
}

interface Found {
  readonly added: readonly string[];
  readonly replaced: readonly string[];
  readonly shipped: number;
  readonly warnings: readonly string[];
}

function textOf(directory: string, { added, replaced, shipped, warnings }: Found): string {
  const named = (what: string, ids: readonly string[]): string =>
    ids.length === 0 ? '' : `  ${what.padEnd(8)}  ${ids.map(terminalText).join(', ')}\n`;
  return (
    `${terminalText(directory)}: valid: ${added.length} added to the ${shipped} shipped rules, ${replaced.length} replaced\n` +
    named('added', added) +
    named('replaced', replaced) +
    warnings.map((warning) => `Warning: ${terminalText(warning)}\n`).join('')
  );
}

/** What works, and is seldom meant. */
function warningsOf({ id, formerKind, settings }: AlertRule): readonly string[] {
  const former =
    formerKind === undefined
      ? []
      : [
          `${id}: kind: ${formerKind} is now ${settings.kind}; the former name is accepted for one more release`,
        ];
  const bare = settings.levels.flatMap((level: object, at) =>
    'raise' in level && 'clear' in level && level.raise === level.clear
      ? [`${id}: levels[${at}]: raise and clear are equal: a value at the limit makes the alert come and go`]
      : [],
  );
  return [...former, ...bare];
}
