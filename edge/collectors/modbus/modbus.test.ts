import { createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { closeServers, listen } from '../../protocols/testing/servers.ts';
import { mapOf, modbusConfigSchema } from './config.ts';
import { mapProblems } from './map-problems.ts';
import { mapSchema } from './map-schema.ts';
import { SHIPPED_MAPS } from './maps/index.ts';
import { modbusKind } from './modbus.ts';
import { planBlocks } from './plan.ts';
import { ACME_CRAC, exampleSamples } from './testing/example-samples.ts';
import {
  floatAt,
  startModbusServer,
  type ModbusServer,
  type Units,
} from '../../protocols/modbus/testing/modbus-server.ts';

const deps = { clock: systemClock, log: silentLogger, commonTags: { site: 's-1' } };
const { signal } = new AbortController();
let servers: ModbusServer[];
beforeEach(() => (servers = []));
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  closeServers();
});

async function serve(units: Units): Promise<number> {
  const server = await startModbusServer(units);
  servers.push(server);
  return server.port;
}

interface Wanted {
  readonly device: string;
  readonly port: number;
  readonly unitId?: number;
  readonly map?: string;
}
function collectorOf(devices: readonly Wanted[], more: object = {}) {
  const config = modbusConfigSchema.parse({
    devices: devices.map((device) => ({ address: '127.0.0.1', map: 'eastron-sdm120', ...device })),
    replyTimeoutMs: 200,
    ...more,
  });
  return modbusKind.create(config, deps);
}
async function collect(devices: readonly Wanted[], more: object = {}) {
  const collector = collectorOf(devices, more);
  const { samples, errors } = await collector.collect(signal);
  await collector.close();
  return {
    rows: samples.map(
      ({ measurement, tags, fields }) => [measurement, tags['device'], tags['line'], fields] as const,
    ),
    errors: errors.map(({ message }) => message),
  };
}
const registers = (...parts: readonly Readonly<Record<number, number>>[]) =>
  Object.assign({}, ...parts) as Record<number, number>;
const METER = registers(
  floatAt(0, 231.2),
  floatAt(6, 3.21),
  floatAt(12, 712.5),
  floatAt(70, 49.98),
  floatAt(72, 1_234.56),
);

describe('a power meter', () => {
  it('is read by a shipped map into power, and is up', async () => {
    const { rows, errors } = await collect([
      { device: 'meter-1', port: await serve({ 1: { input: METER } }) },
    ]);
    expect(errors).toEqual([]);
    expect(rows).toEqual([
      [
        'device',
        'meter-1',
        undefined,
        {
          up: true,
          reachable: true,
          response_ms: expect.any(Number) as number,
          vendor: 'eastron',
          model: 'SDM120',
        },
      ],
      [
        'power',
        'meter-1',
        undefined,
        {
          input_voltage_v: 231.2,
          input_current_a: 3.21,
          input_power_w: 712.5,
          input_frequency_hz: 49.98,
          energy_kwh: 1234.56,
        },
      ],
    ]);
  });

  it('of three phases has a row for each, and one for all', async () => {
    const three = registers(
      ...[0, 2, 4].map((at) => floatAt(at, 230 + at)),
      ...[6, 8, 10].map((at) => floatAt(at, at)),
      ...[12, 14, 16].map((at) => floatAt(at, 100 * at)),
      floatAt(52, 4_200),
      floatAt(70, 50),
      floatAt(72, 9),
    );
    const port = await serve({ 7: { input: three } });
    const { rows, errors } = await collect([{ device: 'm', port, unitId: 7, map: 'eastron-sdm630' }]);
    expect(errors).toEqual([]);
    expect(rows.slice(1)).toEqual([
      ['power', 'm', '1', { input_voltage_v: 230, input_current_a: 6, input_power_w: 1_200 }],
      ['power', 'm', '2', { input_voltage_v: 232, input_current_a: 8, input_power_w: 1_400 }],
      ['power', 'm', '3', { input_voltage_v: 234, input_current_a: 10, input_power_w: 1_600 }],
      ['power', 'm', undefined, { input_power_w: 4_200, input_frequency_hz: 50, energy_kwh: 9 }],
    ]);
  });
});

