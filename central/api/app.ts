import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { fastify, LogController } from 'fastify';
import {
  jsonSchemaTransform,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from 'fastify-type-provider-zod';
import type { Logger } from '../../runtime/logger.ts';
import { statusPage } from '../status-page/status-page.ts';
import { acceptPageLink, requireRole } from './auth.ts';
import type { ApiDeps, App } from './deps.ts';
import { installProblemHandlers } from './problem.ts';
import { accessRoutes } from './routes/access.ts';
import { agentConfigRoutes } from './routes/agent-config.ts';
import { alertRoutes } from './routes/alerts.ts';
import { cityRoutes } from './routes/city.ts';
import { deliveryRoutes } from './routes/delivery.ts';
import { healthRoutes } from './routes/health.ts';
import { metricsRoute } from './routes/metrics.ts';
import { sampleRoutes } from './routes/samples.ts';

export interface ApiOptions {
  readonly log: Logger;
  readonly tls?: { readonly cert: string; readonly key: string };
}

const MAX_BODY_BYTES = 64 * 1024;
const REQUESTS_PER_MINUTE = 1_200;

/** The whole HTTP side, ready for `listen` or `inject`. All but health needs a token. */
export async function buildApi(deps: ApiDeps, options: ApiOptions): Promise<App> {
  const serverOptions = {
    // Requests are counted in /metrics; a line for each would bury what matters.
    loggerInstance: options.log,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: MAX_BODY_BYTES,
    connectionTimeout: 30_000,
    requestTimeout: 30_000,
    routerOptions: { maxParamLength: 200 },
    genReqId: () => crypto.randomUUID(),
    forceCloseConnections: true,
  };
  const app = fastify({
    ...serverOptions,
    https: options.tls ?? null,
  }).withTypeProvider<ZodTypeProvider>() as unknown as App;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  installProblemHandlers(app);
  await app.register(cookie);
  await app.register(rateLimit, { max: REQUESTS_PER_MINUTE, timeWindow: 60_000 });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Wardwatch',
        version: deps.version,
        description: "State, samples, alerts and proof of delivery of a city's digital infrastructure.",
        license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
      },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      security: [{ token: [] }],
    },
    transform: jsonSchemaTransform,
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  healthRoutes(app, deps);
  await app.register(async (scope) => {
    scope.addHook('onRequest', requireRole(deps.tokens, 'viewer'));
    metricsRoute(scope, deps);
  });
  await app.register(
    async (scope) => {
      scope.addHook('onRequest', requireRole(deps.tokens, 'viewer'));
      cityRoutes(scope, deps);
      agentConfigRoutes(scope, deps);
      sampleRoutes(scope, deps);
      alertRoutes(scope, deps);
      deliveryRoutes(scope, deps);
      await scope.register(async (admin) => accessRoutes(admin as App, deps));
    },
    { prefix: '/api/v1' },
  );
  await app.register(async (scope) => {
    scope.addHook('onRequest', acceptPageLink(deps.tokens, options.tls !== undefined));
    scope.addHook('onRequest', requireRole(deps.tokens, 'viewer'));
    statusPage(scope, deps);
  });
  return app;
}
