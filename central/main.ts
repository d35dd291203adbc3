import { join } from 'node:path';
import { CATALOGUE } from '../contract/measurements/index.ts';
import { systemClock } from '../runtime/clock.ts';
import { lockDirectory } from '../runtime/directory-lock.ts';
import { codeOf, EXIT, UserError } from '../runtime/errors.ts';
import type { Logger } from '../runtime/logger.ts';
import type { Service } from '../runtime/service.ts';
import { createAgentConfigs, type ConfigChecker } from './agent-config/agent-configs.ts';
import { openConfigBook } from './agent-config/config-book.ts';
import { ConfigPublisher } from './agent-config/config-publisher.ts';
import { openAgentCredentials, type AgentCredentials } from './access/agent-credentials.ts';
import { openAuditLog } from './access/audit.ts';
import { openTokenStore } from './access/tokens.ts';
import { createAlertEngine } from './alerts/engine/engine.ts';
import { buildApi } from './api/app.ts';
import type { ApiDeps } from './api/deps.ts';
import { PointRate } from './live/point-rate.ts';
import { createCentralBus } from './mqtt/open-bus.ts';
import type { CentralConfig } from './config/config.ts';
import { resolveConfig } from './config/resolve-config.ts';
import { createHousekeeping } from './jobs/jobs.ts';
import { createIngest } from './ingest/ingest.ts';
import { openQuarantine } from './ingest/quarantine/quarantine.ts';
import { createValidator } from './ingest/validate/validator.ts';
import { openAgentRegistry } from './liveness/agent-registry.ts';
import { createLatestCache } from './live/latest-cache.ts';
import { openLedger } from './ledger/sqlite-ledger.ts';
import { openStateDatabase } from './state/database.ts';
import { createStore } from './store/create-store.ts';
import { StoreUnavailableError, type SampleStore } from './store/sample-store.ts';

export interface CentralDeps {
  readonly log: Logger;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  /** Knows what an agent's config may hold, as central itself does not. */
  readonly checkAgentConfig: ConfigChecker;
  /** Instead of `inventoryFile`: what a simulated city says exists. */
  readonly inventory?: unknown;
}

export interface CentralStatus {
  readonly samplesPerS: number;
  readonly agentsLive: number;
  readonly agentsSilent: number;
  readonly lagMs: number;
  readonly activeAlerts: number;
  readonly storedPoints: number;
  readonly storedValues: number;
  readonly refusedRows: number;
  readonly flowMode: string;
}

/** Everything below is known once `start` has resolved. */
export interface Central extends Service {
  apiUrl(): string;
  brokerUrl(): string;
  storeName(): string;
  /** Opens the status page in a browser; valid while this process runs. */
  pageLink(): string;
  createAdminToken(): string;
  credentials(): AgentCredentials;
  status(): CentralStatus;
}

const MAX_LATEST_SERIES = 500_000;
const STORE_OPEN_TIMEOUT_MS = 30_000;

/** The collector as one service: what `wardwatch central` runs and `wardwatch start` runs inside. */
export function createCentral(config: CentralConfig, deps: CentralDeps): Central {
  let running: Running | undefined;
  let stopping: Promise<void> | undefined;
  const live = (): Running => {
    if (running === undefined) throw new Error('central has not started');
    return running;
  };
  return {
    name: 'central',
    start: async (signal) => {
      running = await open(config, deps, signal);
    },
    stop: () => (stopping ??= running?.close() ?? Promise.resolve()),
    apiUrl: () => live().apiUrl,
    brokerUrl: () => live().brokerUrl,
    storeName: () => live().api.store.name,
    pageLink: () => {
      const { tokens, clock } = live().api;
      return `${live().apiUrl}/?token=${tokens.createEphemeral('page link', 'viewer', clock.now()).token}`;
    },
    createAdminToken: () => {
      const { tokens, audit, clock } = live().api;
      const created = tokens.create('first start', 'admin', clock.now());
      audit.append({
        atMs: clock.now(),
        actor: 'first start',
        action: 'token.create',
        target: `${created.id} admin`,
      });
      return created.token;
    },
    credentials: () => live().api.credentials,
    status: () => statusOf(live().api),
  };
}

interface Running {
  readonly api: ApiDeps;
  readonly apiUrl: string;
  readonly brokerUrl: string;
  close(): Promise<void>;
}

