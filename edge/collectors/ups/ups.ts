import { setMaxListeners } from 'node:events';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { createHostLookup, readHosts } from '../../protocols/dns/host-lookup.ts';
import { fileSetting } from '../../protocols/reach.ts';
import { createTrustReader, type TrustReader } from '../../protocols/tcp-tls/trust.ts';
import { upsConfigSchema, type UpsConfig } from './config.ts';
import { readServer } from './read-server.ts';
import type { RuntimeMemory } from './runtime.ts';

/** UPSs on Network UPS Tools servers (RFC 9271). */
export const upsKind: CollectorKind<UpsConfig> = {
  kind: 'ups',
  configSchema: upsConfigSchema,
  defaultIntervalMs: 30_000,
  minimumIntervalMs: ({ deadlineMs }) => deadlineMs,
  reaches: ({ servers, caFile }) => ({
    targets: servers.map(({ address, port, login }, at) => ({
      setting: `servers[${at}].address`,
      use: 'nut',
      host: address,
      port,
      ...(login !== undefined && {
        secrets: [{ setting: `servers[${at}].login.password`, source: login.password }],
      }),
    })),
    files: fileSetting('caFile', caFile),
  }),
  create: (config, deps) => {
    const state = { readTrust: createTrustReader(config.caFile), runtimes: new Map<string, boolean>() };
    return {
      name: 'ups',
      collect: (signal) => collectOnce(config, state, deps, signal),
      close: async () => undefined,
    };
  },
};

async function collectOnce(
  config: UpsConfig,
  { readTrust, runtimes }: { readonly readTrust: TrustReader; readonly runtimes: RuntimeMemory },
  { clock, commonTags, guard }: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  setMaxListeners(0, signal); // one a server
  const lookup = createHostLookup({ hosts: await readHosts() });
  const trust = await readTrust();
  const { deadlineMs } = config;
  const read = await Promise.all(
    config.servers.map((server) =>
      readServer(server, { clock, commonTags, deadlineMs, lookup, guard, trust, runtimes, signal }),
    ),
  );
  const errors = read.flatMap((server) => server.errors);
  const samples = read.flatMap((server) => server.samples);
  const [first] = errors;
  if (samples.length === 0 && first !== undefined) throw first;
  return { samples, errors };
}
