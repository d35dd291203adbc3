import { readYamlHere } from '../runtime/yaml-thread.ts';
import type { Service } from '../runtime/service.ts';
import { createAccessPart } from './access/access-part.ts';
import { createAgentConfigPart } from './agent-config/agent-config-part.ts';
import { createAlertingPart } from './alerts/alerting-part.ts';
import { createBacklogPart } from './alerts/backlog/backlog-part.ts';
import { openAlertTransitions } from './alerts/history/alert-transitions.ts';
import { createIncidentsPart } from './alerts/incidents/incidents-part.ts';
import { isSeenTo } from './alerts/incidents/seen-to.ts';
import type { BacktestDeps } from './alerts/replay/backtest.ts';
import { createCityEvidence } from './alerts/rules/city-evidence.ts';
import { cityChanges } from './api/changes/city-changes.ts';
import { createEventsPart } from './api/events/events-part.ts';
import { tellStates } from './api/events/state-events.ts';
import { createCapacityPart } from './capacity/capacity-part.ts';
import { followInventory } from './follow-inventory.ts';
import { AgentProblems, twinsOf } from './health/agent-problems.ts';
import { BlastRadii } from './health/blast-radius/blast-radii.ts';
import { cityCalendar } from './health/city-calendar.ts';
import { createOwnHealthPart } from './health/own-health-part.ts';
import { createReconciliationPart } from './health/reconciliation/reconciliation-part.ts';
import { SelfWatch } from './health/self-watch.ts';
import { followServices } from './health/services/service-states.ts';
import { ServiceTargets } from './health/services/service-targets.ts';
import { createServicesPart } from './health/services/services-part.ts';
import { followElements } from './health/states/history/followed-states.ts';
import { createStateHistoryPart } from './health/states/history/state-history-part.ts';
import { createStatesPart } from './health/states/states-part.ts';
import { watchStoreLosses } from './health/store-losses.ts';
import { createTopologyPart } from './health/topology/topology-part.ts';
import { createBusHooks } from './ingest/bus-hooks.ts';
import { createIngestPart } from './ingest/ingest-part.ts';
import { openDecisions } from './ingest/quarantine/decisions.ts';
import { openQuarantine } from './ingest/quarantine/quarantine.ts';
import { listedIn } from './ingest/validate/owners.ts';
import { createInventoryPart } from './inventory/inventory-part.ts';
import { createJobs } from './jobs/jobs.ts';
import { JoinedParts } from './jobs/part.ts';
import { createTrustedTime } from './jobs/trusted-time.ts';
import { openLedger } from './ledger/sqlite-ledger.ts';
import { createCataloguePart } from './catalogue/catalogue-part.ts';
import { CustomMeasurements } from './catalogue/custom-measurements.ts';
import { problemsOfRulesWith } from './alerts/rules/rules-with.ts';
import { createLivePart } from './live/live-part.ts';
import { createAgentsPart } from './liveness/agents-part.ts';
import { TrustedClock } from './liveness/trusted-clock.ts';
import { createCanaryPart } from './notify/canary/canary-part.ts';
import { createNotifyPart } from './notify/notify-part.ts';
import { routeRuleProblems } from './notify/settings/read-routes.ts';
import type { PartsDeps } from './parts-deps.ts';
import { warnOfReservedIds } from './reserved-ids.ts';
import { rolloutEvidence } from './rollout-evidence.ts';
import { retireAgent } from './retire-agent.ts';
import { createRollupsPart } from './rollups/rollups-part.ts';
import { attachNetworkSurvey } from './network-survey/network-survey-part.ts';
import { createSparkplugPart } from './sparkplug/sparkplug-part.ts';
import { createHistoryJobs } from './store/history/history-jobs.ts';
import { SharedQuestions } from './store/shared-questions.ts';
import { StoreCopies } from './store/store-copies.ts';

export type { PartsDeps } from './parts-deps.ts';

export type CentralParts = Awaited<ReturnType<typeof createParts>>;

/** What the API, the pages and main read and write. */
export type SharedParts = CentralParts['api'];

