import { describe, expect, it } from 'vitest';
import { environmentConfigSchema } from './config.ts';

const broker = { url: 'mqtt://127.0.0.1:1883' };
const problems = (config: unknown) =>
  environmentConfigSchema
    .safeParse(config)
    .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
const ofSensors = (...sensors: readonly object[]) => problems({ mqtt: { broker, sensors } });

describe('the configuration of environment', () => {
  it('is short where a mapping is ready', () => {
    expect(ofSensors({ mapping: 'zigbee2mqtt' })).toBeUndefined();
    expect(
      ofSensors({ mapping: 'zigbee2mqtt', topic: 'floor-2/{device}', names: { '0x00158d': 'leak-1' } }),
    ).toBeUndefined();
    expect(ofSensors({ mapping: 'shelly', prefix: 'ward/' })).toBeUndefined();
    expect(
      ofSensors({ topic: 'plc/{sensor}', device: 'plc-1', fields: { smoke: { path: '/s' } } }),
    ).toBeUndefined();
  });

  it.each<[object, string]>([
    [{}, 'mqtt.sensors.0.mapping: expected either mapping or fields'],
    [{ fields: { smoke: { path: '/s' } } }, 'mqtt.sensors.0.topic: is needed where there are fields'],
    [
      { mapping: 'shelly', topic: 'x/{device}' },
      'mqtt.sensors.0.topic: this mapping has several topics; give prefix',
    ],
    [
      { topic: 'plc/state', fields: { smoke: { path: '/s' } } },
      'mqtt.sensors.0.device: expected {device} in the topic, or device, and not both',
    ],
    [
      { mapping: 'zigbee2mqtt', device: 'x' },
      'mqtt.sensors.0.device: expected {device} in the topic, or device, and not both',
    ],
    [
      { topic: '{device}/{sensor}', fields: { smoke: { path: '/*/s' } } },
      'mqtt.sensors.0.topic: has {sensor}, and a path has *',
    ],
    [{ mapping: 'generic', prefix: 'a/#/' }, 'mqtt.sensors.0.prefix: expected the beginning of a topic'],
  ])('%j', (sensors, problem) => {
    expect(ofSensors(sensors)).toEqual([problem]);
  });

  it('names all mistakes at once', () => {
    expect(
      problems({
        mqtt: {
          broker: { url: 'http://x' },
          sensors: [{ topic: 'a/#', fields: { heat: { path: '/x' }, smoke: { path: 'x' } }, colour: 1 }],
        },
        snmp: {
          credentials: { lan: { version: '2c', community: { value: 'public' } } },
          devices: [
            {
              device: 'p',
              address: '-x',
              credentials: 'wan',
              sensors: [{ oid: 'sysDescr', field: 'smoke' }],
            },
          ],
        },
      })?.map((problem) => problem.slice(0, problem.indexOf(':'))),
    ).toEqual([
      'mqtt.broker.url',
      'mqtt.sensors.0.topic',
      'mqtt.sensors.0.fields.heat',
      'mqtt.sensors.0.fields.smoke.path',
      'mqtt.sensors.0',
      'snmp.devices.0.address',
      'snmp.devices.0.sensors.0.oid',
      'snmp.devices.0.credentials',
    ]);
    expect(problems({})).toEqual([': expected mqtt or snmp']);
  });
});
