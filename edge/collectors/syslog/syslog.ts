import type { Clock } from '../../../runtime/clock.ts';
import { REACHES_NOTHING, fileSetting } from '../../protocols/reach.ts';
import { openTroubledSendersRecord } from '../../protocols/events/troubled-senders-record.ts';
import type { Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { OpenListeners, type Openable } from '../open-listeners.ts';
import { SilentSenders, waitForSenders } from '../wait-for-senders.ts';
import { syslogConfigSchema, type SyslogConfig, type SyslogTlsConfig } from './config.ts';
import { SyslogIntake } from './intake.ts';
import { SyslogStreamListener } from './stream-listener.ts';
import { TlsLayer } from './tls-layer.ts';
import { SyslogUdpListener } from './udp-listener.ts';

/** Receives syslog from the city's devices and sends what matters of it as events. */
export const syslogKind: CollectorKind<SyslogConfig> = {
  kind: 'syslog',
  configSchema: syslogConfigSchema,
  // How long an event waits at most; a run without one costs next to nothing.
  defaultIntervalMs: 2_000,
  needs: ({ tls }) => ({
    listens: true,
    readable: [tls?.certFile, tls?.keyFile, tls?.caFile].filter((file) => file !== undefined),
  }),
  reaches: ({ tls }) => ({
    targets: REACHES_NOTHING.targets,
    files: [
      ...fileSetting('tls.certFile', tls?.certFile),
      ...fileSetting('tls.keyFile', tls?.keyFile),
      ...fileSetting('tls.caFile', tls?.caFile),
    ],
  }),
  create: (config, deps) => {
    const intake = new SyslogIntake(config, deps, openTroubledSendersRecord('syslog', deps));
    const { udp, tcp, tls } = config;
    const listeners: SyslogListener[] = [
      ...(udp === undefined ? [] : [new SyslogUdpListener(udp, intake)]),
      ...(tcp === undefined ? [] : [new SyslogStreamListener('tcp', tcp, intake)]),
      ...(tls === undefined ? [] : [secureListener(tls, intake, deps.clock)]),
    ];
    return createSyslogCollector(listeners, intake, deps);
  },
};

export interface SyslogListener extends Openable {
  /** At each run. Never rejects. */
  resume?(): void | Promise<void>;
}

const MAX_ERRORS = 20;

export function createSyslogCollector(
  listeners: readonly SyslogListener[],
  intake: SyslogIntake,
  { clock, log, isTrial = false }: Pick<CollectorDeps, 'clock' | 'log' | 'isTrial'>,
): Collector {
  const inputs = new OpenListeners('syslog', listeners, log);
  return {
    name: 'syslog',
    collect: async (signal) => {
      const openErrors = await inputs.open();
      for (const listener of inputs.all) await listener.resume?.();
      const nothingCame = isTrial ? await waitForSenders(intake.book, clock, signal) : undefined;
      const problems = intake.refusals.takeMostFrequent(MAX_ERRORS);
      return {
        samples: intake.book.take(),
        errors: [
          ...openErrors,
          ...problems.map((text) => new Error(`syslog: ${text}`)),
          ...(nothingCame === undefined ? [] : [new SilentSenders(`syslog: ${nothingCame}`)]),
        ],
      };
    },
    close: () => inputs.close(),
  };
}

/** TCP whose connections become TLS. */
export function secureListener(
  config: SyslogTlsConfig,
  intake: SyslogIntake,
  clock: Clock,
): SyslogStreamListener {
  const layer = new TlsLayer(config, (problem) => intake.refusals.add(`tls: ${problem}`));
  return new SyslogStreamListener('tls', config, intake, {
    open: () => layer.open(clock.monotonicMs()),
    resume: () => layer.refresh(clock.monotonicMs()),
    secure: (socket, onReady) => layer.secure(socket, onReady),
  });
}
