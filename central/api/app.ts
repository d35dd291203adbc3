import cookie from '@fastify/cookie';
import { fastify, LogController } from 'fastify';
import { validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import type { Clock } from '../../runtime/clock.ts';
import type { Gate } from '../../runtime/gate/gate.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { RefusedConnections } from '../access/refused-connections.ts';
import { answerSerializer } from './answer-serializer.ts';
import { requireRole, type AuthDeps } from './auth.ts';
import type { App } from './fastify-app.ts';
import { limitCallers, refuseOutsideFilters } from './limits/limit-callers.ts';
import { createGatedServer, type GatedServerOptions } from './gated-server.ts';
import { installOpenApi } from './openapi.ts';
import {
  answerUnreadableRequest,
  installProblemHandlers,
  MAX_PATH_PART_CHARS,
  sendError,
} from './problem.ts';
import { refuseUnknownNames, type KnownNameDeps } from './known-names.ts';
import { refuseUnknownParameters } from './query-parameters.ts';
import { acceptPageLink, type PageLinkDeps } from './page-link.ts';
import type { BrowserAccess } from './session-cookie.ts';
import { limitInventoryWrites } from './inventory-write-limit.ts';
import { limitRequests } from './request-limit.ts';
import { RequestTurns } from './request-turns.ts';
import { adoptDeviceRoute, type AdoptDeviceRouteDeps } from './routes/adopt-device.ts';
import { agentConfigRoutes, type AgentConfigRouteDeps } from './routes/agent-config.ts';
import { agentCredentialRoutes, type AgentCredentialRouteDeps } from './routes/agent-credentials.ts';
import { agentRoutes, type AgentRouteDeps } from './routes/agents.ts';
import { alertLifeRoutes, type AlertLifeRouteDeps } from './routes/alert-life.ts';
import { alertExplanationRoute, type AlertExplanationRouteDeps } from './routes/alert-explanation.ts';
import { alertStatisticsRoute, type AlertStatisticsRouteDeps } from './routes/alert-statistics.ts';
import { alertRoutes, type AlertRouteDeps } from './routes/alerts.ts';
import { auditRoutes, type AuditRouteDeps } from './routes/audit.ts';
import { blastRadiusRoutes, type BlastRadiusRouteDeps } from './routes/blast-radius.ts';
import { deliveryRoutes, type DeliveryRouteDeps } from './routes/deliveries.ts';
import { eventRoute, type EventRouteDeps } from './routes/events.ts';
import { cityRoute } from './routes/city.ts';
import { coverageRoute, type CoverageRouteDeps } from './routes/coverage.ts';
import { changeRoute, type ChangeRouteDeps } from './routes/changes.ts';
import { availabilityRoutes, type AvailabilityRouteDeps } from './routes/availability.ts';
import { demoRoutes, type DemoScenarios } from './routes/demo.ts';
import { deviceRoutes, type DeviceRouteDeps } from './routes/devices.ts';
import { healthRoutes, type HealthRouteDeps } from './routes/health.ts';
import { incidentRoutes, type IncidentRouteDeps } from './routes/incidents.ts';
import { inventoryImportRoutes, type InventoryImportRouteDeps } from './routes/inventory-import.ts';
import { inventoryBrowseRoutes, type InventoryBrowseRouteDeps } from './routes/inventory-browse.ts';
import { inventoryListRoutes, type InventoryListRouteDeps } from './routes/inventory-lists.ts';
import { inventoryRoutes, type InventoryRouteDeps } from './routes/inventory.ts';
import { loginRoutes, type LoginRouteDeps } from './routes/login.ts';
import type { OidcLogin } from './routes/oidc-login.ts';
import { ledgerRoutes, type LedgerRouteDeps } from './routes/ledger.ts';
import { maintenanceRoutes, type MaintenanceRouteDeps } from './routes/maintenance.ts';
import { linkRoutes, type LinkRouteDeps } from './routes/links.ts';
import { meRoute } from './routes/me.ts';
import { metricsRoute, type MetricsRouteDeps } from './routes/metrics.ts';
import { onCallRoutes, type OnCallRouteDeps } from './routes/on-call.ts';
import { notificationRoutes, type NotificationRouteDeps } from './routes/notifications.ts';
import { pageLinkRoutes, type PageLinkRouteDeps } from './routes/page-links.ts';
import { poolRoutes, type PoolRouteDeps } from './routes/pools.ts';
import { quarantineRoutes, type QuarantineRouteDeps } from './routes/quarantine.ts';
import { reconciliationRoutes, type ReconciliationRouteDeps } from './routes/reconciliation.ts';
import { rolloutRoutes, type RolloutRouteDeps } from './routes/rollouts.ts';
import { ruleBacktestRoute, type RuleBacktestRouteDeps } from './routes/rule-backtest.ts';
import { ruleRoutes, type RuleRouteDeps } from './routes/rules.ts';
import { sampleRoutes, type SampleRouteDeps } from './routes/samples.ts';
import { searchRoutes, type SearchRouteDeps } from './routes/search.ts';
import { serviceRoutes, type ServiceRouteDeps } from './routes/services.ts';
import { silenceRoutes, type SilenceRouteDeps } from './routes/silences.ts';
import { siteRoutes, type SiteRouteDeps } from './routes/sites.ts';
import { stateRoutes, type StateRouteDeps } from './routes/states.ts';
import { sessionRoutes, type SessionRouteDeps } from './routes/sessions.ts';
import { storeCopyRoutes, type StoreCopyRouteDeps } from './routes/store-copy.ts';
import { tokenRoutes, type TokenRouteDeps } from './routes/tokens.ts';
import { topologyRoutes, type TopologyRouteDeps } from './routes/topology.ts';
import { addSecurityHeaders } from './security-headers.ts';
import { unitCompletenessRoute, type UnitCompletenessRouteDeps } from './routes/unit-completeness.ts';
import { unitRoutes, type UnitRouteDeps } from './routes/units.ts';

/** What all routes together read and write. */
export type ApiDeps = AuthDeps &
  KnownNameDeps & {
    readonly clock: Clock;
    readonly refusedConnections: Pick<RefusedConnections, 'record'>;
  } & HealthRouteDeps &
  MetricsRouteDeps &
  UnitRouteDeps &
  SiteRouteDeps &
  DeviceRouteDeps &
  InventoryRouteDeps &
  SearchRouteDeps &
  InventoryImportRouteDeps &
  InventoryBrowseRouteDeps &
  InventoryListRouteDeps &
  PoolRouteDeps &
  LinkRouteDeps &
  ServiceRouteDeps &
  BlastRadiusRouteDeps &
  ReconciliationRouteDeps &
  AdoptDeviceRouteDeps &
  TopologyRouteDeps &
  StateRouteDeps &
  AvailabilityRouteDeps &
  CoverageRouteDeps &
  AgentRouteDeps &
  AgentConfigRouteDeps &
  RolloutRouteDeps &
  SampleRouteDeps &
  AlertRouteDeps &
  RuleRouteDeps &
  RuleBacktestRouteDeps &
  IncidentRouteDeps &
  AlertLifeRouteDeps &
  SilenceRouteDeps &
  MaintenanceRouteDeps &
  AlertExplanationRouteDeps &
  DeliveryRouteDeps &
  NotificationRouteDeps &
  OnCallRouteDeps &
  AlertStatisticsRouteDeps &
  EventRouteDeps &
  ChangeRouteDeps &
  LedgerRouteDeps &
  UnitCompletenessRouteDeps &
  QuarantineRouteDeps &
  StoreCopyRouteDeps &
  TokenRouteDeps &
  PageLinkDeps &
  LoginRouteDeps &
  SessionRouteDeps &
  PageLinkRouteDeps &
  AgentCredentialRouteDeps &
  AuditRouteDeps & { readonly version: string };

export interface ApiOptions {
  readonly log: Logger;
  readonly tls?: GatedServerOptions['tls'];
  /** Addresses for which the bounds of one address do not hold. Default: none. */
  readonly isExempt?: (address: string) => boolean;
  /** How browsers reach it; with `tls` by TLS in any case. Default: as requests say. */
  readonly browsers?: BrowserAccess;
  /** Without it people log in with tokens alone. */
  readonly oidc?: OidcLogin | undefined;
  /** What people may do to a simulated city. Without it the city is a real one. */
  readonly demo?: DemoScenarios | undefined;
  /** Adds pages for people who have logged in, which take the code of a link as well; they must not be under /api. */
  readonly pages: (app: App) => void;
  /** Adds pages that show nothing of the city, and need no login. */
  readonly openPages?: (app: App) => void;
}

const MAX_BODY_BYTES = 64 * 1024;

/** The HTTP server, ready for `listen` or `inject`. All routes but /healthz and /readyz need a token. */
export async function buildApi(deps: ApiDeps, options: ApiOptions): Promise<App> {
  const serverOptions = {
    // A line for each request would hide the lines that matter.
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    routerOptions: { maxParamLength: MAX_PATH_PART_CHARS },
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
    frameworkErrors: sendError,
    clientErrorHandler: answerUnreadableRequest,
    // With a server of our own, Fastify only reads from it what to call its address.
    https: options.tls ?? null,
  };
  const { isExempt = () => false, oidc } = options;
  const access = options.browsers ?? { isSecure: options.tls !== undefined };
  let gate: Gate | undefined;
  const app = fastify({
    ...serverOptions,
    serverFactory: (handler) => {
      const gated = createGatedServer(handler, {
        tls: options.tls,
        isExempt,
        clock: deps.clock,
        onRefused: (reason, address) => deps.refusedConnections.record(reason, address),
      });
      gate = gated.gate;
      return gated.server;
    },
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.removeContentTypeParser('text/plain');
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(answerSerializer);
  installProblemHandlers(app);
  app.addHook('onRequest', addSecurityHeaders);
  app.addHook('onRequest', limitRequests(deps.clock, isExempt));
  const turns = new RequestTurns();
  app.addHook('onRequest', () => turns.take());
  app.addHook('preValidation', refuseUnknownParameters);
  // Every route and page whose caller is known comes here.
  app.addHook('preHandler', async ({ caller, raw }) => {
    if (caller !== undefined) gate?.prove(raw.socket);
  });
  refuseUnknownNames(app, deps);
  await app.register(cookie);
  await installOpenApi(app, deps.version);

  healthRoutes(app, deps);
  await app.register(async (scope) => loginRoutes(scope, deps, { access, oidc }));
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireRole(deps, access));
    scope.addHook('onRequest', limitCallers(deps));
    scope.addHook('preSerialization', refuseOutsideFilters(deps));
    metricsRoute(scope, deps);
    await scope.register(
      async (api) => {
        addResources(api, deps);
        cityRoute(api, deps, options.demo !== undefined);
        demoRoutes(api, deps, options.demo);
      },
      { prefix: '/api/v1' },
    );
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', acceptPageLink(deps, access));
    scope.addHook('onRequest', requireRole(deps, access));
    scope.addHook('onRequest', limitCallers(deps));
    options.pages(scope);
  });
  await app.register(async (scope) => {
    scope.addHook('onRequest', acceptPageLink(deps, access));
    options.openPages?.(scope);
  });
  return app;
}

