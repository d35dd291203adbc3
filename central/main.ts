import { join } from 'node:path';
import { systemClock } from '../runtime/clock.ts';
import { lockDirectory } from '../runtime/directory-lock.ts';
import { addressMatcher } from '../runtime/gate/address-list.ts';
import { readOpenFilesLimit } from '../runtime/gate/open-files.ts';
import { fileStanding } from '../runtime/file-standing.ts';
import type { Logger } from '../runtime/logger.ts';
import { readDiskSpace } from '../runtime/disk-space.ts';
import { closeHeapHoles, heapLimitBytes } from '../runtime/heap.ts';
import { createEventLoopDelayReader, readProcessUsage } from '../runtime/process-usage.ts';
import { ServiceStack, throwJoined, type Service } from '../runtime/service.ts';
import { FIRST_START, takeFirstToken } from './access/first-token.ts';
import { grantsHash } from './access/oidc/grants-hash.ts';
import type { OidcProvider, OidcProviderDeps } from './access/oidc/oidc-provider.ts';
import { describeCreated, type Role } from './access/tokens.ts';
import { openBrokerInUse } from './access/broker-in-use.ts';
import type { AgentCredentials } from './access/agent-credentials.ts';
import { openRuleVersions } from './alerts/history/rule-versions.ts';
import { warnOfFormerKinds } from './alerts/rules/former-kinds.ts';
import { rulesStanding } from './alerts/rules/load-rules.ts';
import type { ReadYaml } from '../runtime/yaml-thread.ts';
import type { ConfigChecker } from './agent-config/agent-configs.ts';
import { buildApi } from './api/app.ts';
import { API_CONNECTION_LIMITS } from './api/gated-server.ts';
import { listen } from './api/listen.ts';
import type { DemoScenarios } from './api/routes/demo.ts';
import { pathWithCode } from './api/routes/page-links.ts';
import { boardRoutes } from './board/board-routes.ts';
import { BOARD_DIRECTORY, readBoard } from './board/read-board.ts';
import { CustomMeasurements } from './catalogue/custom-measurements.ts';
import { declarationsStanding } from './catalogue/declaration-files.ts';
import type { CentralConfig } from './config/config.ts';
import { resolveForStart } from './config/resolve-config.ts';
import { startFiles } from './config/start-files.ts';
import { certificateExpiries } from './health/certificate-expiry.ts';
import { DEFAULT_BROKER_LIMITS } from './mqtt/broker/limits.ts';
import { createCentralBus } from './mqtt/open-bus.ts';
import { createJobs } from './jobs/jobs.ts';
import { createParts, type SharedParts } from './parts.ts';
import { openStateDatabase } from './state/database.ts';
import { createStore } from './store/create-store.ts';
import { StoreUnavailableError, type SampleStore } from './store/sample-store.ts';

export interface CentralDeps {
  readonly log: Logger;
  readonly version: string;
  readonly env: NodeJS.ProcessEnv;
  /** Knows what an agent's config may hold, as central itself does not. */
  readonly checkAgentConfig: ConfigChecker;
  /** On the spot without it. */
  readonly readYaml?: ReadYaml;
  /** Default: the one that the build lays beside the program. */
  readonly boardDirectory?: string;
  /** What people may do to the simulated city, where there is one. */
  readonly demo?: DemoScenarios;
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
  /** Opens the board in a browser, once and within ten minutes; with the role viewer for a month, with a higher one as after a login. */
  pageLink(role?: Role): string;
  createAdminToken(): string;
  /** A token to show to whoever starts this for the first time; undefined once any token of an administrator was used. */
  firstAdminToken(): string | undefined;
  credentials(): AgentCredentials;
  /** Inventory, declared measurements and own rules; false: none is that of files. */
  rereadFiles(): boolean;
  status(): CentralStatus;
}

