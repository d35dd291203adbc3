import { agentTopic, FLOW_TOPIC } from '../../contract/topics.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Endpoint, PublisherConnection } from './connection.ts';
import { openLink, type Link } from './mqtt-link.ts';

const LEAVE_MS = 1_000;
const KEEPALIVE_MS = 30_000;

/** Connects as the agent, subscribes as it does, and leaves; central hears nothing of it. Resolves with what went wrong, or undefined. */
export async function tryLogin(options: {
  readonly agent: string;
  readonly endpoint: Endpoint;
  readonly connection: PublisherConnection;
  readonly timeoutMs: number;
}): Promise<string | undefined> {
  const { agent, endpoint, connection, timeoutMs } = options;
  let link: Link | undefined;
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<string | undefined>((resolve) => {
      timer = setTimeout(() => resolve(`no answer within ${timeoutMs} ms`), timeoutMs);
      link = openLink({
        clientId: agent,
        endpoint,
        connection,
        keepaliveMs: KEEPALIVE_MS,
        connectTimeoutMs: timeoutMs,
        topics: [agentTopic(agent, 'ack'), FLOW_TOPIC],
        onReady: () => resolve(undefined),
        onMessage: () => undefined,
        onClosed: resolve,
      });
    });
  } catch (error) {
    return messageOf(error);
  } finally {
    clearTimeout(timer);
    await link?.leave(LEAVE_MS);
  }
}
