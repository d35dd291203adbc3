import { existsSync, writeFileSync } from 'node:fs';
import { recordDevice, type DeviceRecording } from '../edge/collectors/snmp/recording/record-device.ts';
import { pacedSession } from '../edge/discover/paced-session.ts';
import { readSnmpAccess } from '../edge/discover/discover-config.ts';
import { readCredentials, type Credentials } from '../edge/protocols/snmp/credentials.ts';
import { openSnmpSession } from '../edge/protocols/snmp/open-session.ts';
import type { SnmpSession } from '../edge/protocols/snmp/session.ts';
import { systemClock } from '../runtime/clock.ts';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { TokenBucket } from '../runtime/token-bucket.ts';
import { print } from './terminal.ts';

export interface ProfileRecordCommand {
  readonly config?: string;
  readonly credentials?: string;
  readonly out: string;
  readonly force?: true;
  readonly port: number;
  readonly timeout: number;
  /** Of the whole recording, ms. */
  readonly for: number;
  /** Packets a second. */
  readonly rate: number;
}

const SYS_OBJECT_ID = '1.3.6.1.2.1.1.2.0';

/** Writes an anonymous recording of a device and prints what was replaced in it. Sends reads only. */
export async function runProfileRecord(
  address: string,
  options: ProfileRecordCommand,
  signal: AbortSignal,
): Promise<void> {
  const { out, force = false, rate } = options;
  if (existsSync(out) && !force)
    throw new UserError(EXIT.badConfig, [
      `${out}: exists already; another with --out, or --force replaces it`,
    ]);
  const { profiles, credentials } = await readSnmpAccess(options, process.env);
  const configured = Object.entries(credentials).map(([name, config]) => {
    return { name, credentials: readCredentials(name, config, process.env) };
  });
  const session = await openFirst(address, configured, options, signal);
  try {
    const bucket = new TokenBucket({ capacity: 1, refillPerS: rate }, systemClock.monotonicMs());
    const known = {
      secrets: configured.flatMap((each) => secretsOf(each.credentials)),
      products: profiles.probedOids,
    };
    const deps = { clock: systemClock, signal, timeoutMs: options.for };
    const recording = await recordDevice(pacedSession(session, bucket, systemClock), known, deps);
    signal.throwIfAborted();
    writeFileSync(out, recording.text, { mode: 0o600, flag: force ? 'w' : 'wx' });
    print(reportOf(out, recording));
    if (recording.problem !== undefined)
      throw new UserError(EXIT.failure, [`${address}: the recording is not whole: ${recording.problem}`]);
  } finally {
    await session.close();
  }
}

/** Which lines to show before the file is given away. Pure. */
export function reportOf(
  out: string,
  { objectCount, replaced }: Pick<DeviceRecording, 'objectCount' | 'replaced'>,
): string {
  const parts = [...replaced].map(([category, count]) => `  ${String(count).padStart(5)} ${category}\n`);
  return [
    `${out}: ${objectCount} objects\n`,
    parts.length === 0
      ? 'Nothing had to be replaced.\n'
      : `Replaced, each by the same wherever it turned up:\n`,
    ...parts,
    'Left out: neighbours (ARP), routes, forwarding tables, connections, processes, installed software.\n',
    'Read the file before you give it away: texts that somebody chose, such as names of outlets, may still be in it.\n',
  ].join('');
}

/** The session of the first credentials that the device answers to. */
async function openFirst(
  address: string,
  configured: readonly { readonly name: string; readonly credentials: Credentials }[],
  { port, timeout }: Pick<ProfileRecordCommand, 'port' | 'timeout'>,
  signal: AbortSignal,
): Promise<SnmpSession> {
  const problems: string[] = [];
  for (const { name, credentials } of configured) {
    let session: SnmpSession | undefined;
    try {
      const target = { address, port, guard: undefined, credentials, replyTimeoutMs: timeout };
      session = await openSnmpSession(target, signal);
      await session.get([SYS_OBJECT_ID], signal);
      return session;
    } catch (error) {
      await session?.close();
      signal.throwIfAborted();
      problems.push(`${address} with credentials ${name}: ${messageOf(error)}`);
    }
  }
  throw new UserError(EXIT.failure, problems);
}

function secretsOf(credentials: Credentials): readonly string[] {
  if (credentials.version === '2c') return [credentials.community];
  return [credentials.user, credentials.authPassword, credentials.privacyPassword];
}