async function open(config: CentralConfig, deps: CentralDeps, signal: AbortSignal): Promise<Running> {
  const { log } = deps;
  const clock = systemClock;
  const closers: (() => void | Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    // What a person can have got wrong comes first, before anything is started.
    const { rules, inventory, apiTls, storeChoice, brokerSecrets } = resolveConfig(
      config,
      deps.env,
      deps.inventory,
    );
    const lock = lockDirectory(config.dataDirectory);
    closers.push(() => lock.release());
    const database = openStateDatabase(join(config.dataDirectory, 'state.db'));
    closers.push(() => database.close());
    const store = await createStore(storeChoice, { catalogue: CATALOGUE, log });
    await openStore(store, signal, log);
    closers.push(() => store.close());

    const quarantine = openQuarantine({ directory: join(config.dataDirectory, 'quarantine'), clock, log });
    const credentials = openAgentCredentials(database);
    const registry = openAgentRegistry(inventory, database, log);
    const latest = createLatestCache(MAX_LATEST_SERIES);
    const ledger = openLedger(database);
    const alerts = createAlertEngine({ rules, database, clock, log });
    for (const agent of registry.list(clock.now())) {
      if (agent.phase === 'stopped') continue;
      alerts.noteAgent(agent.id, agent.intervalMs, agent.lastSeenAtMs ?? 0, {
        ...(agent.unit !== undefined && { unit: agent.unit }),
        ...(agent.site !== undefined && { site: agent.site }),
      });
    }
    const centralBus = createCentralBus(config.broker, {
      clock,
      random: Math.random,
      log,
      secrets: brokerSecrets,
      authenticate: (name, password) => {
        if (!credentials.verify(name, password)) return undefined;
        const node = credentials.nodeOf(name);
        return node === undefined ? 'agent' : { role: 'sparkplug', node };
      },
      onRefused: ({ kind, reason, client, topic, address }) =>
        quarantine.add({
          agent: client ?? 'unknown',
          code: `broker-${kind}`,
          reason: [
            reason,
            ...(topic === undefined ? [] : [`topic ${topic}`]),
            ...(address === undefined ? [] : [`from ${address}`]),
          ].join(', '),
        }),
    });
    const { bus } = centralBus;
    const book = openConfigBook(database);
    const reported = (agent: string) => registry.configOf(agent);
    const configPublisher = new ConfigPublisher({ bus, book, reported, clock, log });
    closers.push(() => configPublisher.stop());
    const ingest = createIngest({
      bus,
      validator: createValidator(CATALOGUE, { retentionMs: config.retention.rawDays * 86_400_000 }),
      observers: [registry, latest, alerts],
      store,
      ledger,
      quarantine,
      clock,
      random: Math.random,
      log,
      hooks: {
        onState: (agent, state, receivedAtMs) => {
          registry.onState(agent, state, receivedAtMs);
          alerts.observeState(agent, state, receivedAtMs);
          configPublisher.agentSpoke(agent);
        },
      },
    });
    const parts = { bus, ingest, registry, alerts, inventory, database, clock, log, catalogue: CATALOGUE };
    const sparkplug = config.sparkplug && (await loadSparkplug())(config.sparkplug, parts);
    const rate = new PointRate();
    const api: ApiDeps = {
      clock,
      catalogue: CATALOGUE,
      tokens: openTokenStore(database),
      credentials,
      audit: openAuditLog(database),
      inventory,
      registry,
      configs: createAgentConfigs({
        book,
        reported,
        check: deps.checkAgentConfig,
        publish: (agent) => configPublisher.publish(agent),
        clock,
      }),
      latest,
      store,
      ledger,
      quarantine,
      alerts,
      ingest,
      pointsPerS: () => rate.perS(),
      broker: {
        get connected() {
          return bus.connected;
        },
        refused: () => centralBus.refused(),
      },
      ...(sparkplug !== undefined && { sparkplug }),
      version: deps.version,
    };
    // Stopped in reverse: first no new batches, then the last acknowledgements, then the books are closed.
    closers.push(() => {
      registry.save();
      alerts.save();
    });
    await bus.start(signal);
    closers.push(() => bus.stop());
    await ingest.start(signal);
    closers.push(() => ingest.stop());
    const housekeeping = createHousekeeping({ api, rate, retentionDays: config.retention.rawDays, log });
    housekeeping.start();
    closers.push(() => housekeeping.stop());
    const app = await buildApi(api, { log, ...(apiTls !== undefined && { tls: apiTls }) });
    closers.push(() => app.close());
    const apiUrl = await listen(() => app.listen({ host: config.api.host, port: config.api.port }), config);
    return { api, apiUrl, brokerUrl: centralBus.url(), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its library is loaded only where it is used. */
async function loadSparkplug() {
  const { attachSparkplug } = await import('./sparkplug/attach.ts');
  return attachSparkplug;
}

/** A store that is away must not blind the city: alerts need none, and agents keep what cannot be stored yet. */
async function openStore(store: SampleStore, signal: AbortSignal, log: Logger): Promise<void> {
  try {
    await store.open(AbortSignal.any([signal, AbortSignal.timeout(STORE_OPEN_TIMEOUT_MS)]));
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    log.error({ err: error }, 'the store does not answer; starting without it');
  }
}

async function listen(start: () => Promise<string>, config: CentralConfig): Promise<string> {
  try {
    return await start();
  } catch (error) {
    const where = `${config.api.host}:${config.api.port}`;
    if (codeOf(error) === 'EADDRINUSE') {
      throw new UserError(EXIT.portInUse, [`api: port ${where} is in use by another process`], error);
    }
    if (codeOf(error) === 'EACCES' || codeOf(error) === 'EADDRNOTAVAIL') {
      throw new UserError(EXIT.badConfig, [`api: cannot listen on ${where}: ${codeOf(error) ?? ''}`], error);
    }
    throw error;
  }
}

function statusOf(api: ApiDeps): CentralStatus {
  const stats = api.ingest.stats();
  const agents = api.registry.counts(api.clock.now());
  return {
    samplesPerS: api.pointsPerS(),
    agentsLive: agents.live,
    agentsSilent: agents.silent,
    lagMs: stats.lagMs,
    activeAlerts: api.alerts.active().length,
    storedPoints: stats.storedPoints,
    storedValues: stats.storedValues,
    refusedRows: Object.values(stats.refusedRows).reduce((sum, count) => sum + count, 0),
    flowMode: stats.flowMode,
  };
}
