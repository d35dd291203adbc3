import { getServers, lookup } from 'node:dns';
import { isIP } from 'node:net';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import { fail, ok, warn, type Finding } from './finding.ts';

/** The addresses of a name; rejects with a Node DNS error. */
export type NameLookup = (name: string) => Promise<readonly string[]>;

const TIMEOUT_MS = 10_000;
const ADVICE = 'check the name, /etc/resolv.conf, and the connection to its name servers';

/** Whether every configured host name resolves on this machine. One finding for each that does not. */
export async function checkNames(
  hosts: readonly string[],
  options: { readonly lookUp: NameLookup; readonly servers: readonly string[] } = {
    lookUp: lookUpBySystem,
    servers: getServers(),
  },
): Promise<readonly Finding[]> {
  const bare = hosts.map((host) => host.replace(/^\[|\]$/g, ''));
  const names = [...new Set(bare.filter((host) => isIP(host) === 0))].sort();
  const asked =
    options.servers.length === 0 ? 'no name server' : `name servers ${options.servers.join(', ')}`;
  if (names.length === 0) return [ok('dns', `no host name is configured (${asked})`)];
  const findings = await Promise.all(names.map((name) => checkName(name, options.lookUp)));
  const failed = findings.filter((finding) => finding !== undefined);
  const good = names.length - failed.length;
  const seen = `${good} of ${names.length} names have an address (${asked})`;
  const summary = failed.length === 0 ? ok('dns', seen) : warn('dns', seen, 'see the names below');
  return [summary, ...failed];
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
