import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { createServerIdentity } from './certificates.ts';
import type { SetupChoice } from './choice.ts';
import type { SetupHost } from './hosts.ts';
import {
  agentLayout,
  BROKER_PASSWORDS,
  CA_CERT,
  CA_KEY,
  SERVER_CERT,
  SERVER_KEY,
  type Reader,
} from './layout.ts';
import { certificateHosts, newAgents, passwordLines } from './make-city.ts';
import { withPasswordLines } from './mosquitto-password.ts';
import { rightsOf, type Accounts } from './owners.ts';
import { isWritten, passwordIn } from './unfinished-agents.ts';
import { makeEntries, replaceFile } from './write-files.ts';

export interface MadeCity {
  /** Absolute. */
  readonly directory: string;
  readonly choice: SetupChoice;
  readonly accounts: Accounts;
}

/** Gives agents a password at the broker and a folder, or what they lack of it. Returns what it made. */
export function addAgents(city: MadeCity, agents: readonly string[]): readonly string[] {
  const { directory, choice, accounts } = city;
  const { logins, contents } = newAgents(agents, textOf(directory, CA_CERT), choice.hosts, (agent) =>
    passwordIn(directory, agent),
  );
  const passwords = textOf(directory, BROKER_PASSWORDS);
  const missing = agents
    .flatMap(agentLayout)
    .filter(({ path }) => path.endsWith('/') || !isWritten(join(directory, path), contents[path]));
  const made = makeEntries(directory, missing, contents, (entry) => rightsOf(entry, choice.use, accounts));
  replace(city, BROKER_PASSWORDS, 'mosquitto', withPasswordLines(passwords, passwordLines(logins)));
  return made;
}

/** A new key and certificate of the servers, for these hosts, from the same authority. */
export async function renewServer(
  city: MadeCity,
  hosts: readonly SetupHost[],
  nowMs: number,
): Promise<readonly string[]> {
  const { directory } = city;
  const authority = { cert: textOf(directory, CA_CERT), key: textOf(directory, CA_KEY) };
  const files = `${join(directory, CA_CERT)} and ${CA_KEY}`;
  const server = await createServerIdentity(authority, certificateHosts(hosts), nowMs, files);
  replace(city, SERVER_KEY, 'servers', server.key);
  replace(city, SERVER_CERT, 'all', server.cert);
  return [SERVER_KEY, SERVER_CERT];
}

function replace(
  { directory, choice, accounts }: MadeCity,
  path: string,
  reader: Reader,
  text: string,
): void {
  replaceFile(join(directory, path), text, rightsOf({ path, reader }, choice.use, accounts));
}

function textOf(directory: string, path: string): string {
  const file = join(directory, path);
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UserError(EXIT.dataDirectory, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}
