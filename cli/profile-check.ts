import { statSync } from 'node:fs';
import {
  profileFilesIn,
  readProfileFiles,
  withoutProblems,
} from '../edge/collectors/snmp/profile/profile-file.ts';
import { shippedProfiles } from '../edge/collectors/snmp/profile/shipped.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { print } from './terminal.ts';

/** Checks profiles together, as an agent with all of them would. Throws a UserError (exit 2) with all problems. */
export function runProfileCheck(paths: readonly string[]): void {
  const shipped = shippedProfiles();
  const library = withoutProblems(readProfileFiles(paths.flatMap(filesAt), shipped));
  for (const { profile } of library.own) {
    const { vendor, kind, device, rows, ports } = library.get(profile);
    const sources = [device, rows.flatMap(({ values }) => values), ports.flatMap(({ values }) => values)];
    const count = sources.reduce((sum, each) => sum + each.length, 0);
    const isKnown = shipped.some((each) => each.profile === profile);
    const replaces = isKnown ? ', in place of the shipped one' : '';
    print(`${profile}: valid (${[vendor, kind, `${count} values`].filter(Boolean).join(', ')}${replaces})\n`);
  }
}

function filesAt(path: string): readonly string[] {
  let files: readonly string[];
  try {
    files = statSync(path).isDirectory() ? profileFilesIn(path) : [path];
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${path}: cannot be read: ${messageOf(error)}`], error);
  }
  if (files.length === 0)
    throw new UserError(EXIT.badConfig, [`${path}: expected at least one file *.yaml or *.yml, found none`]);
  return files;
}
