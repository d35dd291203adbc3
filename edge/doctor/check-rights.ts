import { accessSync, constants, statSync } from 'node:fs';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { runProgram, type ProgramResult } from '../protocols/system/run-program.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

export interface RightsNeeded {
  readonly dataDirectory: string;
  readonly readable: readonly string[];
  readonly icmp: boolean;
  readonly signal: AbortSignal;
}

/** Whether this user has the rights that the collectors need, and whether it is the agent's user. */
export async function checkRights(needed: RightsNeeded): Promise<readonly Finding[]> {
  const ping = needed.icmp ? [evaluatePing(await tryPing(needed.signal))] : [];
  return [checkUser(needed.dataDirectory), ...needed.readable.flatMap(checkReadable), ...ping];
}

/** Checks as root would say nothing about the rights of the agent's user. */
function checkUser(dataDirectory: string): Finding {
  const uid = process.getuid?.();
  const owner = ownerOf(dataDirectory);
  if (uid === undefined) return ok('user', 'this system has no user ids');
  if (owner === undefined || owner === uid) return ok('user', `runs as uid ${uid}`);
  return warn(
    'user',
    `runs as uid ${uid}, but ${dataDirectory} belongs to uid ${owner}: these are the rights of uid ${uid}`,
    `run it as the agent's user: sudo -u '#${owner}' wardwatch doctor …`,
  );
}

function ownerOf(directory: string): number | undefined {
  try {
    return statSync(directory).uid;
  } catch {
    return undefined;
  }
}

function checkReadable(path: string): Finding[] {
  try {
    accessSync(path, constants.R_OK);
    return [];
  } catch (error) {
    const why =
      codeOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${codeOf(error) ?? messageOf(error)})`;
    return [fail('rights', `${path} ${why}`, 'give the agent’s user read permission, or correct the path')];
  }
}

/** What `ping` to 127.0.0.1 says: only a missing program or a missing right can make it fail. Pure. */
export function evaluatePing({ error, stderr }: Pick<ProgramResult, 'error' | 'stderr'>): Finding {
  if (error === null) return ok('icmp', 'ping works');
  if (error.code === 'ENOENT') {
    return warn(
      'icmp',
      'no ping program is installed',
      'install iputils-ping; until then TCP is used where a port is set',
    );
  }
  const output = stderr.trim().split('\n')[0] || messageOf(error);
  if (error.code === 'EPERM' || error.code === 'EACCES') {
    return fail(
      'icmp',
      `ping may not be started here: ${output}`,
      'its file has a capability that this process may not have: give the container or service CAP_NET_RAW (--cap-add NET_RAW), or let it run without no-new-privileges',
    );
  }
  return fail(
    'icmp',
    `ping to 127.0.0.1: ${output}`,
    'allow ping for the agent’s group (sysctl net.ipv4.ping_group_range), or give the agent CAP_NET_RAW as packaging/systemd does',
  );
}

const PING_TIMEOUT_MS = 5_000;

function tryPing(signal: AbortSignal): Promise<ProgramResult> {
  return runProgram('ping', ['-c', '1', '-W', '2', '127.0.0.1'], { timeoutMs: PING_TIMEOUT_MS, signal });
}
