import type { Aedes } from 'aedes';
import { Readable } from 'node:stream';

interface RetainedPacket {
  readonly topic: string;
  readonly payload: Buffer;
}

interface Persistence {
  storeRetained(packet: RetainedPacket): Promise<void>;
  createRetainedStreamCombi(patterns: readonly string[]): Readable;
}

/**
 * Agents subscribe to exact topics only, yet aedes matches each of them against every retained message: 2,000 agents
 * that reconnect together would cost millions of matches. Exact topics are looked up in a map instead.
 */
export function lookUpRetainedByTopic(broker: Aedes): void {
  const { persistence } = broker as unknown as { persistence: Persistence };
  const store = persistence.storeRetained.bind(persistence);
  const match = persistence.createRetainedStreamCombi.bind(persistence);
  const byTopic = new Map<string, RetainedPacket>();
  persistence.storeRetained = async (packet) => {
    await store(packet);
    if (packet.payload.length === 0) byTopic.delete(packet.topic);
    else byTopic.set(packet.topic, { ...packet });
  };
  persistence.createRetainedStreamCombi = (patterns) => {
    if (patterns.some((pattern) => /[+#]/.test(pattern))) return match(patterns);
    return Readable.from(patterns.flatMap((topic) => byTopic.get(topic) ?? []));
  };
}
