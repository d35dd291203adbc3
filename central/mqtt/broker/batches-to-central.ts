import type { Aedes, AedesPublishPacket, Client } from 'aedes';
import { parseAgentTopic } from '../../../contract/topics.ts';

/** As aedes calls it for a message of a client, which may publish it and has its PUBACK. */
type Publish = (packet: AedesPublishPacket, client: unknown, done?: (error?: Error) => void) => void;

export interface BatchDelivery {
  readonly deliver: (packet: AedesPublishPacket, clientId: string) => void;
  /** False: there is or was another central that may have subscribed. */
  readonly isOnlyCentral: () => boolean;
}

/**
 * Batches go to central alone: nobody else may read them (see topic-rights.ts), so that subscribers need not be looked for. That is
 * the dearest part of a message in aedes.
 */
export function deliverBatches(broker: Aedes, { deliver, isOnlyCentral }: BatchDelivery): void {
  const aedes = broker as unknown as { publish: Publish };
  const publish = aedes.publish.bind(broker);
  aedes.publish = (packet, client, done) => {
    if (!isClient(client) || !isBatch(packet) || !isOnlyCentral()) {
      publish(packet, client, done);
      return;
    }
    deliver(packet, client.id);
    done?.();
  };
}

/** With QoS 0 aedes would handle one message inside the other. */
function isBatch({ qos, retain, topic }: AedesPublishPacket): boolean {
  return qos === 1 && !retain && parseAgentTopic(topic)?.kind === 'up';
}

function isClient(client: unknown): client is Client {
  return typeof client === 'object' && client !== null;
}
