import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Catalogue } from '../../contract/catalogue.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AgentCredentials } from '../access/agent-credentials.ts';
import type { AuditLog } from '../access/audit.ts';
import type { TokenStore } from '../access/tokens.ts';
import type { AgentConfigs } from '../agent-config/agent-configs.ts';
import type { AlertEngine } from '../alerts/engine/engine.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { Quarantine } from '../ingest/quarantine/quarantine.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LatestCache } from '../live/latest-cache.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { NodeView, SparkplugStats } from '../sparkplug/host-stats.ts';
import type { SampleStore } from '../store/sample-store.ts';

/** What the API reads and (tokens, credentials, agents' configs) writes. */
export interface ApiDeps {
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly tokens: TokenStore;
  readonly credentials: AgentCredentials;
  readonly audit: AuditLog;
  readonly inventory: Inventory;
  readonly registry: AgentRegistry;
  readonly configs: AgentConfigs;
  readonly latest: LatestCache;
  readonly store: SampleStore;
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly alerts: AlertEngine;
  readonly ingest: Ingest;
  /** Stored points a second, lately. */
  readonly pointsPerS: () => number;
  readonly broker: {
    readonly connected: boolean;
    /** Clients, publications and subscriptions refused by the broker, by kind. */
    refused(): Readonly<Record<string, number>>;
  };
  /** Where it is configured. */
  readonly sparkplug?: {
    stats(): SparkplugStats;
    describe(agent: string): NodeView | undefined;
  };
  readonly version: string;
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;
