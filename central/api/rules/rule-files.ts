import { basename, dirname, isAbsolute, join, sep } from 'node:path';
import { SHIPPED_RULES_DIRECTORY } from '../../alerts/rules/load-rules.ts';

const SHIPPED = join(SHIPPED_RULES_DIRECTORY, '.');

/** Where a rule was read from, for whoever may see rules: where files lie on central's machine is nobody's business. Pure. */
export function ruleFileName(source: string): string {
  return join(dirname(source), '.') === SHIPPED ? 'shipped' : basename(source);
}

/** A problem of a rule file, which it names from the directory of rules on. Pure. */
export function problemWithoutDirectory(problem: string, directory: string): string {
  const path = directory.endsWith(sep) ? directory.slice(0, -1) : directory;
  // A path that is relative, or the root, says nothing of the machine, and stands in other words of a problem.
  if (path === '' || !isAbsolute(path)) return problem;
  return problem.replaceAll(`${path}${sep}`, '').replaceAll(path, 'rulesDirectory');
}
