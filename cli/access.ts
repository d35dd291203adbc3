import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../central/access/agent-credentials.ts';
import { openBrokerInUse } from '../central/access/broker-in-use.ts';
import { openAuditLog, type AuditLog } from '../central/access/audit.ts';
import { describeLimits, limitsSchema } from '../central/access/limits.ts';
import {
  describeCreated,
  limitsProblem,
  openTokenStore,
  ROLES,
  tokenNameSchema,
} from '../central/access/tokens.ts';
import { openStateDatabase, type StateDatabase } from '../central/state/database.ts';
import { agentIdOf, SPARKPLUG_AGENT_PREFIX } from '../contract/sparkplug/identity.ts';
import { isName } from '../contract/sparkplug/topic.ts';
import {
  isPhone,
  PHONE_ID_EXPECTED,
  PHONE_ID_PATTERN,
  PHONE_PREFIX,
  surveyPrefix,
} from '../contract/survey-topics.ts';
import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../contract/topics.ts';
import { z } from 'zod';
import { checkConfig } from '../runtime/config.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { print, printError } from './terminal.ts';
import { textTable } from './text-table.ts';
import { checkLimits } from './token-limits.ts';

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

const timeText = (timeMs: number | undefined): string =>
  timeMs === undefined ? 'never' : new Date(timeMs).toISOString();
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
  if (isPhone(agent)) {
    const reason = `ids that begin with ${PHONE_PREFIX} are those of phones`;
    throw new UserError(EXIT.badConfig, [`agent: ${reason} (--phone ${agent}), got "${agent}"`]);
  }
  withState(directory, (database, audit) => {
    print(`${openAgentCredentials(database).issue(agent, Date.now())}\n`);
    audited(audit, 'agent.credential', agent);
    tellOfExternalBroker(database, agent);
  });
}

/** Prints what the app reads from a QR code, with the password. */
export function addPhone(directory: string, phone: string): void {
  if (!PHONE_ID_PATTERN.test(phone))
    throw new UserError(EXIT.badConfig, [`--phone: ${PHONE_ID_EXPECTED}, got "${phone}"`]);
  withState(directory, (database, audit) => {
    const settings = {
      mqtt_host: 'HOST',
      mqtt_port: 8_883,
      mqtt_tls: true,
      mqtt_client: phone,
      mqtt_username: phone,
      mqtt_password: openAgentCredentials(database).issue(phone, Date.now()),
      mqtt_topic_prefix: surveyPrefix(phone),
      cellular_stream_enabled: true,
      wifi_stream_enabled: false,
      bluetooth_stream_enabled: false,
      gnss_stream_enabled: false,
      device_status_stream_enabled: false,
    };
    print(`${JSON.stringify(settings)}\n`);
    audited(audit, 'agent.credential', phone);
    tellOfExternalBroker(database, phone);
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
    print(`${agent}\t${openAgentCredentials(database).issue(agent, Date.now(), { group, node })}\n`);
    audited(audit, 'agent.credential', `${agent} ${descriptor}`);
    tellOfExternalBroker(database, agent);
  });
}

/** On stderr: stdout is for scripts. */
function tellOfExternalBroker(database: StateDatabase, user: string): void {
  if (openBrokerInUse(database).read() !== 'external') return;
  printError(
    `central uses an external broker, which does not know this password: nobody checks it yet. For Mosquitto:
  mosquitto_passwd /etc/mosquitto/wardwatch.passwords ${user}    (asks for it)
  systemctl reload mosquitto
See "Mosquitto" in docs/central.md.
`,
  );
}

export function listAgents(directory: string): void {
  withState(directory, (database) => {
    for (const { agent, createdAtMs } of openAgentCredentials(database).list()) {
      print(`${agent}\t${timeText(createdAtMs)}\n`);
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

/** Prints the token on stdout, for scripts, and when it expires on stderr. `lifetimeMs`: null: it never expires. */
export function addToken(
  directory: string,
  options: {
    readonly name: string;
    readonly role: string;
    readonly lifetimeMs: number | null;
    readonly limits?: {
      readonly units?: readonly string[] | undefined;
      readonly agencies?: readonly string[] | undefined;
    };
  },
): void {
  const role = ROLES.find((known) => known === options.role) ?? 'viewer';
  const given = Object.entries(options.limits ?? {}).filter(([, ids]) => ids !== undefined);
  const { name, limits } = checkConfig(
    'command line',
    { name: options.name, ...(given.length > 0 && { limits: Object.fromEntries(given) }) },
    z.object({ name: tokenNameSchema, limits: limitsSchema.optional() }),
  );
  const problem = limitsProblem(role, limits);
  if (problem !== undefined) throw new UserError(EXIT.badConfig, [`--role: ${problem}`]);
  withState(directory, (database, audit) => {
    const unchecked = checkLimits(database, limits);
    const nowMs = Date.now();
    const expiresAtMs = options.lifetimeMs === null ? null : nowMs + options.lifetimeMs;
    const created = openTokenStore(database).create(
      name,
      role,
      nowMs,
      expiresAtMs,
      limits === undefined ? {} : { limits },
    );
    audited(audit, 'token.create', describeCreated(created));
    print(`${created.token}\n`);
    if (unchecked.length > 0)
      printError(
        `The inventory has no such entries yet: ${unchecked.join(', ')}. Until it does, this token sees nothing.\n`,
      );
    printError(
      expiresAtMs === null
        ? 'This token never expires.\n'
        : `This token expires at ${timeText(expiresAtMs)}; --expires-in sets another time, or never.\n`,
    );
  });
}

export function listTokens(directory: string): void {
  withState(directory, (database) => {
    const nowMs = Date.now();
    const rows = openTokenStore(database)
      .list()
      .map(({ id, role, name, createdAtMs, expiresAtMs, lastUsedAtMs, limits }) => [
        id,
        role,
        timeText(createdAtMs),
        `${timeText(expiresAtMs)}${expiresAtMs !== undefined && expiresAtMs <= nowMs ? ' (expired)' : ''}`,
        timeText(lastUsedAtMs),
        limits === undefined ? 'the city' : describeLimits(limits),
        name,
      ]);
    print(textTable(['ID', 'ROLE', 'CREATED', 'EXPIRES', 'LAST USED', 'LIMITED TO', 'NAME'], rows));
  });
}

export function revokeToken(directory: string, id: string): void {
  withState(directory, (database, audit) => {
    if (!openTokenStore(database).revoke(id)) throw new UserError(EXIT.failure, [`no token "${id}"`]);
    audited(audit, 'token.revoke', id);
  });
}
