import { join } from 'node:path';
import { buildDashboards, type Schema } from '../../dashboards/build.ts';
import type { Language } from '../../dashboards/render/context.ts';
import { readRuleFiles, type RuleFilesOptions } from '../rules/rule-files.ts';
import { print, terminalJson, terminalText } from '../terminal.ts';
import { ruleBook } from './rule-book.ts';
import { writeFiles } from './write-files.ts';

export interface DashboardsBuildOptions extends RuleFilesOptions {
  readonly lang: Language;
  readonly schema: Schema;
  readonly out?: string;
  readonly json?: true;
}

/** Where the project keeps what it builds. */
export function builtDirectory(schema: Schema, lang: Language): string {
  return join('dashboards', schema === 'classic' ? 'built' : 'built-v2', lang);
}

export function runDashboardsBuild(options: DashboardsBuildOptions): void {
  const { lang: language, schema } = options;
  const directory = options.out ?? builtDirectory(schema, language);
  const files = buildDashboards({ language, rules: ruleBook(readRuleFiles(options)) }, schema);
  const { written, unchanged } = writeFiles(directory, files);
  if (options.json === true)
    print(
      terminalJson({ event: 'built', directory, written, unchanged, files: files.map(({ path }) => path) }),
    );
  else print(`${terminalText(directory)}: ${written} dashboards written, ${unchanged} unchanged\n`);
}
