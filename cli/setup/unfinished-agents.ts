import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import type { SetupChoice } from './choice.ts';
import { agentFolder, BROKER_PASSWORDS } from './layout.ts';
import { mosquittoUsers } from './mosquitto-password.ts';

/** As createSecret makes it for agents, on one line. */
const PASSWORD_OF_SETUP = /^wwa_[A-Za-z0-9_-]{32}\n$/;

/**
 * Agents that have a folder, but no login at the broker or no entry in the manifest: a setup was killed before it was done. One
 * without a folder is none of them: folders are deleted once they are copied, logins of agents that are not used again too.
 */
export function unfinishedAgents(
  directory: string,
  { agents }: Pick<SetupChoice, 'agents'>,
): readonly string[] {
  const folders = foldersIn(join(directory, 'agents'));
  if (folders.length === 0) return [];
  const logins = mosquittoUsers(textOf(join(directory, BROKER_PASSWORDS)) ?? '');
  const known = new Set(agents);
  return folders.filter((agent) => !known.has(agent) || !logins.has(agent));
}

/** One line for each, with the command that mends it. Pure. */
export function unfinishedProblems(directory: string, agents: readonly string[]): readonly string[] {
  return agents.map(
    (agent) =>
      `${join(directory, agentFolder(agent))}: the agent was not made wholly: wardwatch setup ${directory} --agent ${agent}`,
  );
}

/** The password that setup gave this agent, where its folder has one. */
export function passwordIn(directory: string, agent: string): string | undefined {
  const text = textOf(join(directory, agentFolder(agent), 'password')) ?? '';
  return PASSWORD_OF_SETUP.test(text) ? text.trim() : undefined;
}

/** Undefined: there is no such file. Throws a UserError (exit 4) where it cannot be read. */
function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (['ENOENT', 'EISDIR'].includes(codeOf(error) ?? '')) return undefined;
    throw new UserError(EXIT.dataDirectory, [`${file}: cannot be read: ${messageOf(error)}`], error);
  }
}

/**
 * Whether this file is what setup would write there. One that is empty is what a kill left between making and writing it: it is taken
 * away, to be written anew.
 */
export function isWritten(file: string, text: string | undefined): boolean {
  const found = textOf(file);
  if (found === '') rmSync(file);
  return found !== undefined && found !== '' && found === text;
}

function foldersIn(directory: string): readonly string[] {
  try {
    const entries = readdirSync(directory, { withFileTypes: true });
    return entries
      .filter((entry) => entry.isDirectory() && AGENT_ID_PATTERN.test(entry.name))
      .map(({ name }) => name)
      .sort();
  } catch {
    // The check of rights tells of a directory that is missing or closed.
    return [];
  }
}