const STORE_OPEN_TIMEOUT_MS = 30_000;
/** Of each part that takes time (API, jobs, ingest, bus, store), so that all of them fit into what a caller waits for central. */
const STOP_TIMEOUT_MS = 5_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** The collector as one service: what `wardwatch central` runs and `wardwatch start` runs inside. */
export function createCentral(config: CentralConfig, deps: CentralDeps): Central {
  const stack = new ServiceStack({ log: deps.log, stopTimeoutMs: STOP_TIMEOUT_MS });
  let running: Running | undefined;
  let stopping: Promise<void> | undefined;
  const live = (): Running => {
    if (running === undefined) throw new Error('central has not started');
    return running;
  };
  const createAdminToken = (): string => {
    const { tokens, audit, clock } = live().api;
    const created = tokens.create(FIRST_START, 'admin', clock.now());
    audit.append({
      atMs: clock.now(),
      actor: FIRST_START,
      action: 'token.create',
      target: describeCreated(created),
    });
    return created.token;
  };
  return {
    name: 'central',
    start: async (signal) => {
      try {
        running = await open(config, deps, stack, signal);
      } catch (error) {
        throwJoined([error, ...(await stack.stop())]);
      }
    },
    stop: () => (stopping ??= stack.stop().then(throwJoined)),
    apiUrl: () => live().apiUrl,
    brokerUrl: () => live().brokerUrl,
    storeName: () => live().api.store.name,
    pageLink: (role = 'viewer') => {
      const { sessions, clock } = live().api;
      const { code } = sessions.createCode({ name: 'this start', role }, clock.now());
      return `${live().apiUrl}${pathWithCode(code)}`;
    },
    createAdminToken,
    firstAdminToken: () => {
      const { tokens } = live().api;
      const admins = tokens.list().filter(({ role }) => role === 'admin');
      if (admins.some(({ lastUsedAtMs }) => lastUsedAtMs !== undefined)) return undefined;
      // Nobody may have seen it: a start can be killed before it prints.
      for (const { id, name } of admins) if (name === FIRST_START) tokens.revoke(id);
      return createAdminToken();
    },
    credentials: () => live().api.credentials,
    rereadFiles: () => {
      if (running === undefined) return false;
      const { rereadInventoryFile, rereadDeclarations, ruleReload } = running.api;
      return [rereadInventoryFile(), rereadDeclarations(), ruleReload.reread()].includes(true);
    },
    status: () => statusOf(live().api),
  };
}

interface Running {
  readonly api: SharedParts;
  readonly apiUrl: string;
  readonly brokerUrl: string;
}

