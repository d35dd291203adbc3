import type { Clock, Random } from '../runtime/clock.ts';
import type { Logger } from '../runtime/logger.ts';
import { readSecret, readTextFile } from '../runtime/secret-source.ts';
import { createEmbeddedBroker } from './broker/embedded-broker.ts';
import type { BrokerRefusal } from './broker/refusal.ts';
import type { CentralConfig } from './config.ts';
import type { Bus } from './ingest/bus.ts';
import { createMqttBus } from './ingest/mqtt-bus.ts';

export interface CentralBusDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly env: NodeJS.ProcessEnv;
  readonly verifyAgent: (agent: string, password: string) => boolean;
  readonly onRefused: (refusal: BrokerRefusal) => void;
}

export interface CentralBus {
  readonly bus: Bus;
  /** Known once the bus has started. */
  url(): string;
  /** What the broker refused since the start, by kind; empty when it is somebody else's. */
  refused(): Readonly<Record<string, number>>;
}

/** The configured broker: one of our own in this process, or somebody else's. */
export function createCentralBus(config: CentralConfig['broker'], deps: CentralBusDeps): CentralBus {
  const { clock, random, log } = deps;
  if (config.kind === 'external') {
    const { tls } = config;
    const file = (setting: string, path: string | undefined): string | undefined =>
      path === undefined ? undefined : readTextFile(`broker.tls.${setting}`, path);
    const ca = file('caFile', tls?.caFile);
    const cert = file('certFile', tls?.certFile);
    const key = file('keyFile', tls?.keyFile);
    const bus = createMqttBus({
      url: config.url,
      clientId: config.username ?? `central-${process.pid}`,
      clock,
      random,
      log,
      ...(config.username !== undefined && { username: config.username }),
      ...(config.password !== undefined && {
        password: readSecret('broker.password', config.password, deps.env),
      }),
      ...(tls !== undefined && {
        tls: {
          ...(ca !== undefined && { ca }),
          ...(cert !== undefined && { cert }),
          ...(key !== undefined && { key }),
        },
      }),
    });
    return { bus, url: () => config.url, refused: () => ({}) };
  }
  const broker = createEmbeddedBroker({
    host: config.host,
    port: config.port,
    authenticate: (name, password) => (deps.verifyAgent(name, password) ? 'agent' : undefined),
    clock,
    log,
    onRefused: deps.onRefused,
    ...(config.tls !== undefined && {
      tls: {
        cert: readTextFile('broker.tls.certFile', config.tls.certFile),
        key: readTextFile('broker.tls.keyFile', config.tls.keyFile),
        ...(config.tls.caFile !== undefined && { ca: readTextFile('broker.tls.caFile', config.tls.caFile) }),
      },
    }),
  });
  const scheme = config.tls === undefined ? 'mqtt' : 'mqtts';
  return {
    bus: broker,
    url: () => `${scheme}://${config.host}:${broker.port}`,
    refused: () => broker.stats().refused,
  };
}
