import { PROTOCOL_VERSION } from '../../contract/batch.ts';
import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { AlertEngine } from '../alerts/engine/engine.ts';
import type { Bus } from '../mqtt/bus.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { StateDatabase } from '../state/database.ts';
import type { SparkplugConfig } from './config.ts';
import { agentIdOf } from '../../contract/sparkplug/identity.ts';
import { hostState } from './host-state.ts';
import { SparkplugHost } from './host.ts';
import { openNodeBook } from './node-repository.ts';

export interface SparkplugParts {
  readonly bus: Bus;
  readonly ingest: Ingest;
  readonly registry: AgentRegistry;
  readonly alerts: AlertEngine;
  readonly catalogue: Catalogue;
  readonly inventory: Inventory;
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
}

/** A session is looked at every few seconds: like an agent that reports every ten. */
const INTERVAL_MS = 10_000;

/** Lets Sparkplug in: before bus and ingest start. Each edge node is an agent from its birth on. */
export function attachSparkplug(config: SparkplugConfig, parts: SparkplugParts): SparkplugHost {
  const { bus, ingest, registry, alerts, catalogue, inventory, database, clock, log } = parts;
  if (config.hostId !== undefined) bus.announce(hostState(config.hostId));
  const placeOf = (agent: string): { site?: string; unit?: string } => {
    const expected = inventory.agents.get(agent);
    return expected === undefined ? {} : { site: expected.site, unit: expected.unit };
  };
  const book = openNodeBook(database, clock.now());
  const onAlive = (agent: string, atMs: number): void => {
    registry.hear(agent, atMs);
    alerts.noteAgent(agent, INTERVAL_MS, atMs, placeOf(agent));
  };
  // Booked at its birth: missed from now on, also where a crash took what was known of it since.
  for (const node of book.list()) onAlive(agentIdOf(node), node.heardAtMs);
  let host: SparkplugHost | undefined;
  ingest.attach((intake) => {
    host = new SparkplugHost({
      config,
      catalogue,
      inventory,
      book,
      intake,
      publish: (topic, payload) => {
        bus.publish(topic, payload, { qos: 0, retain: false }).catch((error: unknown) => {
          log.debug({ topic, err: error }, 'not published');
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
          ...placeOf(agent),
        } as const;
        registry.onState(agent, birth, atMs);
        alerts.observeState(agent, birth, atMs);
      },
      onAlive,
      onUnasked: (agent, atMs) => alerts.excuseAgent(agent, atMs),
      onDead: (agent) => registry.lose(agent),
    });
    return host;
  });
  if (host === undefined) throw new Error('Sparkplug was not attached');
  return host;
}
