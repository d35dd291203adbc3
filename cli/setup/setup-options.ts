import { resolve } from 'node:path';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { isPhone } from '../../contract/survey-topics.ts';
import { SPARKPLUG_AGENT_PREFIX } from '../../contract/sparkplug/identity.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { COMPOSE_AGENT, type SetupUse } from './choice.ts';
import { distinctHosts, parseHost, type SetupHost } from './hosts.ts';
import { MAX_AGENTS } from './manifest.ts';

/** As the command line gives them. */
export interface SetupOptions {
  readonly for?: SetupUse;
  readonly host?: readonly string[];
  readonly agent?: readonly string[];
  readonly demoUnits?: number;
  readonly check?: true;
  readonly renew?: true;
  readonly json?: true;
}

export interface CheckedOptions {
  /** Absolute. */
  readonly directory: string;
  readonly hosts: readonly SetupHost[];
  readonly agents: readonly string[];
}

const MAX_HOSTS = 50;
/** Characters that mean nothing else in YAML, in mosquitto.conf and in an environment file. */
const PLAIN_PATH = /^\/[\p{L}\p{N}._/+@-]*$/u;
/** Users of the broker that are no agents. */
const RESERVED = new Set(['central', COMPOSE_AGENT]);

/** Throws a UserError (exit 2) that lists every problem. */
export function checkOptions(directory: string, options: SetupOptions): CheckedOptions {
  const problems: string[] = [];
  const absolute = resolve(directory);
  if (!PLAIN_PATH.test(absolute) || absolute === '/')
    problems.push(`${absolute}: expected a directory whose path has only letters, digits and ._-/+@`);
  const hosts: SetupHost[] = [];
  for (const text of options.host ?? []) {
    try {
      hosts.push(parseHost(text));
    } catch (error) {
      problems.push(`--host: ${messageOf(error)}`);
    }
  }
  if (hosts.length > MAX_HOSTS) problems.push(`--host: expected at most ${MAX_HOSTS}, got ${hosts.length}`);
  const agents = [...new Set(options.agent)];
  for (const agent of agents) problems.push(...agentProblems(agent));
  if (agents.length > MAX_AGENTS)
    problems.push(`--agent: expected at most ${MAX_AGENTS}, got ${agents.length}`);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return { directory: absolute, hosts: distinctHosts(hosts), agents };
}

function agentProblems(agent: string): readonly string[] {
  if (!AGENT_ID_PATTERN.test(agent)) return [`--agent: ${AGENT_ID_EXPECTED}, got "${agent}"`];
  const isReserved = RESERVED.has(agent) || agent.startsWith(SPARKPLUG_AGENT_PREFIX) || isPhone(agent);
  return isReserved ? [`--agent: expected an id that is not in use otherwise, got "${agent}"`] : [];
}