describe('several devices behind one gateway', () => {
  it('are read over one connection; one that is silent is down, and the next is read', async () => {
    const port = await serve({
      1: { input: METER },
      3: { holding: { 100: 0xff38, 101: 551 }, discrete: { 3: 1 } },
    });
    const { rows, errors } = await collect(
      [
        { device: 'meter', port },
        { device: 'silent', port, unitId: 2 },
        { device: 'crac', port, unitId: 3, map: 'acme' },
      ],
      { maps: { acme: ACME_CRAC } },
    );
    expect(rows.map(([measurement, device]) => `${device} ${measurement}`)).toEqual([
      'meter device',
      'meter power',
      'silent device',
      'crac device',
      'crac environment',
    ]);
    expect(rows[2]?.[3]).toEqual({ up: false, reachable: false });
    expect(rows[4]?.[3]).toEqual({ temperature_celsius: -20, humidity_pct: 55.1, water_leak: true });
    expect(errors).toEqual(['silent: input 0 to 1: no answer']);
  });

  it('that cannot be connected to are all down, with the reason', async () => {
    const free = createServer();
    const port = await listen(free);
    free.close();
    const { rows, errors } = await collect([
      { device: 'a', port },
      { device: 'b', port, unitId: 2 },
    ]);
    expect(rows.map(([, device, , fields]) => [device, fields['up']])).toEqual([
      ['a', false],
      ['b', false],
    ]);
    expect(errors).toEqual(['a: connection refused', 'b: connection refused']);
  });

  it('that are not asked within the deadline have no row, and the next run begins with them', async () => {
    const port = await serve({ 7: { input: METER } });
    const units = [1, 2, 3, 4, 5, 6, 7];
    const collector = collectorOf(
      units.map((unitId) => ({ device: `m${unitId}`, port, unitId })),
      { replyTimeoutMs: 100, deadlineMs: 250 },
    );
    const seen = new Map<unknown, unknown>();
    // At least one device a run, however slow this machine is; its own answers may be late, too.
    for (let run = 0; run < 3 * units.length && seen.get('m7') !== true; run++) {
      const { samples, errors } = await collector.collect(signal);
      const states = samples.filter(({ measurement }) => measurement === 'device');
      for (const { tags, fields } of states) seen.set(tags['device'], fields['up']);
      expect(states.length).toBeLessThan(units.length);
      const told = errors.filter(({ message }) => message.endsWith(': not done within 250 ms'));
      expect(told.length).toBeGreaterThanOrEqual(units.length - states.length);
    }
    expect(Object.fromEntries(seen)).toMatchObject({ m1: false, m2: false, m6: false, m7: true });
  });

  it('are all read when one of them answers with a register too few, which is told of that one alone', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (request) => {
          const unitId = request.readUInt8(6);
          const count = request.readUInt16BE(10) - (unitId === 1 ? 1 : 0);
          const answer = Buffer.alloc(9 + 2 * count);
          request.copy(answer, 0, 0, 8);
          answer.writeUInt16BE(3 + 2 * count, 4);
          answer.writeUInt8(2 * count, 8);
          socket.write(answer);
        });
      }),
    );
    const { rows, errors } = await collect([
      { device: 'short', port },
      { device: 'good', port, unitId: 2 },
    ]);
    expect(rows.map(([measurement, device, , { up }]) => [measurement, device, up])).toEqual([
      ['device', 'short', true],
      ['device', 'good', true],
      ['power', 'good', undefined],
    ]);
    expect(errors).toEqual([expect.stringMatching(/^short: input 0 to 1: Data length error/)]);
  });

  it('are read over a new connection when the gateway closes one, and only who was asked is down', async () => {
    const port = await listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (request) => {
          if (request.readUInt8(6) === 1) return socket.destroy();
          // Illegal data address: an answer.
          return socket.write(
            Buffer.from([...request.subarray(0, 4), 0, 3, 2, request.readUInt8(7) | 0x80, 2]),
          );
        });
      }),
    );
    const { rows } = await collect([
      { device: 'fatal', port },
      { device: 'next', port, unitId: 2 },
    ]);
    expect(rows.map(([, device, , { up }]) => [device, up])).toEqual([
      ['fatal', false],
      ['next', true],
    ]);
  });
});

