import { setMaxListeners } from 'node:events';
import type { Collected, CollectorKind } from '../collector.ts';
import { modbusConfigSchema, type ModbusConfig, type ModbusDevice } from './config.ts';
import { AddressReader } from './read-address.ts';

/** Power meters, air conditioning and the like over Modbus TCP; reads only. */
export const modbusKind: CollectorKind<ModbusConfig> = {
  kind: 'modbus',
  configSchema: modbusConfigSchema,
  defaultIntervalMs: 60_000,
  minimumIntervalMs: ({ deadlineMs }) => deadlineMs,
  needs: ({ devices }) => ({ hosts: devices.map(({ address }) => address) }),
  reaches: ({ devices }) => ({
    targets: devices.map(({ address, port }, at) => ({
      setting: `devices[${at}].address`,
      use: 'tcp',
      host: address,
      port,
    })),
    files: [],
  }),
  create: (config, deps) => {
    const readers = byAddress(config).map((devices) => new AddressReader(devices, config, deps));
    return {
      name: 'modbus',
      collect: (signal) => collectOnce(readers, signal),
      close: async () => undefined,
    };
  },
};

async function collectOnce(readers: readonly AddressReader[], signal: AbortSignal): Promise<Collected> {
  setMaxListeners(0, signal); // one an address
  const readings = (await Promise.all(readers.map((reader) => reader.read(signal)))).flat();
  const errors = readings.flatMap((reading) => reading.errors);
  const samples = readings.flatMap((reading) => reading.samples);
  return { samples, errors };
}

/** A gateway has one line for all devices behind it, and takes few connections. */
function byAddress({ devices }: ModbusConfig): readonly (readonly [ModbusDevice, ...ModbusDevice[]])[] {
  const groups = new Map<string, [ModbusDevice, ...ModbusDevice[]]>();
  for (const device of devices) {
    const key = `${device.address} ${device.port}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [device]);
    else group.push(device);
  }
  return [...groups.values()];
}