function addResources(app: App, deps: ApiDeps): void {
  // One for all routes that write single entries.
  const assertMayWrite = limitInventoryWrites(deps.clock);
  unitRoutes(app, deps);
  siteRoutes(app, deps);
  deviceRoutes(app, deps);
  inventoryRoutes(app, deps, assertMayWrite);
  inventoryImportRoutes(app, deps);
  inventoryBrowseRoutes(app, deps);
  inventoryListRoutes(app, deps);
  poolRoutes(app, deps);
  linkRoutes(app, deps);
  searchRoutes(app, deps);
  serviceRoutes(app, deps);
  blastRadiusRoutes(app, deps);
  reconciliationRoutes(app, deps);
  adoptDeviceRoute(app, deps, assertMayWrite);
  topologyRoutes(app, deps, assertMayWrite);
  stateRoutes(app, deps);
  availabilityRoutes(app, deps);
  coverageRoute(app, deps);
  agentRoutes(app, deps);
  agentConfigRoutes(app, deps);
  rolloutRoutes(app, deps);
  sampleRoutes(app, deps);
  alertRoutes(app, deps);
  ruleRoutes(app, deps);
  ruleBacktestRoute(app, deps);
  incidentRoutes(app, deps);
  alertLifeRoutes(app, deps);
  silenceRoutes(app, deps);
  maintenanceRoutes(app, deps);
  alertExplanationRoute(app, deps);
  deliveryRoutes(app, deps);
  notificationRoutes(app, deps);
  onCallRoutes(app, deps);
  alertStatisticsRoute(app, deps);
  eventRoute(app, deps);
  changeRoute(app, deps);
  ledgerRoutes(app, deps);
  unitCompletenessRoute(app, deps);
  quarantineRoutes(app, deps);
  storeCopyRoutes(app, deps);
  meRoute(app);
  sessionRoutes(app, deps);
  tokenRoutes(app, deps);
  pageLinkRoutes(app, deps);
  agentCredentialRoutes(app, deps);
  auditRoutes(app, deps);
}
