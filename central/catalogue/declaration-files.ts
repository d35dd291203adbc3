import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { declarationsSchema } from '../../contract/custom/declaration.ts';
import { loadConfig } from '../../runtime/config.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { fileStanding } from '../../runtime/file-standing.ts';
import { contradictions, type Declared } from './declared.ts';

const MAX_FILES = 256;

/** A file of central: the same section as in a device profile. */
export const declarationFileSchema = z.strictObject({ custom: declarationsSchema });

/**
 * What every `*.yaml` of a directory declares, in the order of their names. Throws one UserError (exit 2) that lists every problem of every
 * file, contradictions among them included.
 */
export function readDeclarations(directory: string): readonly Declared[] {
  const declared: Declared[] = [];
  const problems: string[] = [];
  for (const name of listFiles(directory)) {
    const source = join(directory, name);
    try {
      const { custom } = loadConfig(source, declarationFileSchema);
      declared.push(...custom.map((declaration) => ({ declaration, source })));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  problems.push(...contradictions(declared));
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return declared;
}

/** A text that differs once a file of the directory was written, added or removed. */
export function declarationsStanding(directory: string): string {
  try {
    return listFiles(directory)
      .map((name) => `${name} ${fileStanding(join(directory, name))}`)
      .join('\n');
  } catch (error) {
    return messageOf(error);
  }
}

function listFiles(directory: string): readonly string[] {
  let names: string[];
  try {
    names = readdirSync(directory).filter((name) => /^[^.].*\.ya?ml$/.test(name));
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${directory}: cannot be read: ${messageOf(error)}`], error);
  }
  if (names.length > MAX_FILES)
    throw new UserError(EXIT.badConfig, [`${directory}: at most ${MAX_FILES} files, got ${names.length}`]);
  return names.sort();
}