it('registers that the device refuses are lost alone', async () => {
  const { 70: _high, 71: _low, ...rest } = METER;
  const { rows, errors } = await collect([{ device: 'm', port: await serve({ 1: { input: rest } }) }]);
  expect(rows[1]?.[3]).toEqual({ input_voltage_v: 231.2, input_current_a: 3.21, input_power_w: 712.5 });
  expect(errors).toEqual([
    expect.stringMatching(/^m: input 70 to 73: Modbus exception 2: Illegal data address/),
  ]);
});

describe('what answers with rubbish', () => {
  const talking = (talk: (socket: Socket) => void): Promise<number> =>
    listen(
      createServer((socket) => {
        socket.on('error', () => undefined);
        talk(socket);
      }),
    );
  it.each<[string, (socket: Socket) => void]>([
    ['noise', (socket) => socket.on('data', () => socket.write(Buffer.alloc(300, 0xa5)))],
    [
      'an answer to another question',
      (socket) => socket.on('data', () => socket.write('\0\x63\0\0\0\x03\x01\x04\0')),
    ],
    ['an empty frame', (socket) => socket.on('data', () => socket.write(Buffer.from('000100000000', 'hex')))],
    ['its end', (socket) => socket.on('data', () => socket.destroy())],
    [
      'a flood',
      (socket) => {
        const timer = setInterval(() => socket.write(Buffer.alloc(16_384, 1)), 1);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    ['silence', () => undefined],
  ])('such as %s is down, and the next device is read', async (_, talk) => {
    const [bad, good] = [await talking(talk), await serve({ 1: { input: METER } })];
    const { rows, errors } = await collect(
      [
        { device: 'bad', port: bad },
        { device: 'good', port: good },
      ],
      { deadlineMs: 1_000 },
    );
    expect(rows.map(([measurement, device, , { up }]) => [measurement, device, up])).toEqual([
      ['device', 'bad', false],
      ['device', 'good', true],
      ['power', 'good', undefined],
    ]);
    expect(errors).toEqual([expect.stringMatching(/^bad: /)]);
  });
});

it('a length that lies is an answer, of a device that is up, and nothing is read from it', async () => {
  const port = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      socket.on('data', () => socket.write(Buffer.from('0001000000050104ff0102', 'hex')));
    }),
  );
  const { rows, errors } = await collect([{ device: 'bad', port }]);
  expect(rows.map(([measurement, device, , { up }]) => [measurement, device, up])).toEqual([
    ['device', 'bad', true],
  ]);
  expect(errors).toEqual([expect.stringMatching(/^bad: .*Data length error/)]);
});

