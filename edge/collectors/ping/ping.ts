import { z } from 'zod';
import type { Sample } from '../../../contract/sample.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { burstFields, RESULT, type Burst } from '../../protocols/ping/burst.ts';
import { burstMs, createIcmpProbe, PingMissingError, type Probe } from '../../protocols/ping/icmp-probe.ts';
import { createTcpProbe } from '../../protocols/ping/tcp-probe.ts';
import { targetSchema, type Target } from './target.ts';

const configSchema = z.strictObject({
  targets: z.array(targetSchema).min(1, 'expected at least one target').max(256),
  /** Probes in a burst, one a second. */
  count: z.int().min(1).max(60).default(5),
  replyTimeoutMs: z.int().min(100).max(10_000).default(1_000),
  /** `icmp` needs the system's ping; without it, the time to connect to `port` is measured instead. */
  method: z.enum(['icmp', 'tcp']).default('icmp'),
  port: z.int().min(1).max(65_535).default(80),
});
export type PingConfig = z.infer<typeof configSchema>;

const MAX_PARALLEL = 64;

/** Round-trip time and loss to a list of targets, as Telegraf's `ping`. */
export const pingKind: CollectorKind<PingConfig> = {
  kind: 'ping',
  configSchema,
  defaultIntervalMs: 30_000,
  minimumIntervalMs: (config) => Math.ceil(config.targets.length / MAX_PARALLEL) * burstMs(config),
  needs: ({ targets, method }) => ({
    hosts: targets.map(({ address }) => address),
    icmp: method === 'icmp',
  }),
  reaches: ({ targets, method, port }) => ({
    targets: targets.map(({ address }, at) => ({
      setting: `targets[${at}]`,
      use: method,
      host: address,
      ...(method === 'tcp' && { port }),
    })),
    files: [],
  }),
  create: (config, deps) => {
    const tcp = createTcpProbe({ clock: deps.clock, port: config.port, guard: deps.guard });
    const probe =
      config.method === 'tcp' ? tcp : icmpOrTcp({ icmp: createIcmpProbe(deps.guard), tcp, config, deps });
    return {
      name: 'ping',
      collect: (signal) => pingAll(probe, config, deps, signal),
      close: async () => undefined,
    };
  },
};

/** ICMP until it is found that there is no ping program, TCP from then on. */
export function icmpOrTcp(options: {
  readonly icmp: Probe;
  readonly tcp: Probe;
  readonly config: PingConfig;
  readonly deps: CollectorDeps;
}): Probe {
  const { config, deps } = options;
  let isMissing = false;
  const logMissing = (): void => {
    if (!isMissing)
      deps.log.warn({ port: config.port }, 'no ping program; measuring TCP connect times instead');
    isMissing = true;
  };
  return async (address, plan, signal) => {
    if (!isMissing) {
      try {
        return await options.icmp(address, plan, signal);
      } catch (error) {
        if (!(error instanceof PingMissingError)) throw error;
        logMissing();
      }
    }
    const burst = await options.tcp(address, plan, signal);
    // A firewall may drop packets to a port that we chose ourselves: no answer does not mean a dead host.
    if (burst.received === 0) throw new Error(`no ping program, and TCP port ${config.port} does not answer`);
    return burst;
  };
}

/** All targets, some at a time. A target whose probe was aborted is an error without a sample: its state is unknown. */
export async function pingAll(
  probe: Probe,
  config: PingConfig,
  deps: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  const samples: Sample[] = [];
  const errors: Error[] = [];
  const waiting = [...config.targets];
  const work = async (): Promise<void> => {
    for (let target = waiting.shift(); target !== undefined; target = waiting.shift()) {
      try {
        const burst = await probe(target.address, config, signal);
        samples.push(toSample(target, burst, deps));
      } catch (error) {
        errors.push(new Error(`ping ${target.address}: ${messageOf(error)}`, { cause: error }));
        if (!signal.aborted) samples.push(toSample(target, undefined, deps));
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  return { samples, errors };
}

function toSample(target: Target, burst: Burst | undefined, deps: CollectorDeps): Sample {
  return {
    measurement: 'ping',
    tags: {
      ...deps.commonTags,
      url: target.address,
      ...(target.device !== undefined && { device: target.device }),
    },
    fields: burst === undefined ? { result_code: RESULT.failed } : burstFields(burst),
    timeMs: deps.clock.now(),
  };
}
