import { basename, dirname, join } from 'node:path';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import type { FileSetting } from '../protocols/reach.ts';

export interface FileRules {
  /** Files and directories that a config from central may name. */
  readonly paths: readonly string[];
  /** What it may never read: the agent's own secrets and state. */
  readonly ownPaths: readonly string[];
  /** Follows all links; throws as `realpathSync()`. */
  readonly realPath: (path: string) => string;
}

/** Why a config from central may not name the file, with what would allow it; undefined: it may. */
export function fileRefusal(
  rules: FileRules,
  { path, isDevice, usual }: Omit<FileSetting, 'setting'>,
): string | undefined {
  if (path === usual) return undefined;
  if (!path.startsWith('/')) return `expected an absolute path, got "${path}"`;
  if (path.split('/').includes('..')) return `expected a path without .., got "${path}"`;
  const fixed = fixedPart(path);
  try {
    const real = resolved(fixed, rules.realPath);
    const shown = real === fixed ? path : `${path} (${real})`;
    if (isOwnPath(rules, fixed))
      return `${shown} is this agent’s own, which a config from central may not read`;
    if (isDevice === true && isWithin(real, '/dev')) return undefined;
    if (rules.paths.some((allowed) => isWithin(real, resolved(allowed, rules.realPath)))) return undefined;
    const directory = fixed === path ? dirname(real) : real;
    return `${shown} may not be named by a config from central; to allow it, in edge.yaml: configFromCentral: { paths: ['${directory}'] }`;
  } catch (error) {
    return `${path}: ${messageOf(error)}`;
  }
}

/** Whether it is one of the agent's own files, under whatever name. Throws where links cannot be followed. */
export function isOwnPath(
  { ownPaths, realPath }: Pick<FileRules, 'ownPaths' | 'realPath'>,
  path: string,
): boolean {
  const real = resolved(path, realPath);
  return ownPaths.some((own) => isWithin(real, resolved(own, realPath)));
}

/** Up to the first part with `*` or `?`. */
function fixedPart(path: string): string {
  const parts = path.split('/');
  const at = parts.findIndex((part) => /[*?]/.test(part));
  return join('/', ...(at < 0 ? parts : parts.slice(0, at)));
}

/** The links of what exists are followed; the rest does not exist yet. */
function resolved(path: string, realPath: FileRules['realPath']): string {
  const missing: string[] = [];
  for (let existing = path; ; existing = dirname(existing)) {
    try {
      return join(realPath(existing), ...missing);
    } catch (error) {
      const isMissing = codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR';
      if (!isMissing || existing === dirname(existing)) throw error;
      missing.unshift(basename(existing));
    }
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}
