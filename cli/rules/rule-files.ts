import { loadRules, overrideRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { readDeclarations } from '../../central/catalogue/declaration-files.ts';
import { catalogueWith } from '../../central/catalogue/declared.ts';
import type { Catalogue } from '../../contract/catalogue.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';

export interface RuleFilesOptions {
  /** Of own rules; without it the shipped ones are all. */
  readonly rulesDir?: string;
  /** Of files that declare measurements. */
  readonly measurementsDir?: string;
}

/** As central runs them. Throws a UserError (exit 2) with every problem of every file. */
export function readRuleFiles(options: RuleFilesOptions): readonly AlertRule[] {
  const { rulesDir } = options;
  const own = rulesDir === undefined ? [] : loadRules(rulesDir, readCatalogue(options));
  return overrideRules(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE), own);
}

/** With what files declare. Throws a UserError (exit 2) with every problem of every file. */
export function readCatalogue({ measurementsDir }: RuleFilesOptions): Catalogue {
  const declared = measurementsDir === undefined ? [] : readDeclarations(measurementsDir);
  return catalogueWith(declared.map(({ declaration }) => declaration));
}
