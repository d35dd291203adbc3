import type { Catalogue } from '../contract/catalogue.ts';
import { agentTopic } from '../contract/topics.ts';
import { CATALOGUE } from '../contract/measurements/index.ts';
import type { Clock, Random } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import type { DiskSpace } from '../runtime/disk-space.ts';
import type { ProcessUsage } from '../runtime/process-usage.ts';
import type { Service } from '../runtime/service.ts';
import { openAgentCredentials, type AgentCredentials } from './access/agent-credentials.ts';
import { openAuditLog, type AuditLog } from './access/audit.ts';
import { PageSessions } from './access/page-sessions.ts';
import { RefusedConnections } from './access/refused-connections.ts';
import { RefusedLogins } from './access/refused-logins.ts';
import { RefusedTokens } from './access/refused-tokens.ts';
import { openTokenStore, type TokenStore } from './access/tokens.ts';
import { createAgentConfigs, type AgentConfigs, type ConfigChecker } from './agent-config/agent-configs.ts';
import { ConfigPublisher } from './agent-config/config-publisher.ts';
import { openConfigRevisions } from './agent-config/config-revisions.ts';
import { StandingWatch } from './agent-config/standing-watch.ts';
import { createAlertEngine, type AlertEngine } from './alerts/engine/engine.ts';
import { openAlertTransitions } from './alerts/history/alert-transitions.ts';
import { openRuleVersions, type RuleVersions } from './alerts/history/rule-versions.ts';
import type { BacktestDeps } from './alerts/replay/backtest.ts';
import { createRuleReload, type ReadRules, type RuleReload } from './alerts/reload/rule-reload.ts';
import { createCityEvidence } from './alerts/rules/city-evidence.ts';
import { createLife, type Life } from './alerts/life/create-life.ts';
import { createIncidents, INCIDENTS_KEPT_MS, type Incidents } from './alerts/incidents/incidents.ts';
import type { AlertRule } from './alerts/rules/rule.ts';
import { suppressedAlerts, type SuppressionOf } from './alerts/suppression/suppressed-alerts.ts';
import { firstSuppression, type Suppressor } from './alerts/suppression/suppression.ts';
import { cityChanges } from './api/changes/city-changes.ts';
import type { ChangeSource } from './api/changes/change-source.ts';
import { agentEvent, alertEvent, configEvent } from './api/events/city-events.ts';
import { EventLog } from './api/events/event-log.ts';
import { tellStates } from './api/events/state-events.ts';
import { AgentProblems, type ProblemFinding } from './health/agent-problems.ts';
import { BlastRadii } from './health/blast-radius/blast-radii.ts';
import { cityCalendar } from './health/city-calendar.ts';
import { findLimited } from './health/limited-agents.ts';
import { warnOfExpiry, type CertificateExpiry } from './health/certificate-expiry.ts';
import { DataDisk } from './health/data-disk.ts';
import type { RefusalCounts } from './health/pipeline-sample.ts';
import { PipelineReporter } from './health/pipeline-reporter.ts';
import { DeviceSightings } from './health/reconciliation/device-sightings.ts';
import { Reconciliation } from './health/reconciliation/reconciliation.ts';
import { followServices, ServiceStates } from './health/services/service-states.ts';
import { createCityStates } from './health/states/create-city-states.ts';
import type { CityStates } from './health/states/city-states.ts';
import { followElements } from './health/states/history/followed-states.ts';
import { openHistoryStore } from './health/states/history/history-store.ts';
import { StateHistory } from './health/states/history/state-history.ts';
import { openDismissals, type Dismissals } from './health/topology/dismissals.ts';
import { Topology } from './health/topology/topology.ts';
import { watchStoreLosses } from './health/store-losses.ts';
import { createIngest, type Ingest } from './ingest/ingest.ts';
import { openQuarantine, type Quarantine } from './ingest/quarantine/quarantine.ts';
import { judgeSeriesAnew } from './ingest/validate/judge-series.ts';
import { judgedDifferently, listedIn, ownersIn } from './ingest/validate/owners.ts';
import { createValidator } from './ingest/validate/validator.ts';
import type { Inventory } from './inventory/inventory.ts';
import { InventoryFileWatch, type ReadFile } from './inventory/inventory-file-watch.ts';
import { ManagedInventory } from './inventory/managed-inventory.ts';
import { InventorySearch } from './inventory/search/inventory-search.ts';
import { isInService, leftBetween } from './inventory/left.ts';
import { movedBetween } from './inventory/moved.ts';
import { createHistoryJobs } from './jobs/history.ts';
import { retentionLimitMs, type RetentionInputs } from './jobs/retention-limit.ts';
import { createJobs, type Job } from './jobs/jobs.ts';
import type { Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/sqlite-ledger.ts';
import { createLatestCache, type LatestCache } from './live/latest-cache.ts';
import { PointRate } from './live/point-rate.ts';
import { UnexpectedDevices } from './live/unexpected-devices.ts';
import type { Canary } from './notify/canary/canary.ts';
import { createCanary } from './notify/canary/create-canary.ts';
import { OnCallCalendars } from './notify/on-call/calendars.ts';
import { createNotifier, type Notifier } from './notify/notifier.ts';
import { wouldTell } from './notify/route/would-tell.ts';
import { routeRuleProblems, type NotifySetup } from './notify/settings/load-notify.ts';
import { openAgentRegistry, type AgentRegistry } from './liveness/agent-registry.ts';
import { openPhaseLog, PHASES_KEPT_MS } from './liveness/phase-log.ts';
import { PhaseWatch } from './liveness/phase-watch.ts';
import { StallWatch } from './liveness/stall-watch.ts';
import { TrustedClock, type ClockStanding } from './liveness/trusted-clock.ts';
import type { BrokerStats } from './mqtt/broker/embedded-broker.ts';
import type { Authenticate } from './mqtt/broker/gatekeeper.ts';
import type { BrokerRefusal } from './mqtt/broker/refusal.ts';
import type { CentralBus } from './mqtt/open-bus.ts';
import type { SparkplugConfig } from './sparkplug/config.ts';
import type { SparkplugStats } from './sparkplug/host-stats.ts';
import type { NodeView } from './sparkplug/node-view.ts';
import { SeriesRegistry } from './samples/series-registry.ts';
import { openBackupRecord } from './state/backup-record.ts';
import type { StateDatabase } from './state/database.ts';
import type { SampleStore } from './store/sample-store.ts';
import { StoreCopies } from './store/store-copies.ts';

/** Callbacks of the embedded broker. */
export interface BusHooks {
  readonly authenticate: Authenticate;
  readonly onRefused: (refusal: BrokerRefusal) => void;
}

export interface PartsDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly version: string;
  /** Open already, as the store; whoever opened them closes them. */
  readonly database: StateDatabase;
  readonly store: SampleStore;
  /** The store did not answer when it was opened. */
  readonly startsWithoutStore?: boolean;
  readonly openBus: (hooks: BusHooks) => CentralBus;
  readonly quarantineDirectory: string;
  readonly rules: readonly AlertRule[];
  /** They follow their directory; without it, rules stay as they are. */
  readonly ownRules?: ReadRules | undefined;
  /** Who is told of alerts; nobody without it. */
  readonly notify?: NotifySetup | undefined;
  /** A fault that is none is raised every ten minutes, to see whether it would be told. */
  readonly hasCanary?: boolean;
  /** In force from the start on; without it, what was in force last. */
  readonly inventory?: Inventory | undefined;
  /** Where `inventory` was read from: only this file changes the inventory then. */
  readonly inventoryFile?: ReadFile | undefined;
  readonly rawRetentionMs: number;
  /** How long what samples are rolled up into is kept. */
  readonly historyRetention: { readonly minuteMs: number; readonly hourMs: number };
  /** Of days in answers of the API; UTC without it. */
  readonly timeZone?: string;
  readonly sparkplug?: SparkplugConfig | undefined;
  readonly checkAgentConfig: ConfigChecker;
  /** Those that central presents or trusts; none without TLS. */
  readonly certificates?: readonly CertificateExpiry[];
  readonly readProcess: () => ProcessUsage;
  /** Of the file system of the data directory. */
  readonly readDisk: () => Promise<DiskSpace>;
  /** Since the reading before. */
  readonly readEventLoopDelayP99Ms: () => number;
}

