import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { brokerReaches } from '../../protocols/mqtt/broker-config.ts';
import { REACHES_NOTHING } from '../../protocols/reach.ts';
import { secretsOf } from '../../protocols/snmp/credentials.ts';
import { openSnmpSession } from '../../protocols/snmp/open-session.ts';
import { SilentSenders, waitForSenders } from '../wait-for-senders.ts';
import { environmentConfigSchema, type EnvironmentConfig } from './config.ts';
import { MqttSensors } from './mqtt-sensors.ts';
import { SnmpSensors } from './snmp-sensors.ts';

/** Sensors of rooms and cabinets: over a broker by a mapping, or over SNMP by OID. */
export const environmentKind: CollectorKind<EnvironmentConfig> = {
  kind: 'environment',
  configSchema: environmentConfigSchema,
  // Messages wait in memory for this long; the broker keeps them until they are on disk.
  defaultIntervalMs: 5_000,
  reaches: ({ mqtt, snmp }) => {
    const broker = mqtt === undefined ? REACHES_NOTHING : brokerReaches(mqtt.broker, 'mqtt.broker');
    const devices = (snmp?.devices ?? []).map(({ address, port, credentials: name }, at) => ({
      setting: `snmp.devices[${at}].address`,
      use: 'snmp' as const,
      host: address,
      port,
      secrets: secretsOf(snmp?.credentials[name], `snmp.credentials.${name}`),
    }));
    return { targets: [...broker.targets, ...devices], files: broker.files };
  },
  create: (config, deps) => {
    const mqtt = config.mqtt && new MqttSensors(config.mqtt, deps);
    const snmp = config.snmp && new SnmpSensors(config.snmp, { ...deps, openSession: openSnmpSession });
    return {
      name: 'environment',
      collect: (signal) => collectOnce({ mqtt, snmp }, deps, signal),
      close: async () => {
        await Promise.all([mqtt?.close(), snmp?.close()]);
      },
    };
  },
};

const MAX_ERRORS = 20;

async function collectOnce(
  { mqtt, snmp }: { readonly mqtt: MqttSensors | undefined; readonly snmp: SnmpSensors | undefined },
  { clock, isTrial = false }: CollectorDeps,
  signal: AbortSignal,
): Promise<Collected> {
  mqtt?.open();
  let polled = snmp?.take();
  const problems: string[] = [];
  const silence: Error[] = [];
  if (isTrial) {
    await snmp?.whenPolled(signal);
    polled = snmp?.take();
    const nothingCame = mqtt && (await waitForSenders(mqtt.pushed, clock, signal));
    if (nothingCame !== undefined && mqtt?.problems().length === 0)
      silence.push(new SilentSenders(`environment: ${nothingCame}: ${mqtt.describe()}`));
  }
  const taken = mqtt?.pushed.take();
  problems.push(...(mqtt?.problems() ?? []), ...(mqtt?.refusals.takeMostFrequent(MAX_ERRORS) ?? []));
  return {
    samples: [...(taken?.samples ?? []), ...(mqtt?.heldStates() ?? []), ...(polled?.samples ?? [])],
    errors: [
      ...silence,
      ...problems.map((problem) => new Error(`environment: ${problem}`)),
      ...(polled?.errors ?? []),
    ],
    ...(taken !== undefined && { reportDurable: taken.reportDurable }),
  };
}