/**
 * The composition root of central, for production and rehearsals alike: reads no file of configuration, no environment
 * and no clock but the one given, listens nowhere. Each part is made from those before it; what it asks of a later one it
 * asks once central runs.
 */
export async function createParts(deps: PartsDeps) {
  const { random, log, database, store, notify, rawRetentionMs, heapLimitBytes, version } = deps;
  const { timeZone = 'UTC' } = deps;
  const clock = new TrustedClock(deps.clock, log);
  const calendar = cityCalendar(timeZone);
  const dayOf = (timeMs: number): string => calendar.dayOf(timeMs);
  const today = (): string => dayOf(clock.now());
  const time = createTrustedTime({ clock, newestMeasuredAtMs: () => ingest.standing.newestMeasuredAtMs });
  const { deleteBeforeMs } = time;
  const base = { database, clock, random, log };
  const { measurements = new CustomMeasurements(database) } = deps;
  const { catalogue } = measurements;
  const cataloguing = createCataloguePart({ measurements, read: deps.declarations, clock, log });
  const { declarationProblems } = cataloguing.shared;

  const access = createAccessPart({
    ...base,
    grantsHash: deps.grantsHash,
    disconnect: (isUnwanted) => centralBus.disconnect(isUnwanted),
  });
  const { credentials, audit, disconnectAgent, refusedConnections } = access.shared;
  const inventories = createInventoryPart({
    ...{ first: deps.inventory, file: deps.inventoryFile, audit, ...base },
    countInternalError: () => ingest.countInternalError(),
  });
  const { inventory, inventoryFileProblems } = inventories.shared;
  const events = createEventsPart({ ...base, locationOf: (agent) => registry.locationOf(agent) });
  const problems = new AgentProblems(log);
  const agents = createAgentsPart({
    ...{ inventory, deleteBeforeMs, ...base },
    onTwins: (agent, nowMs) => problems.record(twinsOf(agent), nowMs),
    onChange: events.onAgent,
  });
  const { registry } = agents.shared;
  const live = createLivePart({
    ...{ catalogue, heapLimitBytes, clock },
    storedPoints: () => ingest.standing.storedPoints,
  });
  const { series } = live;
  const { latest, unexpectedDevices } = live.shared;
  const ledger = openLedger(database);
  await watchStoreLosses({ ledger, store, clock, log });

  const stateParts = createStatesPart({ inventory, registry, series, clock, timeZone });
  const { states } = stateParts.shared;
  const services = createServicesPart({ inventory, states, latest, registry, clock, today });
  const { serviceStates, resourceStates } = services.shared;
  const followed = [followElements(states), followServices(serviceStates)];
  const stateHistories = createStateHistoryPart({
    ...{ followed, standing: () => clock.standing(), deleteBeforeMs, ...base },
  });
  const { stateHistory } = stateHistories.shared;
  tellStates(followed, events.shared.events, inventory);
  const isDeaf = (): boolean => selfWatch.isDeaf;
  const isListening = (): boolean => bus.connected && ingest.standing.flowMode !== 'hold';
  const reconciling = createReconciliationPart({
    ...{ inventory, registry, states, unexpectedDevices, calendar, isDeaf, ...base },
  });
  const { sightings } = reconciling;
  const { reconciliation } = reconciling.shared;
  const topologies = createTopologyPart({ inventory, latest, registry, today, ...base });
  const blastRadii = new BlastRadii({ inventory, today });
  const capacities = createCapacityPart({
    ...{ store, latest, timeZone, isTimeSure: time.isSure, ...base },
    own: { write: (samples) => ingest.own.write(samples) },
  });
  const targets = new ServiceTargets({
    services: serviceStates,
    history: stateHistory,
    planned: (range) => alerting.shared.maintenance.spansWithin('service', range),
  });
  const selfWatch = new SelfWatch({
    ...{ registry, states, services: serviceStates, resources: resourceStates, reconciliation },
    ...{ stateHistory, clock, log },
    isListening,
  });

  const canaries = createCanaryPart({
    ...{ isOn: deps.hasCanary ?? false, ledger, notify, ...base },
    stalledMs: () => selfWatch.stalledMs,
    parts: () => ({ bus, ingest, alerts, incidents, notifications }),
  });
  const { canary } = canaries;
  const alerting = createAlertingPart({
    ...{ rules: deps.rules, ownRules: deps.ownRules, catalogue, heapLimitBytes },
    ...{ inventory, timeZone, today, audit, ...base },
    sources: {
      ...{ liveness: registry, problems, latest, targets, wiring: topologies.shared.topology },
      ...capacities.shared,
      city: createCityEvidence({
        ...{ inventory, registry, states, sightings, reconciliation, calendar, isDeaf },
        services: serviceStates,
      }),
    },
    onTransition: canary.before(events.onAlert),
    problemsOf: (ids) => routeRuleProblems(notify?.routes ?? [], ids),
    blastRadius: (of, alreadyFailed) => blastRadii.of(of, alreadyFailed),
    beforeTick: () => selfWatch.check(),
  });
  const { alerts, ruleReload } = alerting.shared;
  measurements.addCheck((next) => problemsOfRulesWith(next, alerts.rules.all()));
  alerts.withdrawCanaries(canaries.hops, clock.now());
  const backlogs = createBacklogPart({ alerts, registry, ledger, inventory, catalogue, ...base });
  const { backlog } = backlogs.shared;
  const transitions = openAlertTransitions(database);
  const incidentParts = createIncidentsPart({
    ...{ alerts, transitions, states, inventory, suppressors: alerting.suppressors, deleteBeforeMs, ...base },
    services: () => serviceStates.list(),
    lastFailureOf: (service, nowMs) => targets.lastFailureOf(service, nowMs),
    telling: {
      wasTold: (id) => notifications.tellingsOf(id).some(({ told }) => told !== 'nothing'),
      toldSeverityOf: (id) => notifications.toldSeverityOf(id),
      willHear: (alert) => notifications.willHear(alert),
    },
  });
  const { incidents, suppression } = incidentParts.shared;
  const notifying = createNotifyPart({
    ...{ setup: notify, transitions, rules: alerts.rules, inventory, timeZone, incidents, ...base },
    suppressor: suppression,
    isAcknowledged: (id) => isSeenTo(id, { alerts, incidents }),
    isTimeSure: time.isSure,
    canarySink: canaries.sink,
  });
  const { notifications } = notifying.shared;

  const decisions = openDecisions(database);
  const quarantine = openQuarantine({
    ...{ directory: deps.quarantineDirectory, clock, log },
    afterId: decisions.highestId(),
  });
  const centralBus = deps.openBus(
    createBusHooks({ credentials, refusedLogins: access.refusedLogins, quarantine }),
  );
  const { bus } = centralBus;
  const configuring = createAgentConfigPart({
    ...{ bus, check: deps.checkAgentConfig, declarations: measurements, ...base },
    agents: () => registry.ids(),
    reported: (agent) => registry.configOf(agent),
    onChange: events.onConfig,
    rollout: rolloutEvidence({
      ...{ registry, ledger, clock, audit, onRollout: events.onRollout },
      canJudge: () => isListening() && ingest.standing.storeAvailable && !isDeaf(),
    }),
  });
  const { revisions } = configuring;
  const receiving = createIngestPart({
    ...{ measurements, inventory, series, store, ledger, quarantine, decisions, rawRetentionMs, ...base },
    bus: canary.watch(bus),
    // The backlog remembers how things stood before the first batch after a cut is judged.
    observers: [...canary.hideFrom([registry, latest, states, sightings, backlog]), canary, alerts],
    startsWithoutStore: deps.startsWithoutStore ?? false,
    isClockCertain: () => clock.standing().isCertain,
    hasTwin: (agent) => problems.find(agent, 'twins', clock.now()) !== undefined,
    hooks: {
      onState: (agent, state, receivedAtMs) => {
        registry.recordState(agent, state, receivedAtMs);
        configuring.onAgentState(agent);
      },
      onAnyState: (agent, state, receivedAtMs) => registry.recordIdentity(agent, state, receivedAtMs),
    },
  });
  const { ingest } = receiving.shared;
  followInventory({ inventory, registry, alerts, today, clock });
  warnOfReservedIds({ agents: registry.ids(), logins: credentials.list(), log });
  const sparkplug = await createSparkplugPart(deps.sparkplug, {
    ...{ bus, ingest, registry, inventory, catalogue, ...base },
  });
  await attachNetworkSurvey(deps.networkSurvey ?? false, { ingest, inventory, clock });
  const retention = { rawMs: rawRetentionMs, ...deps.historyRetention };
  const history = createHistoryJobs({ store, clock, log, retention, readTime: time.read });
  const storeCopies = new StoreCopies(store);
  const backtests: BacktestDeps = {
    ...{ store, catalogue, isExpected: listedIn(inventory), devices: () => inventory.devices, dayOf },
    wouldTell: notify && ((alert) => notifications.wouldTell(alert)),
  };
  const ownHealth = createOwnHealthPart({
    ...{ certificates: deps.certificates, readProcess: deps.readProcess, readDisk: deps.readDisk },
    ...{ centralBus, refusedConnections, ingest, quarantine, ledger, registry, series, problems, ...base },
    ...{ unexpectedDevices, alerts, backlog, notifications, selfWatch, inventoryFileProblems },
    readEventLoopDelayP99Ms: deps.readEventLoopDelayP99Ms,
    ruleProblems: () => [...(ruleReload.refused()?.problems ?? []), ...declarationProblems()],
    historyLagMs: history.lagMs,
  });
  const rollups = createRollupsPart({
    ...{ latest, registry, inventory, alerts, ingest, own: ingest.own, states, serviceStates, ledger },
    ...{ incidents, maintenance: alerting.shared.maintenance, forecasts: capacities.shared.forecasts },
    ...{ suppressionOf: incidentParts.shared.suppressionOf, pointsPerS: live.shared.pointsPerS },
    ...{ rawRetentionMs, ...base },
    peopleOnCall: (atMs) =>
      notifying.shared.onCall.isEmpty ? undefined : notifying.shared.onCall.countAt(atMs),
  });
  const retiring = {
    credentials,
    disconnectAgent,
    revisions,
    measurements,
    registry,
    alerts,
    backlog,
    problems,
    bus,
    clock,
    log,
  };
  const changing = { alerts, phases: agents.phases, revisions, audit, stateHistory, inventory };

  // Jobs that are due at the same time run in this order.
  const parts = JoinedParts.of(cataloguing) // A new rule may be about a measurement that is as new.
    .with(alerting)
    .with(backlogs)
    .with(stateParts)
    .with(incidentParts)
    .with(notifying)
    .with(canaries)
    .with(agents)
    .with(configuring)
    .with(services)
    .with(stateHistories)
    .with(live)
    .with(ownHealth)
    .with(topologies)
    .with(reconciling)
    .with(capacities)
    .with(access)
    .with(inventories)
    .with(receiving)
    .with(sparkplug)
    .with(events)
    .with(rollups)
    .with(history)
    .with({ shared: { storeCopies }, end: { name: 'store copy', run: () => storeCopies.stop() } });
  return {
    api: {
      ...parts.shared,
      ...{ clock, catalogue, timeZone, store, ledger, blastRadii, backtests, version },
      questions: new SharedQuestions(store),
      readYaml: deps.readYaml ?? readYamlHere,
      changeSources: cityChanges({ ...changing, locationOf: (agent) => registry.locationOf(agent) }),
      retireAgent: (agent: string) => retireAgent(agent, retiring),
    },
    centralBus,
    /** To be started in this order and stopped in reverse: no new batches, then the last acknowledgements, then state is saved. */
    services: [...parts.services, bus, ingest, createJobs(parts.jobs, { clock, log })] as readonly Service[],
  };
}
