import { z } from 'zod';
import { declarationsSchema } from '../../../contract/custom/declaration.ts';
import type { Collected, Collector, CollectorDeps, CollectorKind } from '../collector.ts';
import { brokerReaches } from '../../protocols/mqtt/broker-config.ts';
import { fileSetting, REACHES_NOTHING } from '../../protocols/reach.ts';
import { OpenListeners } from '../open-listeners.ts';
import { SilentSenders, waitForSenders } from '../wait-for-senders.ts';
import { HttpListener } from './http-listener.ts';
import { Intake, type Listener } from './intake.ts';
import { MqttListener, mqttListenerSchema } from './mqtt-listener.ts';
import { UdpListener } from './udp-listener.ts';
import { UnixListener } from './unix-listener.ts';

/** Loopback only: senders are on this machine. */
const address = z.enum(['127.0.0.1', '::1']).default('127.0.0.1');
const port = z.int().min(1).max(65_535);

const configSchema = z
  .strictObject({
    http: z.strictObject({ address, port }).optional(),
    udp: z.strictObject({ address, port }).optional(),
    unix: z
      .strictObject({ path: z.string().startsWith('/', 'expected an absolute path').max(100) })
      .optional(),
    mqtt: mqttListenerSchema.optional(),
    /** Measurements that the catalogue lacks; central must know them, too. */
    custom: declarationsSchema.optional(),
  })
  .refine(({ custom: _custom, ...ways }) => Object.values(ways).some((way) => way !== undefined), {
    error: 'expected http, udp, unix or mqtt',
  });
export type TelegrafConfig = z.infer<typeof configSchema>;

/** Receives InfluxDB line protocol from Telegraf. */
export const telegrafKind: CollectorKind<TelegrafConfig> = {
  kind: 'telegraf',
  configSchema,
  // An HTTP sender waits for the next run and then for the disk; Telegraf's timeout is 5 s.
  defaultIntervalMs: 2_000,
  needs: ({ http, udp, unix }) => ({ listens: [http, udp, unix].some((way) => way !== undefined) }),
  reaches: ({ mqtt, unix }) => {
    const broker = mqtt === undefined ? REACHES_NOTHING : brokerReaches(mqtt.broker, 'mqtt.broker');
    return { targets: broker.targets, files: [...broker.files, ...fileSetting('unix.path', unix?.path)] };
  },
  create: (config, deps) => {
    const intake = new Intake(deps, config.custom);
    const listeners = [
      ...(config.http === undefined ? [] : [new HttpListener(config.http, intake)]),
      ...(config.udp === undefined ? [] : [new UdpListener(config.udp, intake)]),
      ...(config.unix === undefined ? [] : [new UnixListener(config.unix, intake)]),
      ...(config.mqtt === undefined ? [] : [new MqttListener(config.mqtt, intake, deps)]),
    ];
    return createTelegrafCollector(listeners, intake, deps);
  },
};

const MAX_ERRORS = 20;

export function createTelegrafCollector(
  listeners: readonly Listener[],
  intake: Intake,
  { clock, log, isTrial = false }: Pick<CollectorDeps, 'clock' | 'log' | 'isTrial'>,
): Collector {
  const inputs = new OpenListeners('telegraf', listeners, log);

  return {
    name: 'telegraf',
    collect: async (signal): Promise<Collected> => {
      const openErrors = await inputs.open();
      const nothingCame = isTrial ? await waitForSenders(intake.pushed, clock, signal) : undefined;
      for (const listener of inputs.all) await listener.countDrops?.();
      const problems = inputs.all.flatMap(({ name, problem }) =>
        problem === undefined ? [] : `${name}: ${problem}`,
      );
      const listening = inputs.all.map(({ name }) => name).join(', ');
      const inputErrors =
        nothingCame !== undefined && problems.length === 0
          ? [new SilentSenders(`telegraf: ${nothingCame} on ${listening}`)]
          : problems.map((text) => new Error(`telegraf: ${text}`));
      const refusals = intake.refusals
        .takeMostFrequent(MAX_ERRORS)
        .map((reason) => new Error(`telegraf: ${reason}`));
      return { ...intake.pushed.take(), errors: [...openErrors, ...inputErrors, ...refusals] };
    },
    close: async () => {
      await intake.pushed.close();
      await inputs.close();
    },
  };
}
