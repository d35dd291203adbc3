import { Resolver } from 'node:dns/promises';
import { codeOf } from '../../runtime/errors.ts';

/** Resolves with why it does not answer, or undefined. */
export type AskNameServer = (server: string) => Promise<string | undefined>;

const TIMEOUT_MS = 3_000;
/** The system asks the second, too; more are never asked (resolv.conf(5)). */
export const MAX_NAME_SERVERS = 3;

/** Errors without an answer of the server; any other is one. */
const REASONS: Readonly<Record<string, string>> = {
  ETIMEOUT: `no answer within ${TIMEOUT_MS / 1_000} s`,
  ECONNREFUSED: 'nothing listens there',
  ECANCELLED: 'no answer',
};

/** Asks for the name servers of the root, which each of them knows or refuses to tell. `server`: as dns.getServers() has it. */
export async function askNameServer(server: string): Promise<string | undefined> {
  try {
    const resolver = new Resolver({ timeout: TIMEOUT_MS, tries: 1 });
    resolver.setServers([server]);
    await resolver.resolve('.', 'NS');
    return undefined;
  } catch (error) {
    return REASONS[codeOf(error) ?? ''];
  }
}
