import type { Client } from 'aedes';
import { parseAgentTopic } from '../../../contract/topics.ts';

/** aedes has its subscriptions by topic, though its types do not say so. */
export type Subscriber = Client & { readonly subscriptions?: Readonly<Record<string, unknown>> };

/**
 * The agent whose acknowledgement has this topic, if it reads them: nobody else may (see topic-rights.ts), so that subscribers need
 * not be looked for. `clients`: by id.
 */
export function readerOfAck(
  topic: string,
  clients: Readonly<Record<string, Subscriber>>,
): Client | undefined {
  const parsed = parseAgentTopic(topic);
  if (parsed?.kind !== 'ack') return undefined;
  const client = clients[parsed.agent];
  return client?.subscriptions?.[topic] === undefined ? undefined : client;
}
