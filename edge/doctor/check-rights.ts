import { execFile } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

export interface RightsNeeded {
  readonly dataDirectory: string;
  readonly readable: readonly string[];
  readonly icmp: boolean;
}

/** Whether this user may do what the collectors that run have to do; and whether it is the agent's user at all. */
export async function checkRights(needed: RightsNeeded): Promise<readonly Finding[]> {
  const ping = needed.icmp ? [judgePing(await tryPing())] : [];
  return [checkUser(needed.dataDirectory), ...needed.readable.flatMap(checkReadable), ...ping];
}

/** Root may do everything: what root finds says nothing of what the agent can do. */
function checkUser(dataDirectory: string): Finding {
  const uid = process.getuid?.();
  const owner = ownerOf(dataDirectory);
  if (uid === undefined) return ok('user', 'this system has no user ids');
  if (owner === undefined || owner === uid) return ok('user', `runs as uid ${uid}`);
  return warn(
    'user',
    `runs as uid ${uid}, but ${dataDirectory} is uid ${owner}'s: what follows are the rights of uid ${uid}`,
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
      codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error) ?? messageOf(error)})`;
    return [
      fail('rights', `${path} ${why}`, 'give the agent’s user the right to read it, or correct the path'),
    ];
  }
}

/** What `ping` to this very machine did: it fails only for want of the program or of a right. */
export type PingTrial = { readonly code: string | number | undefined; readonly said: string } | undefined;

/** Pure. */
export function judgePing(trial: PingTrial): Finding {
  if (trial === undefined) return ok('icmp', 'ping works without more rights');
  if (trial.code === 'ENOENT') {
    return warn(
      'icmp',
      'there is no ping program',
      'install iputils-ping; until then TCP stands in where a port is set',
    );
  }
  return fail(
    'icmp',
    `ping to 127.0.0.1: ${trial.said}`,
    'let the agent’s group ping (sysctl net.ipv4.ping_group_range), or give the agent CAP_NET_RAW as packaging/systemd does',
  );
}

const PING_TIMEOUT_MS = 5_000;

function tryPing(): Promise<PingTrial> {
  return new Promise((resolve) => {
    const options = { timeout: PING_TIMEOUT_MS, maxBuffer: 64 * 1024 };
    execFile('ping', ['-c', '1', '-W', '2', '127.0.0.1'], options, (error, _stdout, stderr) => {
      if (error === null) resolve(undefined);
      else resolve({ code: error.code ?? undefined, said: stderr.trim().split('\n')[0] || messageOf(error) });
    });
  });
}
