import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { EXIT, messageOf, UserError } from './errors.ts';

/** Settings with such names are secrets, or refer to one. */
export const SECRET_NAME = /password|passphrase|secret|token|community|apikey|^pin$/i;

/** Source of a secret: a file or an environment variable, so that a config that is copied does not hold it. */
export const secretSourceSchema = z.union(
  [
    z.strictObject({ file: z.string().min(1) }),
    z.strictObject({ env: z.string().min(1) }),
    z.strictObject({ value: z.string().min(1) }),
  ],
  'expected { file: … }, { env: … } or { value: … }',
);
export type SecretSource = z.infer<typeof secretSourceSchema>;

/** Throws a UserError (exit 2) that names `setting` but never the secret. */
export function readSecret(setting: string, source: SecretSource, env: NodeJS.ProcessEnv): string {
  if ('value' in source) return source.value;
  if ('env' in source) {
    const value = env[source.env];
    if (value === undefined || value === '') {
      throw new UserError(EXIT.badConfig, [`${setting}: environment variable ${source.env} is not set`]);
    }
    return value;
  }
  return readTextFile(setting, source.file).trim();
}

/** For certificates and keys too; the error names the setting and the file. */
export function readTextFile(setting: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${setting}: ${file} cannot be read: ${messageOf(error)}`], error);
  }
}
