import { PROTOCOL_VERSION } from '../../contract/batch.ts';
import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Bus, Presence } from '../mqtt/bus.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { locationFrom, type Location } from '../samples/location.ts';
import type { StateDatabase } from '../state/database.ts';
import type { SparkplugConfig } from './config.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { stateTopic } from '../../contract/sparkplug/topic.ts';
import { SparkplugHost } from './host.ts';
import { openNodeRepository } from './node-repository.ts';

export interface SparkplugParts {
  readonly bus: Bus;
  readonly ingest: Ingest;
  readonly registry: AgentRegistry;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Sessions are checked every few seconds, so a node counts like an agent that reports every ten. */
const INTERVAL_MS = 10_000;

/** Starts taking Sparkplug messages: before bus and ingest start. Each edge node is an agent from its birth on. */
export function attachSparkplug(config: SparkplugConfig, parts: SparkplugParts): SparkplugHost {
  const { bus, ingest, registry, catalogue, inventory, database, clock, log } = parts;
  if (config.hostId !== undefined) bus.announce(hostState(config.hostId));
  const locationOf = (agent: string): Location => {
    const expected = inventory.agents.get(agent);
    return locationFrom(expected?.unit, expected?.site);
  };
  const repository = openNodeRepository(database, clock.now());
  // Known from its birth on: missed also where a crash took what was known of it since.
  for (const node of repository.list()) registry.recordHeartbeat(agentIdOf(node), node.lastSeenAtMs);
  let host: SparkplugHost | undefined;
  ingest.attach((intake) => {
    host = new SparkplugHost({
      config,
      catalogue,
      inventory,
      repository,
      intake,
      publish: (topic, payload) => {
        bus.publish(topic, payload, { qos: 0, retain: false }).catch((error: unknown) => {
          log.debug({ topic, err: error }, 'a Sparkplug command was not published');
        });
      },
      clock,
      log,
      onBorn: (agent, bdSeq, atMs) => {
        const birth = {
          v: PROTOCOL_VERSION,
          online: true,
          birth: bdSeq + 1,
          software: 'Sparkplug B',
          intervalMs: INTERVAL_MS,
          ...locationOf(agent),
        } as const;
        registry.recordState(agent, birth, atMs);
      },
      onAlive: (agent, atMs) => registry.recordHeartbeat(agent, atMs),
      onRebirthNotRequested: (agent, atMs) => registry.excuseAbsence(agent, atMs),
      onDead: (agent) => registry.markDead(agent),
    });
    return host;
  });
  if (host === undefined) throw new Error('Sparkplug was not attached');
  return host;
}

/**
 * STATE of a host application (Sparkplug 3.0, section 4.2.3): retained JSON, its death is the will of the connection. The
 * birth carries the time of that connection's will (tck-id-host-topic-phid-birth-payload-timestamp).
 */
function hostState(hostId: string): Presence {
  return {
    topic: stateTopic(hostId),
    payload: (online, atMs) => JSON.stringify({ online, timestamp: atMs }),
    // tck-id-message-flow-hid-sparkplug-state-message-delivered
    isOffline: (payload) => {
      try {
        const state: unknown = JSON.parse(payload.toString('utf8'));
        return typeof state === 'object' && state !== null && 'online' in state && state.online === false;
      } catch {
        return false;
      }
    },
  };
}
