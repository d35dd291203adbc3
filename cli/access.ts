import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../central/access/agent-credentials.ts';
import { openAuditLog, type AuditLog } from '../central/access/audit.ts';
import { openTokenStore, ROLES } from '../central/access/tokens.ts';
import { openStateDatabase, type StateDatabase } from '../central/state/database.ts';
import { agentIdOf, SPARKPLUG_AGENT_PREFIX } from '../contract/sparkplug/identity.ts';
import { isName } from '../contract/sparkplug/topic.ts';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../contract/topics.ts';
import { EXIT, UserError } from '../runtime/errors.ts';

/** Works while central runs: both use the same state database. */
function withState(directory: string, work: (database: StateDatabase, audit: AuditLog) => void): void {
  const file = join(directory, 'state.db');
  if (!existsSync(file)) {
    throw new UserError(EXIT.dataDirectory, [
      `${directory}: no state.db here; start central once, or give its data directory`,
    ]);
  }
  const database = openStateDatabase(file);
  try {
    work(database, openAuditLog(database));
  } finally {
    database.close();
  }
}

const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const audited = (audit: AuditLog, action: string, target: string): void =>
  audit.append({ atMs: Date.now(), actor: 'command line', action, target });

export function addAgent(directory: string, agent: string): void {
  if (!AGENT_ID_PATTERN.test(agent)) {
    throw new UserError(EXIT.badConfig, [`agent: ${AGENT_ID_EXPECTED}, got "${agent}"`]);
  }
  if (agent.startsWith(SPARKPLUG_AGENT_PREFIX)) {
    const reason = `ids that begin with ${SPARKPLUG_AGENT_PREFIX} are those of Sparkplug edge nodes`;
    throw new UserError(EXIT.badConfig, [`agent: ${reason} (--sparkplug GROUP/NODE), got "${agent}"`]);
  }
  withState(directory, (database, audit) => {
    print(openAgentCredentials(database).issue(agent, Date.now()));
    audited(audit, 'agent.credential', agent);
  });
}

/** Prints user name, which is also the client id, and password. */
export function addSparkplugNode(directory: string, descriptor: string): void {
  const [group = '', node = '', ...more] = descriptor.split('/');
  if (!isName(group) || !isName(node) || more.length > 0) {
    throw new UserError(EXIT.badConfig, [`--sparkplug: expected GROUP/NODE, got "${descriptor}"`]);
  }
  const agent = agentIdOf({ group, node });
  withState(directory, (database, audit) => {
    print(`${agent}\t${openAgentCredentials(database).issue(agent, Date.now(), { group, node })}`);
    audited(audit, 'agent.credential', `${agent} ${descriptor}`);
  });
}

export function listAgents(directory: string): void {
  withState(directory, (database) => {
    for (const { agent, createdAtMs } of openAgentCredentials(database).list()) {
      print(`${agent}\t${new Date(createdAtMs).toISOString()}`);
    }
  });
}

export function revokeAgent(directory: string, agent: string): void {
  withState(directory, (database, audit) => {
    if (!openAgentCredentials(database).revoke(agent)) {
      throw new UserError(EXIT.failure, [`agent "${agent}" has no credential`]);
    }
    audited(audit, 'agent.revoke', agent);
  });
}

export function addToken(directory: string, name: string, roleName: string): void {
  const role = ROLES.find((known) => known === roleName) ?? 'viewer';
  withState(directory, (database, audit) => {
    const created = openTokenStore(database).create(name, role, Date.now());
    print(created.token);
    audited(audit, 'token.create', `${created.id} ${role} ${name}`);
  });
}

export function listTokens(directory: string): void {
  withState(directory, (database) => {
    for (const token of openTokenStore(database).list()) {
      print(`${token.id}\t${token.role}\t${token.name}\t${new Date(token.createdAtMs).toISOString()}`);
    }
  });
}

export function revokeToken(directory: string, id: string): void {
  withState(directory, (database, audit) => {
    if (!openTokenStore(database).revoke(id)) throw new UserError(EXIT.failure, [`no token "${id}"`]);
    audited(audit, 'token.revoke', id);
  });
}
