import type { Collected, CollectorDeps, CollectorKind } from '../collector.ts';
import { openNetSnmpSession } from '../../protocols/snmp/net-snmp-session.ts';
import { waitForSenders } from '../wait-for-senders.ts';
import { environmentConfigSchema, type EnvironmentConfig } from './config.ts';
import { MqttSensors } from './mqtt-sensors.ts';
import { SnmpSensors } from './snmp-sensors.ts';

/** Sensors of rooms and cabinets: over a broker by a mapping, or over SNMP by OID. */
export const environmentKind: CollectorKind<EnvironmentConfig> = {
  kind: 'environment',
  configSchema: environmentConfigSchema,
  // What a sensor says waits in memory for so long; the broker keeps it until it is on disk.
  defaultIntervalMs: 5_000,
  create: (config, deps) => {
    const mqtt = config.mqtt && new MqttSensors(config.mqtt, deps);
    const snmp = config.snmp && new SnmpSensors(config.snmp, { ...deps, openSession: openNetSnmpSession });
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
  const words: string[] = [];
  if (isTrial) {
    await snmp?.whenPolled(signal);
    polled = snmp?.take();
    const quiet = mqtt && (await waitForSenders(mqtt.pushed, clock, signal));
    if (quiet !== undefined && mqtt?.complaints().length === 0) words.push(`${quiet}: ${mqtt.describe()}`);
  }
  const taken = mqtt?.pushed.take();
  words.push(...(mqtt?.complaints() ?? []), ...(mqtt?.refusals.takeMostFrequent(MAX_ERRORS) ?? []));
  return {
    samples: [...(taken?.samples ?? []), ...(mqtt?.heldStates() ?? []), ...(polled?.samples ?? [])],
    errors: [...words.map((problem) => new Error(`environment: ${problem}`)), ...(polled?.errors ?? [])],
    ...(taken !== undefined && { settle: taken.settle }),
  };
}
