import { isIPv6 } from 'node:net';
import { z } from 'zod';
import { permittedAddresses } from '../../../runtime/dial/target-guard.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { checkAll, MAX_PARALLEL } from './check-all.ts';
import { checkName, checkSchema, checkTarget, hostOf } from './check.ts';
import { nameServerEndpoint, nameServerSchema } from './name-server.ts';
import type { Endpoint } from '../../protocols/tcp-tls/connection-context.ts';
import { createHostLookup, readHosts } from '../../protocols/dns/host-lookup.ts';
import { fileSetting } from '../../protocols/reach.ts';
import { createTrustReader, type TrustReader } from '../../protocols/tcp-tls/trust.ts';

const MAX_CHECKS = 1_024;

const configSchema = z.strictObject({
  checks: z
    .array(checkSchema)
    .min(1, 'expected at least one check')
    .max(MAX_CHECKS)
    .superRefine((checks, context) => {
      const seen = new Set<string>();
      for (const [index, check] of checks.entries()) {
        const name = JSON.stringify([check.service, checkName(check)]);
        if (seen.has(name)) {
          const message = 'expected a check of its own name within the service';
          context.issues.push({ code: 'custom', path: [index, 'check'], message, input: checkName(check) });
        }
        seen.add(name);
      }
    }),
  /** How long one check may take, including redirects. */
  deadlineMs: z.int().min(100).max(60_000).default(10_000),
  /** Additional trusted authorities, such as the city's own. */
  caFile: z.string().min(1).optional(),
  /** Name servers in place of the system's. */
  nameServers: z.array(nameServerSchema).min(1).max(8).optional(),
});
export type ServiceConfig = z.infer<typeof configSchema>;

/** Services as their users see them: web, mail, DNS, SIP, NTP. */
export const serviceKind: CollectorKind<ServiceConfig> = {
  kind: 'service',
  configSchema,
  defaultIntervalMs: 60_000,
  minimumIntervalMs: (config) => Math.ceil(config.checks.length / MAX_PARALLEL) * config.deadlineMs,
  // With its own name servers the doctor's lookup would ask others.
  needs: ({ checks, caFile, nameServers }) => ({
    hosts: nameServers === undefined ? checks.flatMap(hostOf) : [],
    readable: caFile === undefined ? [] : [caFile],
  }),
  reaches: (config) => ({
    targets: [
      ...config.checks.map((check, at) => checkTarget(check, `checks[${at}]`)),
      ...nameServersOf(config).map((endpoint, at) => ({
        setting: `nameServers[${at}]`,
        use: 'dns' as const,
        ...endpoint,
      })),
    ],
    files: fileSetting('caFile', config.caFile),
  }),
  create: (config, deps) => {
    const readTrust = createTrustReader(config.caFile);
    return {
      name: 'service',
      collect: (signal) => collectOnce(config, readTrust, deps, signal),
      close: async () => undefined,
    };
  },
};

function nameServersOf({ nameServers = [] }: ServiceConfig): readonly Endpoint[] {
  return nameServers.map(nameServerEndpoint).filter((endpoint) => endpoint !== undefined);
}

async function collectOnce(
  config: ServiceConfig,
  readTrust: TrustReader,
  deps: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  for (const { host, port } of nameServersOf(config)) {
    permittedAddresses(deps.guard, { host, port }, [{ address: host, family: isIPv6(host) ? 6 : 4 }]);
  }
  const problems: Error[] = [];
  const trust = await readTrust().catch((error: unknown) => {
    problems.push(new Error(`service caFile: ${messageOf(error)}`, { cause: error }));
    return createTrustReader(undefined)();
  });
  const { samples, errors } = await checkAll(config.checks, deps.commonTags, {
    clock: deps.clock,
    deadlineMs: config.deadlineMs,
    lookup: createHostLookup({ hosts: await readHosts(), servers: config.nameServers }),
    guard: deps.guard,
    trust,
    signal,
  });
  return { samples, errors: [...problems, ...errors] };
}