/** Each service that is up is on the stack, so that a start which fails leaves nothing open. */
async function open(
  config: CentralConfig,
  deps: CentralDeps,
  stack: ServiceStack,
  signal: AbortSignal,
): Promise<Running> {
  const { log } = deps;
  // What a person can have got wrong comes first, before anything is started.
  const file = deps.inventory === undefined ? config.inventoryFile : undefined;
  // Before it is read, so that a change in between is seen.
  const inventoryFile = file === undefined ? undefined : { file, standing: fileStanding(file) };
  const { rulesDirectory, measurementsDirectory } = config;
  const declarationsRead =
    measurementsDirectory === undefined ? '' : declarationsStanding(measurementsDirectory);
  const rulesRead = rulesDirectory === undefined ? '' : rulesStanding(rulesDirectory);
  const resolved = resolveForStart(config, deps.env, deps.inventory);
  const lock = lockDirectory(config.dataDirectory);
  stack.add('data directory', () => lock.release());
  const database = openStateDatabase(join(config.dataDirectory, 'state.db'));
  stack.add('state database', () => database.close());
  const measurements = new CustomMeasurements(database);
  const before = { versions: openRuleVersions(database), measurements };
  const { rules, refusedRules, refusedDeclarations } = startFiles(config, resolved, before);
  const store = await createStore(resolved.storeChoice, {
    catalogue: measurements.stored,
    log,
    now: () => systemClock.now(),
    repair: true,
  });
  stack.add('store', () => store.close());
  const isStoreOpen = await openStore(store, signal, log);

  warnOfFormerKinds(rules, log);
  warnOfFewOpenFiles(config, log);
  const clock = systemClock;
  const random = Math.random;
  const { api, centralBus, services } = await createParts({
    clock,
    random,
    log,
    version: deps.version,
    database,
    store,
    startsWithoutStore: !isStoreOpen,
    openBus: (hooks) =>
      createCentralBus(config.broker, { ...hooks, clock, random, log, secrets: resolved.brokerSecrets }),
    quarantineDirectory: join(config.dataDirectory, 'quarantine'),
    measurements,
    declarations:
      measurementsDirectory === undefined
        ? undefined
        : { directory: measurementsDirectory, standing: declarationsRead, refused: refusedDeclarations },
    rules,
    ownRules:
      rulesDirectory === undefined
        ? undefined
        : {
            directory: rulesDirectory,
            standing: rulesRead,
            shipped: resolved.shippedRules,
            refused: refusedRules,
          },
    grantsHash: resolved.oidc && grantsHash(resolved.oidc.config),
    notify: resolved.notify,
    hasCanary: config.canary,
    inventory: resolved.inventory,
    inventoryFile,
    rawRetentionMs: config.retention.rawDays * DAY_MS,
    historyRetention: {
      minuteMs: config.retention.minuteDays * DAY_MS,
      hourMs: config.retention.hourDays * DAY_MS,
    },
    timeZone: config.timeZone,
    sparkplug: config.sparkplug,
    networkSurvey: config.networkSurvey,
    checkAgentConfig: deps.checkAgentConfig,
    readYaml: deps.readYaml,
    certificates: certificateExpiries({
      'api.tls': resolved.apiTls ?? {},
      'broker.tls': resolved.brokerSecrets.tls,
    }),
    heapLimitBytes: heapLimitBytes(),
    readProcess: readProcessUsage,
    readDisk: () => readDiskSpace(config.dataDirectory),
    readEventLoopDelayP99Ms: createEventLoopDelayReader(),
  });
  if (config.firstTokenFile !== undefined)
    takeFirstToken(config.firstTokenFile, { tokens: api.tokens, audit: api.audit, nowMs: clock.now() });
  openBrokerInUse(database).record(config.broker.kind);
  database.recordProgram(deps.version);
  const heap = createJobs([{ name: 'heap', everyMs: MINUTE_MS, run: closeHeapHoles }], { clock, log });
  for (const service of [...services, heap]) await stack.start(service, signal);
  const { apiTls, oidc } = resolved;
  // In a file of its own: Vietnamese text makes V8 keep a source in memory with two bytes a character.
  const { statusPage, STATUS_PAGE_PATH } = await import('./status-page/status-page.ts');
  const board = readBoard(deps.boardDirectory ?? BOARD_DIRECTORY);
  const { publicUrl } = config.api;
  const app = await buildApi(api, {
    log,
    demo: deps.demo,
    oidc: oidc && (await openOidc({ ...oidc, clock, log })),
    ...(apiTls !== undefined && { tls: apiTls }),
    isExempt: addressMatcher(config.api.exemptAddresses),
    browsers: {
      isSecure: apiTls !== undefined || publicUrl?.startsWith('https:') === true,
      ownOrigin: publicUrl === undefined ? undefined : new URL(publicUrl).origin,
    },
    pages: (scope) => statusPage(scope, api),
    openPages: (scope) => boardRoutes(scope, board, STATUS_PAGE_PATH),
  });
  stack.add('api', () => app.close());
  const apiUrl = await listen(app, config.api);
  return { api, apiUrl, brokerUrl: centralBus.url() };
}

/** Few use it, and its library is much. */
async function openOidc(deps: OidcProviderDeps): Promise<OidcProvider> {
  const module = await import('./access/oidc/oidc-provider.ts');
  return new module.OidcProvider(deps);
}

/** False: it does not answer. That does not stop the start: alerts do not need it, and agents keep what is not stored yet. */
async function openStore(store: SampleStore, signal: AbortSignal, log: Logger): Promise<boolean> {
  try {
    await store.open(AbortSignal.any([signal, AbortSignal.timeout(STORE_OPEN_TIMEOUT_MS)]));
    return true;
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    log.error({ err: error }, 'the store cannot be used; starting without it');
    return false;
  }
}

/** For the store, `state.db`, the quarantine and what Node itself needs. */
const OTHER_OPEN_FILES = 256;

/** Central goes on with fewer: whoever comes last then waits. */
function warnOfFewOpenFiles({ broker }: CentralConfig, log: Logger): void {
  const openFiles = readOpenFilesLimit();
  const ofBroker = broker.kind === 'embedded' ? DEFAULT_BROKER_LIMITS.maxOpen : 0;
  const needed = ofBroker + API_CONNECTION_LIMITS.maxOpen + OTHER_OPEN_FILES;
  if (openFiles === undefined || openFiles >= needed) return;
  log.warn(
    { openFiles, needed },
    'the limit of open files (ulimit -n, LimitNOFILE) is below what the bounds of broker and API allow',
  );
}

function statusOf(api: SharedParts): CentralStatus {
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
