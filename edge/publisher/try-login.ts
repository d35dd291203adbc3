import { messageOf } from '../../runtime/errors.ts';
import type { BrokerConnection, Endpoint } from '../protocols/mqtt/connection.ts';
import { inboundTopics } from './inbound-topics.ts';
import { openLink, type Link } from './mqtt-link.ts';

const DISCONNECT_MS = 1_000;
const KEEPALIVE_MS = 30_000;

/** Connects and subscribes as the agent, then disconnects; publishes nothing. Resolves with the problem, or undefined. */
export async function tryLogin(options: {
  readonly agent: string;
  readonly endpoint: Endpoint;
  readonly connection: BrokerConnection;
  /** It accepts configs from central. */
  readonly takesConfig: boolean;
  readonly timeoutMs: number;
}): Promise<string | undefined> {
  const { agent, endpoint, connection, takesConfig, timeoutMs } = options;
  let link: Link | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(
        () => resolve(`no answer within ${timeoutMs} ms, while ${link?.step ?? 'beginning'}`),
        timeoutMs,
      );
      link = openLink({
        clientId: agent,
        endpoint,
        connection,
        keepaliveMs: KEEPALIVE_MS,
        connectTimeoutMs: timeoutMs,
        topics: inboundTopics(agent, { config: takesConfig }),
        onReady: (refused) =>
          resolve(
            refused.length === 0
              ? undefined
              : `the broker refuses the subscription to ${refused.join(', ')}: no config from central`,
          ),
        onMessage: () => undefined,
        onClosed: resolve,
      });
    });
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
    await link?.leave(DISCONNECT_MS);
  }
}
