import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { print, terminalJson } from '../terminal.ts';
import { textTable } from '../text-table.ts';
import { readRuleFiles, type RuleFilesOptions } from './rule-files.ts';

export function runRulesList(options: RuleFilesOptions & { readonly json?: true }): void {
  const rules = [...readRuleFiles(options)].sort((a, b) => (a.id < b.id ? -1 : 1));
  if (options.json === true) for (const rule of rules) print(terminalJson(rowOf(rule)));
  else print(textTable(['ID', 'KIND', 'FROM', 'NAME', 'CONDITION', 'LEVELS'], rules.map(cellsOf)));
}

function rowOf({ id, origin, source, hash, settings, evaluator }: AlertRule) {
  const { kind, name, owner, eventType, probableCause, levels } = settings;
  return {
    ...{ id, kind, name, owner, origin, source, hash, eventType, probableCause },
    condition: evaluator.conditionText,
    entity: evaluator.entityTags,
    levels: levels.map(({ severity }, at) => ({ severity, limit: evaluator.levelTexts[at] })),
  };
}

function cellsOf({ id, origin, settings, evaluator }: AlertRule): string[] {
  const levels = settings.levels.map(({ severity }, at) => `${severity} ${evaluator.levelTexts[at]}`);
  return [id, settings.kind, origin, settings.name.en, evaluator.conditionText, levels.join('; ')];
}
