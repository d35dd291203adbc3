import { CATALOGUE } from '../contract/measurements/index.ts';
import { tryProfile, type ProfileTrial } from '../edge/collectors/snmp/profile-trial.ts';
import type { ProfileLibrary } from '../edge/collectors/snmp/profile/library.ts';
import { readProfileFiles, withoutProblems } from '../edge/collectors/snmp/profile/profile-file.ts';
import { shippedProfiles } from '../edge/collectors/snmp/profile/shipped.ts';
import { readSnmpAccess, type SnmpAccess } from '../edge/discover/discover-config.ts';
import { readCredentials } from '../edge/protocols/snmp/credentials.ts';
import { openSnmpSession } from '../edge/protocols/snmp/open-session.ts';
import { joinReadings } from '../edge/scheduler/join-readings.ts';
import { systemClock } from '../runtime/clock.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { printSamples, type PrintFormat } from './sample-print.ts';
import { printData, printError, terminalText } from './terminal.ts';

export interface ProfileTryCommand {
  readonly config?: string;
  readonly credentials?: string;
  readonly profile?: readonly string[];
  readonly port: number;
  readonly timeout: number;
  readonly print: PrintFormat;
}

/** Reads one device and prints which profile fits and what an agent would send. Sends reads only. */
export async function runProfileTry(
  address: string,
  options: ProfileTryCommand,
  signal: AbortSignal,
): Promise<void> {
  const access = await readSnmpAccess(options, process.env);
  const profiles = options.profile === undefined ? access.profiles : libraryOf(options.profile);
  const trial = await tryAll(address, { ...options, access, profiles }, signal);
  const { profile, system, lacking, samples, errors } = trial;
  const fits =
    profile === undefined
      ? 'no profile fits'
      : `profile ${profile.profile} (${profile.vendor}, ${profile.kind ?? 'kind not told'})`;
  printError(
    `${address}: ${fits}; sysObjectID ${terminalText(system.objectId)}, sysDescr ${terminalText(system.description ?? '')}\n`,
  );
  printData(printSamples(joinReadings(samples, []), options.print, CATALOGUE));
  if (lacking.length > 0) {
    const lines = lacking.map(({ oid, field }) => `  ${oid}  ${field}\n`);
    printError(`The device does not have ${lacking.length} of the objects that the profile asks for:\n`);
    printError(lines.join(''));
  }
  if (errors.length > 0)
    throw new UserError(
      EXIT.failure,
      errors.map((error) => error.message),
    );
}

function libraryOf(files: readonly string[]): ProfileLibrary {
  return withoutProblems(readProfileFiles(files, shippedProfiles()));
}

/** With the first credentials that the device accepts. */
async function tryAll(
  address: string,
  {
    access: { credentials },
    profiles,
    port,
    timeout,
  }: Pick<ProfileTryCommand, 'port' | 'timeout'> & {
    readonly access: SnmpAccess;
    readonly profiles: ProfileLibrary;
  },
  signal: AbortSignal,
): Promise<ProfileTrial> {
  const problems: string[] = [];
  for (const [name, config] of Object.entries(credentials)) {
    try {
      const target = {
        address,
        port,
        guard: undefined,
        credentials: readCredentials(name, config, process.env),
        replyTimeoutMs: timeout,
      };
      const openSession = (until: AbortSignal) => openSnmpSession(target, until);
      return await tryProfile({ address, profiles, openSession, clock: systemClock }, signal);
    } catch (error) {
      signal.throwIfAborted();
      problems.push(`${address} with credentials ${name}: ${messageOf(error)}`);
    }
  }
  throw new UserError(EXIT.failure, problems);
}