/** What the API, the pages and main read and write. */
export interface SharedParts {
  readonly clock: Clock;
  readonly catalogue: Catalogue;
  readonly timeZone: string;
  readonly tokens: TokenStore;
  readonly credentials: AgentCredentials;
  /** Ends its session at the embedded broker. */
  readonly disconnectAgent: (agent: string) => void;
  /** Ends all that is known of an agent, but for its samples and its ledger; false: nothing was known. */
  readonly retireAgent: (agent: string) => boolean;
  readonly audit: AuditLog;
  readonly refusedTokens: RefusedTokens;
  readonly refusedConnections: RefusedConnections;
  readonly sessions: PageSessions;
  readonly certificates: readonly CertificateExpiry[];
  readonly inventory: Inventory;
  readonly managedInventory: ManagedInventory;
  readonly inventorySearch: InventorySearch;
  /** Why the inventory file as it is now is not in force; empty: it is, or there is none. */
  readonly inventoryFileProblems: () => readonly string[];
  /** Reads the inventory file at once; false: there is none. */
  readonly rereadInventoryFile: () => boolean;
  readonly registry: AgentRegistry;
  readonly problems: AgentProblems;
  readonly unexpectedDevices: UnexpectedDevices;
  readonly configs: AgentConfigs;
  /** The state of everything that the inventory expects. */
  readonly states: CityStates;
  readonly serviceStates: ServiceStates;
  readonly blastRadii: BlastRadii;
  readonly reconciliation: Reconciliation;
  readonly topology: Topology;
  readonly topologyDismissals: Dismissals;
  readonly stateHistory: StateHistory;
  readonly latest: LatestCache;
  readonly store: SampleStore;
  readonly storeCopies: StoreCopies;
  readonly ledger: Ledger;
  readonly quarantine: Quarantine;
  readonly alerts: AlertEngine;
  readonly ruleVersions: RuleVersions;
  readonly ruleReload: RuleReload;
  readonly backtests: BacktestDeps;
  readonly alertLife: Life['alertLife'];
  readonly silences: Life['silences'];
  readonly maintenance: Life['maintenance'];
  /** Why nobody is told of an alert at present. */
  readonly suppression: Suppressor;
  readonly incidents: Incidents;
  readonly suppressionOf: SuppressionOf;
  readonly notifications: Notifier;
  readonly onCall: OnCallCalendars;
  /** Only where it runs. */
  readonly canary?: Pick<Canary, 'stats'>;
  readonly events: EventLog;
  readonly changeSources: readonly ChangeSource[];
  readonly ingest: Ingest;
  /** Points stored per second, lately. */
  readonly pointsPerS: () => number;
  readonly broker: {
    readonly connected: boolean;
    refused(): Readonly<Record<string, number>>;
    /** Not of an external broker. */
    readonly stats?: () => BrokerStats;
  };
  /** Only if Sparkplug is configured. */
  readonly sparkplug?: { stats(): SparkplugStats; describe(agent: string): NodeView | undefined };
  readonly readProcess: () => ProcessUsage;
  readonly clockStanding: () => ClockStanding;
  /** Room in the data directory; undefined: not known, or not lately. */
  readonly dataDisk: () => DiskSpace | undefined;
  /** Of the last whole backup; before the first one, of the first start. Unix time, ms. */
  readonly lastBackupAtMs: () => number;
  /** Nearly all agents fell silent at once. */
  readonly isDeaf: () => boolean;
  /** How long central itself stood still, since its start. */
  readonly stalledMs: () => number;
  readonly version: string;
}

