import { randomBytes } from 'node:crypto';
import { stringify } from 'yaml';
import { createSecret } from '../../central/access/secret.ts';
import { deriveAgentPassword } from '../../contract/credentials.ts';
import type { InventoryFile } from '../../contract/inventory.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { createAuthority, createServerIdentity } from './certificates.ts';
import { OWN_HOSTS, surroundingsOf, type SetupChoice } from './choice.ts';
import { agentContents, brokerUsers, folderContents, type Contents, type SetupSecrets } from './contents.ts';
import { distinctHosts, parseHost, type SetupHost } from './hosts.ts';
import { BROKER_PASSWORDS } from './layout.ts';
import { mosquittoPasswordLine, SALT_BYTES } from './mosquitto-password.ts';

/** The user of a broker and the password. */
type Login = readonly [user: string, password: string];

/** What the server certificate of a city is good for. Pure. */
export function certificateHosts(hosts: readonly SetupHost[]): readonly SetupHost[] {
  return distinctHosts([...hosts, ...OWN_HOSTS.map(parseHost)]);
}

/** Everything that a new folder holds, made anew: keys, passwords, token. `directory` is absolute. */
export async function newCityContents(
  directory: string,
  choice: SetupChoice,
  gid: number,
  nowMs: number,
): Promise<Contents> {
  const authority = await createAuthority(`Wardwatch of ${choice.hosts[0]?.value ?? directory}`, nowMs);
  const hosts = certificateHosts(choice.hosts);
  const server = await createServerIdentity(authority, hosts, nowMs, 'the new authority');
  const secrets = newSecrets();
  const agents = newAgents(choice.agents, authority.cert, choice.hosts);
  const demo = choice.demoUnits === 0 ? { logins: [], contents: {} } : await simulatedCity(choice);
  const logins = [...brokerUsers(choice, secrets), ...agents.logins, ...demo.logins];
  return {
    ...folderContents({ directory, choice, authority, server, secrets, gid }),
    [BROKER_PASSWORDS]: `${passwordLines(logins).join('\n')}\n`,
    ...agents.contents,
    ...demo.contents,
  };
}

interface Agents {
  readonly logins: readonly Login[];
  readonly contents: Contents;
}

/** A password and a folder for each; `passwordOf`: the password of one that has a folder already. */
export function newAgents(
  agents: readonly string[],
  caCert: string,
  hosts: readonly SetupHost[],
  passwordOf: (agent: string) => string | undefined = () => undefined,
): Agents {
  const logins = agents.map((agent): Login => [agent, passwordOf(agent) ?? createSecret('wwa')]);
  const [host] = hosts;
  if (host === undefined) throw new Error('a city has at least one host');
  const folders = logins.map(([agent, password]) => agentContents(agent, password, caCert, host));
  return { logins, contents: Object.fromEntries(folders.flatMap((folder) => Object.entries(folder))) };
}

/** For Mosquitto's password file. */
export function passwordLines(logins: readonly Login[]): readonly string[] {
  return logins.map(([user, password]) => mosquittoPasswordLine(user, password, randomBytes(SALT_BYTES)));
}

/** Throws a UserError (exit 2) for agents that the simulated city has, too. */
export async function refuseSimulatedIds({ agents, demoUnits }: SetupChoice): Promise<void> {
  if (demoUnits === 0 || agents.length === 0) return;
  const simulated = new Set((await simulatedInventory(demoUnits)).agents.map(({ id }) => id));
  const problems = agents
    .filter((agent) => simulated.has(agent))
    .map((agent) => `--agent: expected an id of its own, got "${agent}", which is one of the simulated city`);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
}

async function simulatedInventory(units: number): Promise<InventoryFile> {
  const { buildCity } = await import('../../simulators/city/build-city.ts');
  return buildCity({ seed: 1, unitCount: units }).inventory;
}

/** The passwords of `wardwatch simulate`, and what should exist. */
async function simulatedCity({ use, demoUnits }: SetupChoice): Promise<Agents> {
  const inventory = await simulatedInventory(demoUnits);
  const secret = createSecret('wwf');
  const { configFolder } = surroundingsOf(use, '/');
  return {
    logins: inventory.agents.map(({ id }): Login => [id, deriveAgentPassword(secret, id)]),
    contents: {
      'secrets/fleet-secret': `${secret}\n`,
      [`${configFolder}inventory.yaml`]: `# The simulated city of wardwatch simulate --units ${demoUnits}.\n${stringify(inventory)}`,
    },
  };
}

function newSecrets(): SetupSecrets {
  const password = (): string => createSecret('wwp');
  return {
    ...{ centralMqtt: password(), health: password(), edge: createSecret('wwa') },
    ...{ influxCentral: password(), influxGrafana: password(), grafanaAdmin: password() },
    firstToken: createSecret('wwt'),
  };
}