describe('a register map', () => {
  it.each(Object.keys(SHIPPED_MAPS))('%s is valid, and says where it is from', (name) => {
    const map = mapOf({ map: name }, { maps: {} });
    expect(mapProblems(map)).toEqual([]);
    expect(map.source).toBeDefined();
  });

  const mapWith = (fields: object, more: object = {}) => ({
    ...more,
    measurements: [{ measurement: 'power', fields }],
  });
  it.each([
    [
      mapWith({ input_volts: 1 }),
      /maps\.acme\.measurements\[0\]\.fields\.input_volts|no such field; did you mean/,
    ],
    [mapWith({ input_voltage_v: { address: 1, unit: 'Cel' } }), /expected a unit that becomes V: one of/],
    [mapWith({ outlet_on: 1 }), /expected bit, good or values/],
    [mapWith({ input_voltage_v: { address: 1, bit: 2 } }), /expected no bit/],
    [mapWith({ input_voltage_v: { address: 65_535, type: 'float32' } }), /expected room for 2 registers/],
    [mapWith({ input_voltage_v: { address: 70_000 } }), /65535/],
    [
      { measurements: [{ measurement: 'powr', fields: {} }] },
      /expected a measurement of the catalogue.*did you mean power/,
    ],
    [{ measurements: [{ measurement: 'power', tags: { phase: '1' }, fields: {} }] }, /power has no such tag/],
  ])('%j is refused', (map, problem) => {
    const { error } = modbusConfigSchema.safeParse({
      devices: [{ device: 'd', address: '10.0.0.1', map: 'acme' }],
      maps: { acme: map },
    });
    expect(error?.issues.map(({ message }) => message).join('\n')).toMatch(problem);
  });

  it('asks for neighbours together, and for nothing that nobody wants', () => {
    const map = mapSchema.parse(
      mapWith(
        {
          input_voltage_v: { address: 10, type: 'float32' },
          input_current_a: { address: 12, type: 'float32' },
          input_power_w: { address: 20, type: 'int64' },
          outlet_on: { table: 'coil', address: 3 },
          energy_kwh: { address: 24, type: 'uint32', unit: 'W.h' },
        },
        { maxRegisters: 5 },
      ),
    );
    expect(planBlocks(map)).toEqual([
      { table: 'coil', address: 3, count: 1 },
      { table: 'holding', address: 10, count: 4 },
      { table: 'holding', address: 20, count: 4 },
      { table: 'holding', address: 24, count: 2 },
    ]);
  });

  it('knows signs, sizes, the order of words, bits, codes, units and what is absent', async () => {
    const port = await serve({
      1: {
        holding: {
          0: 0xfffe,
          1: 0x4366,
          2: 0xe148,
          3: 0,
          4: 0,
          5: 1,
          6: 0x86a0,
          7: 4,
          8: 2,
          9: 0xffff,
          10: 0x7fc0,
          11: 0,
        },
      },
    });
    const map = mapWith({
      battery_current_a: { address: 0, type: 'int16', scale: 0.1 },
      input_voltage_v: { address: 1, type: 'float32' },
      energy_kwh: { address: 3, type: 'uint64', unit: 'W.h' },
      outlet_on: { address: 7, bit: 2 },
      load_state: { address: 8, values: { 2: 3 } },
      load_pct: { address: 9, absent: [65_535] },
      output_voltage_v: { address: 10, type: 'float32' },
    });
    const { rows } = await collect([{ device: 'd', port, map: 'acme' }], { maps: { acme: map } });
    expect(rows[1]?.[3]).toEqual({
      battery_current_a: -0.2,
      input_voltage_v: 230.88,
      energy_kwh: 100,
      outlet_on: true,
      load_state: 3,
    });
    const swapped = mapWith({ input_voltage_v: { address: 1, type: 'float32', firstWord: 'low' } });
    const other = await serve({ 1: { holding: { 1: 0xe148, 2: 0x4366 } } });
    const { rows: low } = await collect([{ device: 'd', port: other, map: 'acme' }], {
      maps: { acme: swapped },
    });
    expect(low[1]?.[3]).toEqual({ input_voltage_v: 230.88 });
  });
});

it('the example has a meter and an air conditioner', async () => {
  const samples = await exampleSamples(deps);
  expect(samples.map(({ measurement, tags }) => `${tags['device']} ${measurement}`)).toEqual([
    'meter-1 device',
    'meter-1 power',
    'crac-1 device',
    'crac-1 environment',
  ]);
});
