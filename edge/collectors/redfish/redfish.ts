import { setMaxListeners } from 'node:events';
import { messageOf } from '../../../runtime/errors.ts';
import { readSecret } from '../../../runtime/secret-source.ts';
import { fileSetting } from '../../protocols/reach.ts';
import { createTrustReader, type Trust } from '../../protocols/tcp-tls/trust.ts';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { redfishConfigSchema, type RedfishConfig, type RedfishServer } from './config.ts';
import { readServer } from './read-server.ts';
import { RedfishSession } from './redfish-session.ts';
import { serverSamples } from './samples.ts';

/** Sensors of servers, by the Redfish service of their controllers (iDRAC, iLO, XCC, OpenBMC). */
export const redfishKind: CollectorKind<RedfishConfig> = {
  kind: 'redfish',
  configSchema: redfishConfigSchema,
  // Controllers are slow, and temperatures do not jump.
  defaultIntervalMs: 60_000,
  minimumIntervalMs: ({ deadlineMs }) => deadlineMs,
  needs: ({ servers }) => ({ hosts: servers.map(({ address }) => address) }),
  reaches: ({ servers, caFile }) => ({
    targets: servers.map(({ address, port, password }, at) => ({
      setting: `servers[${at}].address`,
      use: 'https',
      host: address,
      port,
      secrets: [{ setting: `servers[${at}].password`, source: password }],
    })),
    files: fileSetting('caFile', caFile),
  }),
  create: (config, deps) => {
    const readTrust = createTrustReader(config.caFile);
    return {
      name: 'redfish',
      collect: async (signal) => {
        setMaxListeners(0, signal); // one a server
        const trust = await readTrust();
        return join(
          await Promise.all(config.servers.map((server) => read(server, { config, deps, trust, signal }))),
        );
      },
      close: async () => undefined,
    };
  },
};

interface Run {
  readonly config: RedfishConfig;
  readonly deps: CollectorDeps;
  readonly trust: Trust;
  readonly signal: AbortSignal;
}

/** Never rejects. */
async function read(server: RedfishServer, { config, deps, trust, signal }: Run): Promise<Collected> {
  const { device, address } = server;
  const { clock, commonTags } = deps;
  const limit = new AbortController();
  const done = new AbortController();
  void clock.sleep(config.deadlineMs, AbortSignal.any([signal, done.signal])).then(
    () => limit.abort(new Error(`not done within ${config.deadlineMs} ms`)),
    () => undefined,
  );
  const context = { device, address, commonTags, timeMs: clock.now() };
  let session: RedfishSession | undefined;
  try {
    session = new RedfishSession(targetOf(server, trust, deps), AbortSignal.any([signal, limit.signal]));
    const readings = await readServer(session);
    return {
      samples: serverSamples(readings, context),
      errors: readings.problems.map((problem) => new Error(`${device}: ${problem}`)),
    };
  } catch (error) {
    return { samples: [], errors: [new Error(`${device}: ${messageOf(error)}`, { cause: error })] };
  } finally {
    session?.close();
    done.abort();
  }
}

function targetOf(
  { address, port, username, password, fingerprint }: RedfishServer,
  trust: Trust,
  { guard }: CollectorDeps,
) {
  const host = address.includes(':') ? `[${address}]` : address;
  return {
    url: new URL(`https://${host}:${port}`),
    username,
    password: readSecret('password', password, process.env),
    tls:
      fingerprint === undefined
        ? { ...(trust.context !== undefined && { secureContext: trust.context }) }
        : { fingerprint256: fingerprint },
    guard,
  };
}

/** Throws the first error where nothing at all could be read. */
function join(all: readonly Collected[]): Collected {
  const samples = all.flatMap((each) => each.samples);
  const errors = all.flatMap((each) => each.errors);
  const [first] = errors;
  if (samples.length === 0 && first !== undefined) throw first;
  return { samples, errors };
}
