import type { Clock, Random } from '../../runtime/clock.ts';
import { checkAll } from '../../runtime/config.ts';
import { addressMatcher } from '../../runtime/gate/address-list.ts';
import type { Logger } from '../../runtime/logger.ts';
import { readSecret, readTextFile } from '../../runtime/secret-source.ts';
import { checkTlsFiles, type TlsFiles } from '../../runtime/tls-files.ts';
import { createEmbeddedBroker, type BrokerStats } from './broker/embedded-broker.ts';
import type { Authenticate } from './broker/gatekeeper.ts';
import type { BrokerRefusal } from './broker/refusal.ts';
import type { BrokerConfig } from './broker-config.ts';
import type { Bus } from './bus.ts';
import { createMqttBus } from './mqtt-bus.ts';

/** The contents of the files and variables that the configuration names. */
export interface BrokerSecrets {
  readonly tls: TlsFiles;
  readonly password?: string;
}

/** Throws a UserError (exit 2) that lists every file and variable that cannot be read or used. */
export function readBrokerSecrets(config: BrokerConfig, env: NodeJS.ProcessEnv): BrokerSecrets {
  const source = config.kind === 'external' ? config.password : undefined;
  const file = (setting: string, path: string | undefined) => (): string | undefined =>
    path === undefined ? undefined : readTextFile(`broker.tls.${setting}`, path);
  const [ca, cert, key, password] = checkAll(
    file('caFile', config.tls?.caFile),
    file('certFile', config.tls?.certFile),
    file('keyFile', config.tls?.keyFile),
    () => (source === undefined ? undefined : readSecret('broker.password', source, env)),
  );
  const tls = {
    ...(ca !== undefined && { ca }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
  };
  checkTlsFiles('broker.tls', tls);
  return {
    tls,
    ...(password !== undefined && { password }),
  };
}

/** Callbacks of the embedded broker. */
export interface BusHooks {
  readonly authenticate: Authenticate;
  readonly onRefused: (refusal: BrokerRefusal) => void;
}

export interface CentralBusDeps extends BusHooks {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly secrets: BrokerSecrets;
}

export interface CentralBus {
  readonly bus: Bus;
  /** Known once the bus has started. */
  url(): string;
  /** What the broker refused since the start, by kind; empty for an external broker. */
  refused(): Readonly<Record<string, number>>;
  /** Not of an external broker. */
  readonly stats?: () => BrokerStats;
  /** Ends the connections of these clients. An external broker has its own ways: nothing happens there. */
  disconnect(isUnwanted: (id: string) => boolean): void;
}

/** The configured broker: embedded in this process, or external. */
export function createCentralBus(config: BrokerConfig, deps: CentralBusDeps): CentralBus {
  const { clock, random, log } = deps;
  const { tls, password } = deps.secrets;
  if (config.kind === 'external') {
    const bus = createMqttBus({
      url: config.url,
      clientId: config.username ?? `central-${process.pid}`,
      clock,
      random,
      log,
      ...(config.username !== undefined && { username: config.username }),
      ...(password !== undefined && { password }),
      ...(config.tls !== undefined && { tls }),
    });
    return { bus, url: () => config.url, refused: () => ({}), disconnect: () => undefined };
  }
  const broker = createEmbeddedBroker({
    host: config.host,
    port: config.port,
    authenticate: deps.authenticate,
    isExempt: addressMatcher(config.exemptAddresses),
    clock,
    log,
    onRefused: deps.onRefused,
    ...(tls.cert !== undefined && tls.key !== undefined && { tls: { ...tls, cert: tls.cert, key: tls.key } }),
  });
  const scheme = config.tls === undefined ? 'mqtt' : 'mqtts';
  return {
    bus: broker,
    url: () => `${scheme}://${config.host}:${broker.port}`,
    refused: () => broker.stats().refused,
    stats: () => broker.stats(),
    disconnect: (isUnwanted) => broker.disconnect(isUnwanted),
  };
}
