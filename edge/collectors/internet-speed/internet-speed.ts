import { join } from 'node:path';
import { setMaxListeners } from 'node:events';
import type { Sample } from '../../../contract/sample.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { createAddressCache } from '../../protocols/dns/address-cache.ts';
import { fileSetting } from '../../protocols/reach.ts';
import { createTrustReader } from '../../protocols/tcp-tls/trust.ts';
import { lookUpAddress } from '../../protocols/dns/look-up-address.ts';
import { createBudgetRecord, openBudgetRecord } from './budget-record.ts';
import { configSchema, DEFAULT_PROC_PATH, serverEndpoint, type SpeedConfig } from './config.ts';
import type { TcpEndpoint } from './latency.ts';
import { speedFields, testProblems, type Outcome } from './outcome.ts';
import { testSpeed, type SpeedTools } from './speed-test.ts';

/** For name lookup, handshakes, the line's counters, and two slow connections that stall. */
const OVERHEAD_MS = 60_000;

/** Speed of an access line by M-Lab's ndt7, and latency under load. */
export const internetSpeedKind: CollectorKind<SpeedConfig> = {
  kind: 'internet_speed',
  configSchema,
  /** How often it checks whether a test is due and possible; the budget limits their number. */
  defaultIntervalMs: 900_000,
  minimumIntervalMs: ({ durationMs }) => 2 * durationMs + OVERHEAD_MS,
  needs: ({ server, caFile }) => ({
    hosts: [new URL(server).hostname],
    readable: caFile === undefined ? [] : [caFile],
  }),
  reaches: ({ server, witnesses, caFile, procPath }) => ({
    targets: [
      { setting: 'server', use: 'ws', ...toTarget(serverEndpoint(server)) },
      ...witnesses.map((witness, at) => ({
        setting: `witnesses[${at}]`,
        use: 'tcp' as const,
        ...toTarget(witness),
      })),
    ],
    files: [
      ...fileSetting('caFile', caFile),
      { setting: 'procPath', path: procPath, usual: DEFAULT_PROC_PATH },
    ],
  }),
  create: (config, deps) => {
    const { clock, log, dataDirectory, guard } = deps;
    const record =
      dataDirectory === undefined
        ? createBudgetRecord(clock)
        : openBudgetRecord(join(dataDirectory, `internet-speed-${config.line ?? 'line'}.json`), {
            clock,
            log,
          });
    return createSpeedCollector(config, deps, {
      record,
      addressOf: createAddressCache(lookUpAddress),
      guard,
      readTrust: createTrustReader(config.caFile),
      clock,
    });
  },
};

function toTarget({ address, port }: TcpEndpoint): { readonly host: string; readonly port: number } {
  return { host: address, port };
}

export function createSpeedCollector(config: SpeedConfig, deps: CollectorDeps, tools: SpeedTools): Collector {
  return {
    name: 'internet_speed',
    collect: async (signal): Promise<Collected> => {
      // Each pending handshake listens for the end of the run.
      setMaxListeners(0, signal);
      const outcome = await testSpeed({ ...tools, config, signal });
      if (outcome === undefined) return { samples: [], errors: [] };
      return { samples: [speedSample(outcome, config, deps)], errors: errorsOf(outcome, config) };
    },
    close: async () => undefined,
  };
}

/** An outage, a busy line and a spent budget are results: only a failed test is an error of the collector. */
function errorsOf(outcome: Outcome, { server }: SpeedConfig): Error[] {
  const problems =
    outcome.status === 'tested' ? testProblems(outcome) : outcome.status === 'failed' ? [outcome.reason] : [];
  return problems.map((problem) => new Error(`internet_speed ${server}: ${problem}`));
}

export function speedSample(outcome: Outcome, config: SpeedConfig, deps: CollectorDeps): Sample {
  const { line, isp, operator } = config;
  const { address, port } = serverEndpoint(config.server);
  return {
    measurement: 'internet_speed',
    tags: {
      ...deps.commonTags,
      source: `${address}:${port}`,
      ...(line !== undefined && { line }),
      ...(isp !== undefined && { isp }),
      ...(operator !== undefined && { operator }),
    },
    fields: speedFields(outcome, {
      downloadMbps: config.contractedDownloadMbps,
      uploadMbps: config.contractedUploadMbps,
    }),
    timeMs: deps.clock.now(),
  };
}
