import { statSync } from 'node:fs';
import { filesIn, readFiles } from '../edge/collectors/snmp/profile/profile-files.ts';
import { shippedProfiles } from '../edge/collectors/snmp/profile/shipped.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { print } from './terminal.ts';

/** Checks profiles together, as an agent with all of them would. Throws a UserError (exit 2) with all problems. */
export function runProfileCheck(paths: readonly string[]): void {
  const shipped = shippedProfiles();
  const { library, problems } = readFiles(paths.flatMap(filesAt), shipped);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
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
  try {
    return statSync(path).isDirectory() ? filesIn(path) : [path];
  } catch (error) {
    throw new UserError(EXIT.badConfig, [`${path}: cannot be read: ${messageOf(error)}`], error);
  }
}
