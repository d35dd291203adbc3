import { isAbsolute, relative } from 'node:path';
import { SECRET_ENV_PREFIX } from '../../contract/agent-config.ts';
import { SECRET_NAME } from '../../runtime/secret-source.ts';
import { hasUserInfo, withoutUserInfo } from '../../runtime/url-schema.ts';

const MAX_DEPTH = 32;

/**
 * Problems with the secrets of a pushed config, one line a setting, never with the secret itself. A config must not hold
 * secrets, because everyone with read access at the broker would have them. It may refer only to files and variables that
 * are meant for this: otherwise a forged config could make the agent send the broker's password to an attacker's device.
 * Without `secretsDirectory` (central does not know it) any file is accepted. Pure.
 */
export function secretProblems(config: unknown, secretsDirectory: string | undefined): readonly string[] {
  const problems: string[] = [];
  visitSettings(config, ({ place, name, value }) => {
    const problem = SECRET_NAME.test(name) ? problemOf(name, value, secretsDirectory) : undefined;
    if (problem !== undefined) problems.push(`${place}: ${problem}`);
    if (typeof value === 'string' && isAddressWithUserInfo(value)) {
      problems.push(`${place}: an address must not hold a user name or password here`);
    }
  });
  return problems;
}

interface Setting {
  /** Its path, such as `collectors[0].credentials.core.community`. */
  readonly place: string;
  readonly name: string;
  readonly value: unknown;
}

function visitSettings(config: unknown, onSetting: (setting: Setting) => void): void {
  const visit = (value: unknown, path: string, depth: number): void => {
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return;
    for (const [name, part] of Object.entries(value)) {
      const place = Array.isArray(value) ? `${path}[${name}]` : path === '' ? name : `${path}.${name}`;
      onSetting({ place, name, value: part });
      visit(part, place, depth + 1);
    }
  };
  visit(config, '', 0);
}

/** Paths of the settings that name a secret by its file or variable. Pure. */
export function namedSecrets(config: unknown): readonly string[] {
  const places: string[] = [];
  visitSettings(config, ({ place, name, value }) => {
    if (!SECRET_NAME.test(name)) return;
    const isNamed = isSettings(value) ? 'file' in value || 'env' in value : typeof value === 'string';
    if (isNamed) places.push(place);
  });
  return places;
}

/** The config with its secrets replaced, for error messages that repeat values. Pure. */
export function withoutSecrets(config: unknown): unknown {
  const hidden = (key: string, value: unknown): unknown => {
    if (SECRET_NAME.test(key) && !/(file|env)$/i.test(key)) {
      if (!isSettings(value)) return '[secret]';
      return 'value' in value ? { ...value, value: '[secret]' } : value;
    }
    if (typeof value !== 'string') return value;
    return isAddressWithUserInfo(value) ? withoutUserInfo(value) : value;
  };
  const text = JSON.stringify(config, hidden) as string | undefined;
  return text === undefined ? undefined : JSON.parse(text);
}

function problemOf(name: string, setting: unknown, directory: string | undefined): string | undefined {
  if (typeof setting === 'string') {
    if (/file$/i.test(name)) return problemOfFile(setting, directory);
    if (/env$/i.test(name)) return problemOfVariable(setting);
    return 'a secret must not stand in a pushed config; name a file or a variable of the agent';
  }
  const { value, file, env } = isSettings(setting) ? setting : { value: setting };
  if (value !== undefined)
    return 'a secret must not stand in a pushed config; give { file: … } or { env: … }';
  if (typeof file === 'string') return problemOfFile(file, directory);
  return typeof env === 'string' ? problemOfVariable(env) : undefined;
}

/** An object refers to a secret, or is a group of settings with such a name. Anything else is a secret itself. */
function isSettings(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function problemOfFile(file: string, directory: string | undefined): string | undefined {
  if (!isAbsolute(file)) return `expected an absolute path, got "${file}"`;
  if (directory === undefined) return undefined;
  const way = relative(directory, file);
  const isInside = way !== '' && way.split('/')[0] !== '..' && !isAbsolute(way);
  return isInside ? undefined : `expected a file in ${directory} (configFromCentral), got "${file}"`;
}

function problemOfVariable(name: string): string | undefined {
  if (name.startsWith(SECRET_ENV_PREFIX)) return undefined;
  return `expected a variable named ${SECRET_ENV_PREFIX}…, got "${name}"`;
}

function isAddressWithUserInfo(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text) && hasUserInfo(text);
}
