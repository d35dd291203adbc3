import { describe } from 'vitest';
import { findProgram } from './find-program.ts';
import PARTS from './parts.json' with { type: 'json' };

/** A program that tests need besides Node; parts.json names its Debian package. */
export type Part = keyof typeof PARTS;

/** The program's path. Throws with the command that installs it; suites use `describeWith`, which checks before. */
export function requirePart(part: Part): string {
  const program = findProgram(part);
  if (program === undefined) throw new Error(`${part} is not installed; ${installLine([part])}`);
  return program;
}

/** A suite that needs these programs. Without them it is skipped, and its title names the command that installs them. */
export function describeWith(parts: readonly Part[], title: string, suite: () => void): void {
  const missing = parts.filter((part) => findProgram(part) === undefined);
  if (missing.length === 0) describe(title, suite);
  else describe.skip(`${title} [needs ${missing.join(', ')}: ${installLine(missing)}]`, suite);
}

function installLine(parts: readonly Part[]): string {
  return `apt-get install -y --no-install-recommends ${parts.map((part) => PARTS[part].package).join(' ')}`;
}
