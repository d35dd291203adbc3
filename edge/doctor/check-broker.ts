import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { dial } from '../../runtime/dial/dial.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { BrokerConnection, Endpoint } from '../protocols/mqtt/connection.ts';
import { checkEndpoint } from '../publisher/check-endpoint.ts';
import { tryLogin } from '../publisher/try-login.ts';
import { adviceForLogin } from './broker-advice.ts';
import { fail, ok, type Finding } from './finding.ts';
import { speaksTls } from './speaks-tls.ts';

const TIMEOUT_MS = 10_000;

/** Checks name, port, certificate, login and rights in this order; stops at the first failure, which the rest would repeat. */
export async function checkBroker(
  agent: string,
  connection: BrokerConnection,
  options: { readonly agentRuns: boolean; readonly takesConfig: boolean },
): Promise<readonly Finding[]> {
  const { agentRuns, takesConfig } = options;
  const endpoint = checkEndpoint(agent, connection);
  const findings: Finding[] = [];
  const steps = [checkName, checkPort, ...(agentRuns ? [] : [loginAs(agent, connection, takesConfig)])];
  for (const step of steps) {
    const finding = await step(endpoint);
    if (finding !== undefined) findings.push(finding);
    if (finding?.level === 'fail') return findings;
  }
  if (agentRuns) findings.push(ok('broker login', 'not tried: the agent is running and uses this client id'));
  return findings;
}

async function checkName({ host }: Endpoint): Promise<Finding | undefined> {
  if (isIP(host) !== 0) return undefined;
  try {
    const addresses = await lookup(host, { all: true });
    return ok('broker name', `${host} is ${addresses.map(({ address }) => address).join(', ')}`);
  } catch (error) {
    return fail('broker name', `${host}: ${messageOf(error)}`, 'check broker.url and this machine’s DNS');
  }
}

async function checkPort({ host, port }: Endpoint): Promise<Finding> {
  try {
    const how = {
      signal: AbortSignal.timeout(2 * TIMEOUT_MS),
      attemptTimeoutMs: TIMEOUT_MS,
      guard: undefined,
    };
    const { socket, address } = await dial({ host, port }, how);
    socket.destroy();
    const where = address.address === host ? '' : ` at ${address.address}`;
    return ok('broker port', `${host}:${port} answers${where}`);
  } catch (error) {
    const advice = 'check broker.url, the network and firewalls in between';
    return fail('broker port', `${host}:${port}: ${messageOf(error)}`, advice);
  }
}

function loginAs(
  agent: string,
  connection: BrokerConnection,
  takesConfig: boolean,
): (endpoint: Endpoint) => Promise<Finding> {
  return async (endpoint) => {
    const problem = await tryLogin({ agent, endpoint, connection, takesConfig, timeoutMs: TIMEOUT_MS });
    if (problem === undefined) {
      return ok(
        'broker login',
        // Some brokers drop a PUBLISH without rights silently.
        `${agent} is accepted and may subscribe to ${takesConfig ? 'its acknowledgements and its config' : 'its acknowledgements'}; whether it may publish shows only when central acknowledges`,
      );
    }
    const isTls = endpoint.protocol === 'mqtt' && (await speaksTls(endpoint, TIMEOUT_MS));
    return fail('broker login', problem, adviceForLogin(problem, endpoint, isTls));
  };
}
