import { webEndpoint } from '../../../runtime/dial/http-agent.ts';
import { burstMs, createIcmpProbe } from '../../protocols/ping/icmp-probe.ts';
import type { CollectorKind } from '../collector.ts';
import { lookUpAddress } from '../../protocols/dns/look-up-address.ts';
import { createAddressCache } from '../../protocols/dns/address-cache.ts';
import { ownAddresses } from '../../protocols/system/own-addresses.ts';
import { configSchema, type PathConfig } from './config.ts';
import { createPathCollector, MAX_PARALLEL } from './path-collector.ts';
import { firstThatWorks, systemTracers, TRACE_TIMEOUT_MS } from './tracer.ts';

/** Round trip, loss, delay variation and call quality to a list of targets, and where the route breaks. */
export const pathKind: CollectorKind<PathConfig> = {
  kind: 'path',
  configSchema,
  defaultIntervalMs: 60_000,
  minimumIntervalMs: (config) =>
    Math.ceil(config.targets.length / MAX_PARALLEL) * config.methods.length * longestBurstMs(config) +
    (config.trace ? TRACE_TIMEOUT_MS : 0),
  needs: ({ targets, methods }) => ({
    hosts: targets.map(({ address }) => address),
    icmp: methods.includes('icmp'),
  }),
  reaches: ({ targets }) => ({
    targets: targets.flatMap(({ address, url }, at) => [
      { setting: `targets[${at}]`, use: 'icmp', host: address },
      ...(url === undefined
        ? []
        : [{ setting: `targets[${at}].url`, use: 'http' as const, ...webEndpoint(new URL(url)) }]),
    ]),
    files: [],
  }),
  create: (config, deps) =>
    createPathCollector(
      config,
      {
        icmp: createIcmpProbe(deps.guard),
        trace: firstThatWorks(systemTracers()),
        addressOf: createAddressCache(lookUpAddress),
        ownAddresses,
      },
      deps,
    ),
};

/** HTTP waits for the connection, then for the response. */
function longestBurstMs({ count, replyTimeoutMs }: PathConfig): number {
  return burstMs({ count, replyTimeoutMs }) + replyTimeoutMs;
}
