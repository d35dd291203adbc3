import { AGENT_ID_EXPECTED, AGENT_ID_PATTERN } from '../../contract/topics.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { endpointOf, type BrokerConnection, type Endpoint } from '../protocols/mqtt/connection.ts';

/** Throws a UserError (exit 2) that names the setting; a password in a URL is never repeated. */
export function checkEndpoint(agent: string, connection: BrokerConnection): Endpoint {
  const problems: string[] = [];
  if (!AGENT_ID_PATTERN.test(agent)) {
    problems.push(`agent: ${AGENT_ID_EXPECTED}, got ${JSON.stringify(agent.slice(0, 80))}`);
  }
  const url = URL.canParse(connection.url) ? new URL(connection.url) : undefined;
  const protocol = url?.protocol.slice(0, -1);
  if (url === undefined || url.hostname === '' || (protocol !== 'mqtt' && protocol !== 'mqtts')) {
    problems.push('connection.url: expected mqtt://host:port or mqtts://host:port');
    throw new UserError(EXIT.badConfig, problems);
  }
  if (url.username !== '' || url.password !== '') {
    problems.push('connection.url: must not hold a name or password; they have settings of their own');
  }
  if ((connection.cert === undefined) !== (connection.key === undefined)) {
    problems.push('connection: cert and key must be given together');
  }
  if (protocol === 'mqtt' && (connection.ca !== undefined || connection.cert !== undefined)) {
    problems.push('connection.url: certificates need mqtts://, got mqtt://');
  }
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return endpointOf(connection.url);
}