export interface CentralParts {
  readonly api: SharedParts;
  readonly centralBus: CentralBus;
  /** To be started in this order and stopped in reverse: no new batches, then the last acknowledgements, then state is saved. */
  readonly services: readonly Service[];
}

/** A revoked password ends its session within a second, also when another process revoked it. */
const REVOKED_MS = 500;
const SECOND_MS = 1_000;
const PIPELINE_MS = 10_000;
/** A change of state is told within this time. */
const STATES_MS = 500;
const STATE_HISTORY_MS = 5_000;
const LIMITS_MS = 10_000;
const WATCHED_FILES_MS = 2_000;
const MINUTE_MS = 60_000;
/** Some hundred bytes each, kilobytes at most; a cut of the whole city is one for each element. */
const EVENTS_KEPT = 20_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const DEAF =
  'nearly all agents fell silent at once: the fault is probably at the end of central (network, broker); none is absent';
const HEARS_AGAIN = 'half of the agents that fell silent at once are heard again: their absence counts again';

/**
 * The composition root of central, for production and rehearsals alike: reads no file of configuration, no environment
 * and no clock but the one given, listens nowhere.
 */
export async function createParts(deps: PartsDeps): Promise<CentralParts> {
  const { random, log, database, store } = deps;
  const clock = new TrustedClock(deps.clock, log);
  const quarantine = openQuarantine({ directory: deps.quarantineDirectory, clock, log });
  const credentials = openAgentCredentials(database);
  const audit = openAuditLog(database);
  const { inventoryFile } = deps;
  const managedInventory = new ManagedInventory({
    database,
    audit,
    clock,
    log,
    onInternalError: (error) => {
      log.error({ err: error }, 'part of central does not follow the inventory as it is now');
      ingest.countInternalError();
    },
    file: inventoryFile?.file,
  });
  if (deps.inventory !== undefined)
    managedInventory.replace(deps.inventory, {
      actor: inventoryFile === undefined ? 'start' : `file ${inventoryFile.file}`,
    });
  const inventory = managedInventory.live;
  const inventoryWatch =
    inventoryFile === undefined
      ? undefined
      : new InventoryFileWatch({ ...inventoryFile, inventory: managedInventory, clock, log });
  const refusedLogins = new RefusedLogins({ audit, clock, log });
  const problems = new AgentProblems(log);
  const registry = openAgentRegistry({
    inventory,
    database,
    clock,
    log,
    onTwins: (agent, nowMs) => problems.record(twinsOf(agent), nowMs),
  });
  const series = new SeriesRegistry();
  const unexpectedDevices = new UnexpectedDevices(series, CATALOGUE, clock);
  const latest = createLatestCache(series);
  const ledger = openLedger(database);
  await watchStoreLosses({ ledger, store, clock, log });
  const timeZone = deps.timeZone ?? 'UTC';
  const states = createCityStates({ inventory, registry, series, clock, timeZone });
  const events = new EventLog({
    capacity: EVENTS_KEPT,
    run: Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, '0'),
    nowMs: clock.now(),
  });
  const calendar = cityCalendar(timeZone);
  const today = (): string => calendar.dayOf(clock.now());
  const serviceStates = new ServiceStates({ inventory, states, latest, clock, today });
  const sightings = new DeviceSightings({
    inventory,
    database,
    nowMs: clock.now(),
    dayOf: (timeMs) => calendar.dayOf(timeMs),
  });
  inventory.onChange(() => sightings.follow(clock.now()));
  const followed = [followElements(states), followServices(serviceStates)];
  const stateHistory = new StateHistory({
    store: openHistoryStore(database),
    followed,
    clock,
    standing: () => clock.standing(),
    deleteBeforeMs: (keptMs) => deleteBeforeMs(keptMs),
    log,
  });
  tellStates(followed, events, inventory);
  let wasDeaf = false;
  const isDeaf = (): boolean => wasDeaf;
  const reconciliation = new Reconciliation({
    ...{ inventory, registry, states, sightings, unexpectedDevices, clock, calendar },
    isDeaf,
  });
  const city = createCityEvidence({
    ...{ inventory, registry, states, sightings, reconciliation, calendar, isDeaf },
    services: serviceStates,
  });
  const topology = new Topology({ inventory, latest, registry, clock, today });
  const canary = createCanary({
    parts: () => ({ bus, ingest, alerts, incidents, notifications }),
    ...{ ledger, notify: deps.notify, clock, random, log },
  });
  const ruleVersions = openRuleVersions(database);
  const alerts = createAlertEngine({
    rules: ruleVersions.record(deps.rules, clock.now()),
    sources: {
      ...{ liveness: registry, problems, latest, city, wiring: topology },
      devices: () => inventory.devices,
    },
    devices: () => inventory.devices,
    isInService: (device) => isInService(inventory, device, today()),
    onTransition: (alert, event) => {
      if (!canary.noteTransition(alert, event)) events.append(alertEvent(alert, event));
    },
    database,
    clock,
    log,
  });
  const ruleReload = createRuleReload({
    ...{ own: deps.ownRules, catalogue: CATALOGUE, alerts, versions: ruleVersions, audit, clock, log },
    problemsOf: (ids) => routeRuleProblems(deps.notify?.routes ?? [], ids),
  });
  const blastRadii = new BlastRadii({ inventory, today });
  const life = createLife({
    ...{ alerts, inventory, timeZone, database, audit, clock, log },
    blastRadius: (of, alreadyFailed) => blastRadii.of(of, alreadyFailed),
  });
  const transitions = openAlertTransitions(database);
  const wasTold = (id: string): boolean =>
    notifications.tellingsOf(id).some(({ told }) => told !== 'nothing');
  const handled = firstSuppression(life.suppressors);
  const incidents = createIncidents({
    transitions,
    rules: alerts.rules,
    states,
    services: () => serviceStates.list(),
    inventory,
    alertOf: (id) => alerts.get(id),
    wasTold,
    willBeTold: (alert) =>
      wasTold(alert.id) ||
      (handled.suppressionOf(alert, clock.now()) === undefined && notifications.willHear(alert)),
    database,
    clock,
    log,
  });
  states.onChange((changes) => incidents.noteStates(changes.map(({ ref }) => ref)));
  const suppression = firstSuppression([handled, ...incidents.suppressors]);
  const notifications = createNotifier({
    setup: deps.notify,
    transitions,
    rules: alerts.rules,
    inventory,
    timeZone: deps.timeZone ?? 'UTC',
    suppressor: suppression,
    incidents,
    isAcknowledged: (id) => alerts.get(id)?.acknowledgement !== undefined,
    ...(deps.hasCanary === true && { canarySink: canary.sink }),
    database,
    clock,
    random,
    log,
  });
  const centralBus = deps.openBus({
    authenticate: (name, password) => {
      if (!credentials.verify(name, password)) return undefined;
      const node = credentials.nodeOf(name);
      return node === undefined ? 'agent' : { role: 'sparkplug', node };
    },
    onRefused: ({ kind, reason, client, claimed = '', topic, address = 'unknown' }) => {
      if (kind === 'authentication') refusedLogins.record({ address, claimed, reason });
      // What strangers send is counted and in the log, but never takes room from the data of agents.
      if (client === undefined) return;
      const where = topic === undefined ? `from ${address}` : `topic ${topic}, from ${address}`;
      quarantine.add({ agent: client, code: `broker-${kind}`, reason: `${reason}, ${where}` });
    },
  });
  const { bus } = centralBus;
  const revisions = openConfigRevisions(database);
  const reported = (agent: string) => registry.configOf(agent);
  const configPublisher = new ConfigPublisher({ bus, revisions, reported, clock, log });
  const findOwners = ownersIn(inventory);
  const isListed = listedIn(inventory);
  const ingest = createIngest({
    bus: canary.watch(bus),
    validator: createValidator(
      CATALOGUE,
      { retentionMs: deps.rawRetentionMs },
      { registry: series, findOwners, isListed },
    ),
    observers: [...canary.hideFrom([registry, latest, states, sightings]), canary, alerts],
    store,
    ledger,
    quarantine,
    clock,
    random,
    log,
    startsWithoutStore: deps.startsWithoutStore ?? false,
    isClockCertain: () => clock.standing().isCertain,
    hasTwin: (agent) => problems.find(agent, 'twins', clock.now()) !== undefined,
    hooks: {
      onState: (agent, state, receivedAtMs) => {
        registry.recordState(agent, state, receivedAtMs);
        configPublisher.onAgentState(agent);
      },
      onAnyState: (agent, state, receivedAtMs) => registry.recordIdentity(agent, state, receivedAtMs),
    },
  });
  const shared = { bus, ingest, registry, inventory, database, clock, log, catalogue: CATALOGUE };
  const sparkplug = deps.sparkplug && (await loadSparkplug())(deps.sparkplug, shared);
  inventory.onChange((now, before) => {
    const isTouched = judgedDifferently(before, now);
    if (isTouched !== undefined)
      judgeSeriesAnew({ registry: series, catalogue: CATALOGUE, findOwners, isListed }, isTouched);
  });
  inventory.onChange((_now, before) => {
    registry.recordInventoryChange(before);
    for (const agent of before.agents.keys()) {
      // Nobody misses it any more, and it was never there to say that it is back.
      if (registry.get(agent, clock.now()) === undefined) alerts.withdraw(agent, clock.now());
    }
  });
  inventory.onChange((now, before) => alerts.withdrawDevices(leftBetween(before, now, today()), clock.now()));
  inventory.onChange((now, before) => sparkplug?.recordMoved(movedBetween(before, now)));
  const rate = new PointRate();
  const tokens = openTokenStore(database);
  const { certificates = [] } = deps;
  warnOfExpiry(certificates, clock.now(), log);
  const retireAgent = (agent: string): boolean => {
    const isKnown = registry.get(agent, clock.now()) !== undefined;
    if (!credentials.revoke(agent) && !isKnown) return false;
    centralBus.disconnect((id) => id === agent);
    revisions.forget(agent);
    registry.retire(agent);
    alerts.withdraw(agent, clock.now());
    problems.forget(agent);
    for (const kind of ['state', 'config'] as const) {
      // An empty retained message deletes the one before.
      bus.publish(agentTopic(agent, kind), '', { qos: 1, retain: true }).catch((err: unknown) => {
        log.warn({ agent, kind, err }, 'the retained message of a retired agent could not be deleted');
      });
    }
    return true;
  };
  const configs = createAgentConfigs({
    revisions,
    reported,
    check: deps.checkAgentConfig,
    publish: (agent) => configPublisher.publish(agent),
    clock,
  });
  const phases = openPhaseLog(database);
  const phaseWatch = new PhaseWatch({
    registry,
    log: phases,
    onChange: (change) => events.append(agentEvent(change)),
  });
  const standingWatch = new StandingWatch({
    agents: () => registry.ids(),
    standing: (agent) => configs.standing(agent),
    onChange: (agent, standing) =>
      events.append(configEvent(agent, standing, registry.locationOf(agent), clock.now())),
  });
  const refusedConnections = new RefusedConnections({ clock, log });
  const storeCopies = new StoreCopies(store);
  const disk = new DataDisk({ read: deps.readDisk, clock, log });
  const backups = openBackupRecord(database, clock.now());
  const stalls = new StallWatch(SECOND_MS, clock.monotonicMs());
  const api: SharedParts = {
    clock,
    catalogue: CATALOGUE,
    timeZone,
    tokens,
    credentials,
    audit,
    certificates,
    sessions: new PageSessions({ database, tokens }),
    refusedTokens: new RefusedTokens({ audit, clock, log }),
    refusedConnections,
    inventory,
    managedInventory,
    inventorySearch: new InventorySearch(inventory),
    inventoryFileProblems: () => inventoryWatch?.problems ?? [],
    rereadInventoryFile: () => {
      inventoryWatch?.reread();
      return inventoryWatch !== undefined;
    },
    registry,
    problems,
    unexpectedDevices,
    states,
    serviceStates,
    blastRadii,
    reconciliation,
    topology,
    topologyDismissals: openDismissals(database),
    configs,
    stateHistory,
    latest,
    store,
    storeCopies,
    ledger,
    quarantine,
    alerts,
    ruleVersions,
    ruleReload,
    backtests: {
      ...{ store, catalogue: CATALOGUE, isExpected: isListed },
      dayOf: (timeMs) => calendar.dayOf(timeMs),
      wouldTell: deps.notify && ((alert) => wouldTell(alert, deps.notify?.routes ?? [], timeZone)),
    },
    alertLife: life.alertLife,
    silences: life.silences,
    maintenance: life.maintenance,
    suppression,
    incidents,
    suppressionOf: suppressedAlerts({ suppressor: suppression, wasTold, clock }),
    notifications,
    onCall: deps.notify?.onCall ?? new OnCallCalendars([], []),
    ...(deps.hasCanary === true && { canary }),
    events,
    changeSources: cityChanges({
      alerts,
      phases,
      revisions,
      audit,
      stateHistory,
      inventory,
      locationOf: (agent) => registry.locationOf(agent),
    }),
    ingest,
    pointsPerS: () => rate.perS(),
    disconnectAgent: (agent) => centralBus.disconnect((id) => id === agent),
    retireAgent,
    broker: {
      get connected() {
        return bus.connected;
      },
      refused: () => centralBus.refused(),
      ...(centralBus.stats !== undefined && { stats: centralBus.stats }),
    },
    ...(sparkplug !== undefined && { sparkplug }),
    readProcess: deps.readProcess,
    clockStanding: () => clock.standing(),
    dataDisk: () => disk.space,
    lastBackupAtMs: () => backups.lastAtMs(),
    isDeaf,
    stalledMs: () => stalls.totalMs,
    version: deps.version,
  };
  const refusalsSoFar = (): RefusalCounts => {
    const stats = centralBus.stats?.();
    return {
      connections: (stats?.refused.connection ?? 0) + refusedConnections.count,
      logins: stats?.refused.authentication ?? 0,
      heldBack: (stats?.heldBack ?? 0) + ingest.stats().heldBack,
    };
  };
  const history = createHistoryJobs({
    store,
    clock,
    log,
    retention: { rawMs: deps.rawRetentionMs, ...deps.historyRetention },
    readTime: () => readTime(),
  });
  const pipeline = new PipelineReporter({
    read: () => ({
      takenAtMs: clock.monotonicMs(),
      ingest: ingest.stats(),
      quarantine: quarantine.stats(),
      refusals: refusalsSoFar(),
      alerts: alerts.stats(),
      notifications: notifications.stats(),
      problems: problems.counts(clock.now()),
      unexpectedDevices: unexpectedDevices.count,
      inventoryFileProblems: inventoryWatch?.problems.length ?? 0,
      ruleProblems: ruleReload.refused()?.problems.length ?? 0,
      process: deps.readProcess(),
      clock: clock.standing(),
      stalledMs: stalls.totalMs,
      storeLostBatches: ledger.storeLostBatches(clock.now() - HOUR_MS),
      isDeaf: wasDeaf,
      disk: disk.space,
      historyLagMs: history.lagMs(),
      lastBackupAtMs: backups.lastAtMs(),
      certificates,
      eventLoopDelayP99Ms: deps.readEventLoopDelayP99Ms(),
    }),
    own: ingest.own,
    clock,
  });
  const isTimeSure = (): boolean => {
    const { isAgreed, isCertain } = clock.standing();
    return isAgreed && isCertain;
  };
  const readTime = (): Omit<RetentionInputs, 'retentionMs'> => ({
    nowMs: clock.now(),
    newestMeasuredAtMs: ingest.stats().newestMeasuredAtMs,
    areClocksAgreed: isTimeSure(),
  });
  const deleteBeforeMs = (retentionMs: number): number | undefined =>
    retentionLimitMs({ ...readTime(), retentionMs });
  const hear = (): void => {
    const stalledMs = stalls.tick(clock.monotonicMs());
    if (stalledMs > 0) {
      log.error({ stalledMs }, 'central stood still; the silence of that time is not that of the agents');
      registry.recordStall(stalledMs);
      states.recordStall(stalledMs);
      reconciliation.recordGap();
      stateHistory.recordStall(stalledMs);
    }
    const stepMs = clock.check(registry.clockOffsets(clock.now()));
    if (stepMs !== 0) {
      registry.shiftTime(stepMs);
      states.shiftTime(stepMs);
      stateHistory.shiftTime();
    }
    const isDeaf = registry.checkHearing(clock.now());
    if (isDeaf && !wasDeaf) log.error(DEAF);
    if (wasDeaf && !isDeaf) {
      log.info(HEARS_AGAIN);
      reconciliation.recordGap();
    }
    wasDeaf = isDeaf;
    states.setDeaf(isDeaf);
  };
  const jobs: readonly Job[] = [
    {
      name: 'alerts',
      everyMs: SECOND_MS,
      run: () => {
        hear();
        registry.setListening(bus.connected && ingest.stats().flowMode !== 'hold');
        alerts.tick(clock.now());
        life.alertLife.tick(clock.now());
        life.maintenance.tick(clock.now());
      },
    },
    { name: 'states', everyMs: STATES_MS, run: () => states.tick() },
    { name: 'incidents', everyMs: SECOND_MS, run: () => incidents.tick() },
    { name: 'notifications', everyMs: SECOND_MS, run: () => notifications.tick() },
    {
      name: 'receipts',
      everyMs: MINUTE_MS,
      run: () => {
        if (isTimeSure()) notifications.deleteOld();
      },
    },
    {
      name: 'old changes of agents',
      everyMs: HOUR_MS,
      run: () => {
        const beforeMs = deleteBeforeMs(PHASES_KEPT_MS);
        if (beforeMs !== undefined) phases.deleteBefore(beforeMs);
      },
    },
    {
      name: 'old incidents',
      everyMs: HOUR_MS,
      run: () => {
        const beforeMs = deleteBeforeMs(INCIDENTS_KEPT_MS);
        if (beforeMs !== undefined) incidents.deleteOld(beforeMs);
      },
    },
    {
      name: 'changes of agents',
      everyMs: SECOND_MS,
      run: () => {
        phaseWatch.check(clock.now());
        standingWatch.check();
      },
    },
    { name: 'services', everyMs: SECOND_MS, run: () => serviceStates.refresh() },
    { name: 'state history', everyMs: STATE_HISTORY_MS, run: () => stateHistory.flush() },
    { name: 'rate', everyMs: SECOND_MS, run: () => rate.sample(ingest.stats().storedPoints) },
    {
      name: 'limits',
      everyMs: LIMITS_MS,
      run: () => {
        for (const found of findLimited({ alerts, series, quarantine, ledger, registry }, clock.now())) {
          problems.record(found, clock.now());
        }
      },
    },
    ...(deps.hasCanary === true ? [{ name: 'canary', everyMs: SECOND_MS, run: () => canary.tick() }] : []),
    { name: 'pipeline', everyMs: PIPELINE_MS, run: () => pipeline.report() },
    { name: 'disk', everyMs: PIPELINE_MS, run: () => disk.refresh() },
    { name: 'agents', everyMs: MINUTE_MS, run: () => registry.save() },
    { name: 'topology', everyMs: SECOND_MS, run: () => topology.step() },
    { name: 'sightings', everyMs: MINUTE_MS, run: () => sightings.save() },
    { name: 'certificates', everyMs: DAY_MS, run: () => warnOfExpiry(certificates, clock.now(), log) },
    {
      name: 'revoked agents',
      everyMs: REVOKED_MS,
      run: () => {
        if (credentials.changedElsewhere()) centralBus.disconnect((id) => !credentials.has(id));
      },
    },
    { name: 'inventory file', everyMs: WATCHED_FILES_MS, run: () => inventoryWatch?.check() },
    { name: 'rules', everyMs: WATCHED_FILES_MS, run: () => ruleReload.check() },
    { name: 'tokens', everyMs: MINUTE_MS, run: () => tokens.saveLastUse() },
    { name: 'series', everyMs: HOUR_MS, run: () => series.forgetUnseen(clock.now()) },
    ...history.jobs,
  ];
  return {
    api,
    centralBus,
    services: [
      onStop('store copy', () => storeCopies.stop()),
      onStop('canary', () => canary.stop()),
      onStop('notifications', () => notifications.stop()),
      onStop('agent configs', () => configPublisher.stop()),
      onStop('agents', () => registry.save()),
      onStop('sightings', () => sightings.save()),
      onStop('state history', () => stateHistory.flush()),
      onStop('tokens', () => tokens.saveLastUse()),
      onStop('alerts', () => {
        if (!alerts.save()) throw new Error('the last steps of the alerts could not be written to state.db');
      }),
      bus,
      ingest,
      createJobs(jobs, { clock, log }),
    ],
  };
}

function twinsOf(agent: string): ProblemFinding {
  const detail =
    'two agents use this id and take over each other again and again: give one of them another id';
  return { agent, problem: 'twins', count: 1, detail };
}

/** Its library is loaded only where it is used. */
async function loadSparkplug() {
  const { attachSparkplug } = await import('./sparkplug/attach.ts');
  return attachSparkplug;
}

/** A part that needs no start, but must save or end something. */
function onStop(name: string, stop: () => void | Promise<void>): Service {
  return { name, start: () => Promise.resolve(), stop: async () => stop() };
}
