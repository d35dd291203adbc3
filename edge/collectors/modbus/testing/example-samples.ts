import type { Sample } from '../../../../contract/sample.ts';
import type { CollectorDeps } from '../../collector.ts';
import { modbusConfigSchema } from '../config.ts';
import { modbusKind } from '../modbus.ts';
import { floatAt, startModbusServer } from '../../../protocols/modbus/testing/modbus-server.ts';

/** Of a power meter with one phase, and of an air conditioner by a map of its own. */
export async function exampleSamples(deps: CollectorDeps): Promise<readonly Sample[]> {
  const meter = [
    floatAt(0, 231.2),
    floatAt(6, 3.21),
    floatAt(12, 712.5),
    floatAt(70, 49.98),
    floatAt(72, 1_234.56),
  ];
  const server = await startModbusServer({
    1: { input: Object.assign({}, ...meter) as Record<number, number> },
    2: { holding: { 100: 0xff38, 101: 551 }, discrete: { 3: 0 } },
  });
  const config = modbusConfigSchema.parse({
    devices: [
      { device: 'meter-1', address: '127.0.0.1', port: server.port, map: 'eastron-sdm120' },
      { device: 'crac-1', address: '127.0.0.1', port: server.port, unitId: 2, map: 'acme-crac' },
    ],
    maps: { 'acme-crac': ACME_CRAC },
  });
  const collector = modbusKind.create(config, deps);
  try {
    return (await collector.collect(new AbortController().signal)).samples;
  } finally {
    await collector.close();
    await server.close();
  }
}

export const ACME_CRAC = {
  vendor: 'acme',
  measurements: [
    {
      measurement: 'environment',
      tags: { sensor: 'return air' },
      fields: {
        temperature_celsius: { address: 100, type: 'int16', scale: 0.1 },
        humidity_pct: { address: 101, scale: 0.1 },
        water_leak: { table: 'discrete', address: 3 },
      },
    },
  ],
};
