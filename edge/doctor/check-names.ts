import { getServers, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { askNameServer, MAX_NAME_SERVERS, type AskNameServer } from './name-servers.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** The addresses of a name; rejects with a Node DNS error. */
export type NameLookup = (name: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 10_000;
const ADVICE = 'check the name, /etc/resolv.conf, and the connection to its name servers';

/**
 * Whether every configured host name resolves on this machine, and each name server answers: the system hides a dead one behind
 * the next, at the cost of seconds. One finding for each that does not.
 */
export async function checkNames(
  hosts: readonly string[],
  {
    lookUp = lookUpBySystem,
    servers = getServers(),
    askServer = askNameServer,
  }: {
    readonly lookUp?: NameLookup;
    readonly servers?: readonly string[];
    readonly askServer?: AskNameServer;
  } = {},
): Promise<readonly Finding[]> {
  const bare = hosts.map((host) => host.replace(/^\[|\]$/g, ''));
  const names = [...new Set(bare.filter((host) => isIP(host) === 0))].sort();
  const asked = servers.length === 0 ? 'no name server' : `name servers ${servers.join(', ')}`;
  const dead = await deadServers(servers.slice(0, MAX_NAME_SERVERS), askServer);
  if (names.length === 0) return [ok('dns', `no host name is configured (${asked})`), ...dead];
  const findings = await Promise.all(names.map((name) => checkName(name, lookUp)));
  const failed = findings.filter((finding) => finding !== undefined);
  const good = names.length - failed.length;
  const seen = `${good} of ${names.length} names have an address (${asked})`;
  const summary = failed.length === 0 ? ok('dns', seen) : warn('dns', seen, 'see the names below');
  return [summary, ...dead, ...failed];
}

async function deadServers(servers: readonly string[], ask: AskNameServer): Promise<readonly Finding[]> {
  const problems = await Promise.all(servers.map(ask));
  return servers.flatMap((server, at) => {
    const problem = problems[at];
    const advice = 'correct /etc/resolv.conf, or the line to it: each lookup waits for it first';
    return problem === undefined ? [] : [warn(`name server ${server}`, problem, advice)];
  });
}

async function checkName(name: string, lookUp: NameLookup): Promise<Finding | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${TIMEOUT_MS / 1_000} s`)), TIMEOUT_MS);
  });
  try {
    await Promise.race([lookUp(name), late]);
    return undefined;
  } catch (error) {
    return fail(`name ${name}`, REASONS[codeOf(error) ?? ''] ?? messageOf(error), ADVICE);
  } finally {
    clearTimeout(timer);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such name',
  EAI_AGAIN: 'no name server answers',
};

function lookUpBySystem(name: string): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    lookup(name, { all: true }, (error, addresses) => {
      if (error === null) resolve(addresses.map(({ address }) => address));
      else reject(error);
    });
  });
}
