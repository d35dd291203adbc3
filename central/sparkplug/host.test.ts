import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { namedTags } from '../samples/named-tags.ts';
import type { SampleTable } from '../samples/sample-table.ts';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { Workbench } from '../ingest/testing/workbench.ts';
import { createValidator } from '../ingest/validate/validator.ts';
import { EMPTY_INVENTORY, indexInventory } from '../inventory/inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import { sparkplugConfigSchema } from './config.ts';
import { SparkplugHost } from './host.ts';
import { openNodeRepository } from './node-repository.ts';
import { decodePayload } from './payload.ts';
import { birthPayload, encode, metric, type MetricFields } from './testing/encode.ts';

const AGENT = 'spb-power--n1';
const CONFIG = {
  devices: [
    {
      device: 'UPS',
      tags: { device: 'ups-1' },
      metrics: [{ name: 'Battery/V', measurement: 'power', field: 'battery_voltage_v', scale: 0.1 }],
    },
  ],
};

let bench: Workbench;
let inventory: LiveInventory;
let host: SparkplugHost;
let commands: { topic: string; metric: string | undefined }[];
let born: string[];
let alive: string[];
let dead: string[];

function attach(): void {
  bench.ingest.attach((intake) => {
    host = new SparkplugHost({
      config: sparkplugConfigSchema.parse(CONFIG),
      catalogue: CATALOGUE,
      inventory,
      repository: openNodeRepository(bench.database, bench.clock.now()),
      intake,
      publish: (topic, payload) => commands.push({ topic, metric: decodePayload(payload).metrics[0]?.name }),
      clock: bench.clock,
      log: silentLogger,
      onBorn: (agent) => born.push(agent),
      onAlive: (agent) => alive.push(agent),
      onRebirthNotRequested: () => undefined,
      onDead: (agent) => dead.push(agent),
    });
    return host;
  });
}

beforeEach(async () => {
  [commands, born, alive, dead] = [[], [], [], []];
  inventory = new LiveInventory(EMPTY_INVENTORY);
  bench = new Workbench({ validator: createValidator(CATALOGUE) });
  attach();
  await bench.ingest.start(new AbortController().signal);
});
afterEach(() => bench.dispose());

async function send(topic: string, payload: Buffer): Promise<void> {
  bench.bus.receive(`spBv1.0/${topic}`, payload);
  await bench.clock.advance(1);
  // What was refused goes to a real disk, which the test's clock does not wait for.
  await bench.quarantine.flush();
}

const nowMs = (): number => bench.clock.now();
const at = (metrics: readonly MetricFields[]): MetricFields[] =>
  metrics.map((each) => ({ timestamp: nowMs() - 100, ...each }));
const nodeBirth = (metrics: readonly MetricFields[], seq = 0): Promise<void> =>
  send('power/NBIRTH/n1', birthPayload(at(metrics), { timestamp: nowMs(), seq }));
const message = (topic: string, seq: number, metrics: readonly MetricFields[]): Promise<void> =>
  send(topic, encode({ timestamp: nowMs(), seq, metrics: at(metrics) }));

/** Everything stored but central's own rows, as `measurement {tags} field=value …`. */
async function stored(): Promise<string[]> {
  await bench.clock.advance(1_000);
  return [...bench.store.batches.values()].flatMap(({ tables }) =>
    tables.filter(({ measurement }) => measurement !== 'ingest_batch').flatMap(rowsOf),
  );
}

function rowsOf({ measurement, tags, fields, rows }: SampleTable): string[] {
  return rows.map((row) => {
    const given = Object.entries(namedTags(tags, row.series))
      .map(([tag, value]) => `${tag}=${value}`)
      .sort();
    const values = fields.flatMap((field, index) =>
      row.values[index] === undefined ? [] : [`${field}=${String(row.values[index])}`],
    );
    return [measurement, ...given, '|', ...values].join(' ');
  });
}

describe('a city of Sparkplug devices', () => {
  it('has its births and data stored under the agent and devices they are', async () => {
    await nodeBirth([
      metric('environment/temperature_celsius', 'Float', 21.5),
      metric('environment/humidity_pct', 'Int32', 40),
    ]);
    await message('power/DBIRTH/n1/UPS', 1, [metric('Battery/V', 'UInt16', 541, { alias: 5 })]);
    await message('power/DDATA/n1/UPS', 2, [metric('Battery/V', 'UInt16', 539)]);
    await message('power/DDEATH/n1/UPS', 3, []);
    expect(await stored()).toEqual([
      `environment agent=${AGENT} device=power.n1 | temperature_celsius=21.5 humidity_pct=40`,
      `device agent=${AGENT} device=ups-1 | up=true reachable=true`,
      `power agent=${AGENT} device=ups-1 | battery_voltage_v=54.1`,
      `power agent=${AGENT} device=ups-1 | battery_voltage_v=53.9`,
      `device agent=${AGENT} device=ups-1 | up=false reachable=false`,
    ]);
    expect(born).toEqual([AGENT]);
    expect(host.describe(AGENT)).toMatchObject({
      group: 'power',
      node: 'n1',
      session: 'born',
      bdSeq: 0,
      devices: [],
      lostMessages: 0,
    });
    expect(commands).toEqual([]);
  });

  it('has what it cannot place named once a birth, and counted from then on', async () => {
    await nodeBirth([metric('Colour', 'String', 'red'), metric('Shape', 'String', 'round')]);
    for (let seq = 1; seq <= 3; seq++)
      await message('power/NDATA/n1', seq, [metric('Colour', 'String', 'blue')]);
    expect(await stored()).toEqual([]);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'sparkplug-unmapped': 5 });
    const entries = await bench.quarantine.list({ limit: 9 });
    expect(entries).toMatchObject([{ agent: AGENT, code: 'sparkplug-unmapped' }]);
    expect(entries[0]?.reason).toBe(
      'NBIRTH power/n1: neither mapped nor a measurement/field of the catalogue: Colour (String red), Shape (String round)',
    );
  });

  it('may send history, nulls, transients and bad quality: none of it is taken for a current value', async () => {
    const celsius = (value: number | null, more: MetricFields = {}): MetricFields =>
      metric('environment/temperature_celsius', 'Float', value, more);
    await nodeBirth([celsius(1)]);
    await message('power/NDATA/n1', 1, [
      celsius(2, { isHistorical: true, timestamp: nowMs() - 60_000 }),
      celsius(null, { timestamp: nowMs() - 1 }),
      celsius(3, { isTransient: true }),
      celsius(4, { quality: 0 }),
    ]);
    expect(await stored()).toHaveLength(2);
    const backfills = [...bench.store.batches.values()].map(({ tables }) =>
      tables.at(-1)?.rows[0]?.values.at(-1),
    );
    expect(backfills).toEqual([false, true]);
    expect(host.stats().emptyValues).toBe(2);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'sparkplug-bad-quality': 1 });
  });

  it('has values that the catalogue does not allow refused like those of any agent', async () => {
    await nodeBirth([
      metric('environment/temperature_celsius', 'Float', 2_000),
      metric('environment/smoke', 'String', 'yes'),
    ]);
    expect(await stored()).toEqual([]);
    expect(Object.values(bench.ingest.stats().refusedRows)).toEqual([1]);
  });

  it('that has a name or a text beyond all measure loses that metric alone, and is not asked about it', async () => {
    const name = 'n'.repeat(300);
    await nodeBirth([
      metric(name, 'Boolean', true, { alias: 1 }),
      metric('Text', 'String', 'x'.repeat(2_000)),
      metric('environment/smoke', 'Boolean', false),
    ]);
    await message('power/NDATA/n1', 1, [
      metric(undefined, 'Boolean', false, { alias: 1 }),
      metric(name, 'Boolean', true),
    ]);
    expect(await stored()).toHaveLength(1);
    expect(commands).toEqual([]);
    const reasons = (await bench.quarantine.list({ limit: 9 })).map(({ reason }) => reason).join();
    expect(reasons).toContain(`${'n'.repeat(256)}… has a name of more than 256 characters`);
    expect(reasons).toContain('Text (String has 2000 bytes, expected at most 1024)');
  });

  it('that sends rubbish is named, and costs the others nothing', async () => {
    await send('power/NDATA/n1', Buffer.from('rubbish'));
    await send('power/NDATA/n1', Buffer.alloc(70_000));
    await nodeBirth([metric('environment/smoke', 'Boolean', false)]);
    expect(await stored()).toHaveLength(1);
    const codes = (await bench.quarantine.list({ limit: 9 })).map(({ code, agent }) => `${agent} ${code}`);
    expect(codes).toEqual([`${AGENT} sparkplug-oversize`, `${AGENT} sparkplug-not-sparkplug`]);
  });
});

it('a birth that the broker kept from long ago makes nobody live', async () => {
  bench.bus.receive('spBv1.0/power/NBIRTH/n1', birthPayload([]), { retained: true });
  await bench.clock.advance(1);
  expect([born, alive]).toEqual([[], []]);
  expect(bench.ingest.stats().refusedMessages).toEqual({ 'sparkplug-retained': 1 });
});

it.each([
  ['2^64 - 1 costs its samples', 2n ** 64n - 1n, 1],
  ["0 has them stored at central's time", 0, 2],
])('a clock at %s, and the store never sees it', async (_what, timestamp, batches) => {
  await send(
    'power/NBIRTH/n1',
    birthPayload([metric('environment/smoke', 'Boolean', true, { timestamp })], { timestamp }),
  );
  await message('power/NDATA/n1', 1, [metric('environment/smoke', 'Boolean', false)]);
  expect(await stored()).toHaveLength(batches);
  const sentAtMs = [...bench.store.batches.values()].map(({ tables }) => tables.at(-1)?.rows[0]?.values[3]);
  for (const sent of sentAtMs) expect(sent).toSatisfy(Number.isSafeInteger);
});

describe('a value that does not change', () => {
  const smoke = (value: boolean | null): MetricFields => metric('environment/smoke', 'Boolean', value);
  const said = async (): Promise<number> => (await stored()).length;

  it('is said again every half minute, by the clock of its node, until something else is said', async () => {
    await nodeBirth([smoke(true)]);
    await bench.clock.advance(95_000);
    expect(await said()).toBe(4);
    await message('power/NDATA/n1', 1, [smoke(false)]);
    await bench.clock.advance(32_000);
    expect((await stored()).slice(-2)).toEqual(
      Array(2).fill(`environment agent=${AGENT} device=power.n1 | smoke=false`),
    );
  });

  it('that the catalogue does not allow is refused once, not every half minute, and ends what held before', async () => {
    const humidity = (value: number): MetricFields => metric('environment/humidity_pct', 'Int32', value);
    await nodeBirth([humidity(40), metric('environment/temperature_celsius', 'Float', 20)]);
    await message('power/NDATA/n1', 1, [humidity(101)]);
    await bench.clock.advance(95_000);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'out-of-range': 1 });
    const again = (await stored()).slice(1);
    expect(again).toEqual(
      Array(3).fill(`environment agent=${AGENT} device=power.n1 | temperature_celsius=20`),
    );
    await message('power/NDATA/n1', 2, [
      { ...humidity(41), timestamp: nowMs() - 50 },
      { ...humidity(102), timestamp: nowMs() - 60 },
    ]);
    await bench.clock.advance(32_000);
    expect((await stored()).at(-1)).toContain('humidity_pct=41');
  });

  it('holds though it was born longer ago than samples are kept', async () => {
    await nodeBirth([{ ...smoke(true), timestamp: nowMs() - 8 * 86_400_000 }]);
    await bench.clock.advance(32_000);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'too-old': 1 });
    expect(await stored()).toEqual([`environment agent=${AGENT} device=power.n1 | smoke=true`]);
  });

  it('and was born too long ago is checked when it is said again', async () => {
    const timestamp = nowMs() - 8 * 86_400_000;
    await nodeBirth([{ ...metric('environment/humidity_pct', 'Int32', 101), timestamp }]);
    await bench.clock.advance(120_000);
    expect(bench.ingest.stats().refusedRows).toEqual({ 'too-old': 1, 'out-of-range': 1 });
  });

  it('is said on while central asks for a rebirth because of something else', async () => {
    const shared = metric('environment/water_leak', 'Boolean', false, { alias: 7 });
    const other = metric('environment/humidity_pct', 'Int32', 40, { alias: 7 });
    await nodeBirth([smoke(true), metric('environment/temperature_celsius', 'Float', 20), shared, other]);
    const odd: MetricFields[] = [
      metric('environment/temperature_celsius', 'Int32', 21),
      metric('Not/born', 'Boolean', true),
      metric(undefined, 'Boolean', true, { alias: 99 }),
      metric(undefined, 'Boolean', true, { alias: 7 }),
    ];
    await message('power/NDATA/n1', 1, odd);
    for (let seq = 2; seq < 12; seq++) {
      await bench.clock.advance(10_000);
      await message('power/NDATA/n1', seq, odd);
      await message('power/NDATA/n1', seq, []);
    }
    const again = (await stored()).slice(1);
    expect(again.length).toBeGreaterThanOrEqual(3);
    // What the odd ones may have changed holds no longer.
    for (const line of again) expect(line).toBe(`environment agent=${AGENT} device=power.n1 | smoke=true`);
    expect(commands.length).toBeGreaterThan(1);
  });

  it.each<[string, () => Promise<void>]>([
    ['it became null', () => message('power/NDATA/n1', 1, [smoke(null)])],
    ['a message was lost', () => message('power/NDATA/n1', 9, [])],
    [
      'its node died',
      () => send('power/NDEATH/n1', encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 0)] })),
    ],
    ['central lost the broker', async () => bench.bus.reconnect()],
    ['its node was born without it', () => nodeBirth([])],
  ])('is not once %s', async (_what, happens) => {
    await nodeBirth([smoke(true)]);
    await happens();
    await bench.clock.advance(120_000);
    expect(await said()).toBe(1);
  });
});

describe('a node', () => {
  it('is alive between its values, until its death', async () => {
    await nodeBirth([]);
    alive.length = 0;
    await bench.clock.advance(60_000);
    expect(alive.length).toBeGreaterThanOrEqual(11);
    await send('power/NDEATH/n1', encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 0)] }));
    expect(dead).toEqual([AGENT]);
    alive.length = 0;
    await bench.clock.advance(60_000);
    expect(alive).toEqual([]);
  });

  it('is not killed by the will of a connection before', async () => {
    await nodeBirth([]);
    await send('power/NDEATH/n1', encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 9)] }));
    expect(dead).toEqual([]);
    expect(host.stats()).toMatchObject({ staleDeaths: 1, nodes: { born: 1 } });
  });

  it('whose device is not born again after its rebirth has it reported down after a grace time, once a birth', async () => {
    const smoke = metric('environment/smoke', 'Boolean', false);
    await nodeBirth([]);
    for (const [at, device] of ['back', 'gone', 'dead'].entries())
      await message(`power/DBIRTH/n1/${device}`, at + 1, [smoke]);
    await message('power/DDEATH/n1/dead', 4, []);
    await send('power/NDEATH/n1', encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 0)] }));
    await bench.clock.advance(60_000);
    const reports = async (of: string): Promise<string[]> =>
      (await stored()).filter((line) => line.startsWith(`device agent=${AGENT} device=power.n1.${of} `));
    const said = { gone: (await reports('gone')).length, dead: (await reports('dead')).length };
    await nodeBirth([]);
    await bench.clock.advance(20_000);
    await message('power/DBIRTH/n1/back', 1, [smoke]);
    expect(await reports('gone')).toHaveLength(said.gone);
    await bench.clock.advance(15_000);
    const down = `device agent=${AGENT} device=power.n1.gone | up=false reachable=false`;
    expect((await reports('gone')).slice(said.gone)).toEqual([down]);
    expect(await reports('dead')).toHaveLength(said.dead);
    for (const line of (await reports('back')).slice(-1)) expect(line).toContain('up=true');
    await nodeBirth([]);
    const before = (await reports('gone')).length;
    await bench.clock.advance(40_000);
    expect((await reports('gone')).slice(before)).toEqual([down]);
  });

  it('that central does not know is asked once, then with growing pauses', async () => {
    const ask = { topic: 'spBv1.0/power/NCMD/n1', metric: 'Node Control/Rebirth' };
    for (let seq = 0; seq < 50; seq++)
      await message('power/NDATA/n1', seq, [metric('environment/smoke', 'Boolean', true)]);
    expect(commands).toEqual([ask]);
    await bench.clock.advance(10_000);
    expect(commands).toEqual([ask, ask]);
    await bench.clock.advance(10_000);
    expect(commands).toHaveLength(2);
    await bench.clock.advance(86_400_000 / 24);
    expect(commands.length).toBeLessThanOrEqual(6);
    expect(bench.ingest.stats().refusedMessages).toEqual({ 'sparkplug-before-birth': 50 });
  });

  it('that answers is asked within ten seconds, however often central lost the broker', async () => {
    await nodeBirth([]);
    for (let cut = 1; cut <= 8; cut++) {
      bench.bus.reconnect();
      await bench.clock.advance(10_000);
      expect(commands).toHaveLength(cut);
      await nodeBirth([]);
    }
  });

  it('that did not answer is asked anew once central has a new connection', async () => {
    await nodeBirth([]);
    bench.bus.reconnect();
    await bench.clock.advance(3_600_000);
    const before = commands.length;
    bench.bus.reconnect();
    await bench.clock.advance(1_000);
    expect(commands).toHaveLength(before + 1);
  });

  it('whose messages do not all arrive has the gap counted, declared in the ledger, and is asked', async () => {
    await nodeBirth([metric('environment/smoke', 'Boolean', false)]);
    await message('power/NDATA/n1', 4, [metric('environment/smoke', 'Boolean', true)]);
    await bench.clock.advance(3_000);
    expect(await stored()).toHaveLength(2);
    expect(host.describe(AGENT)).toMatchObject({ lostMessages: 3, rebirthRequests: 1 });
    expect(bench.ledger.entries(AGENT)).toMatchObject([{ declaredLost: [[2, 4]], missing: [] }]);
  });

  it('that is open for 31 days without a message is still known after a restart', async () => {
    await nodeBirth([]);
    const laterMs = nowMs() + 31 * 86_400_000;
    host.tick(laterMs);
    expect(openNodeRepository(bench.database, laterMs).list()).toMatchObject([
      { group: 'power', node: 'n1' },
    ]);
  });

  it('that was known before central restarted is asked as soon as there is a broker', async () => {
    await nodeBirth([]);
    attach();
    bench.bus.reconnect();
    expect(commands).toContainEqual({ topic: 'spBv1.0/power/NCMD/n1', metric: 'Node Control/Rebirth' });
  });

  it('is not counted as alive after a cut of the broker until it is seen again', async () => {
    await nodeBirth([]);
    bench.bus.reconnect();
    alive.length = 0;
    await bench.clock.advance(30_000);
    expect(alive).toEqual([]);
    await message('power/NDATA/n1', 1, []);
    await bench.clock.advance(10_000);
    expect(alive.length).toBeGreaterThan(1);
  });
});

it('a device that the inventory has elsewhere is asked for anew, and nothing is said on of where it was', async () => {
  const place = (unit: string): void => {
    const device = { id: 'ups-1', kind: 'ups' as const, site: `site-${unit}`, unit, agent: AGENT };
    inventory.replace(indexInventory({ ...emptyInventoryFile(), devices: [device] }));
  };
  place('26734');
  await nodeBirth([]);
  await message('power/DBIRTH/n1/UPS', 1, [metric('Battery/V', 'UInt16', 541)]);
  place('26737');
  host.recordMoved(new Set(['ups-2']));
  expect(commands).toEqual([]);
  host.recordMoved(new Set(['ups-1']));
  expect(commands).toMatchObject([{ topic: 'spBv1.0/power/NCMD/n1' }]);

  const before = await stored();
  expect(before.at(-1)).toContain('device=ups-1 site=site-26734 unit=26734 | battery_voltage_v=54.1');
  await bench.clock.advance(120_000);
  expect(await stored()).toEqual(before);
  await nodeBirth([]);
  await message('power/DBIRTH/n1/UPS', 1, [metric('Battery/V', 'UInt16', 542)]);
  expect((await stored()).at(-1)).toContain(
    'device=ups-1 site=site-26737 unit=26737 | battery_voltage_v=54.2',
  );
});

it('nodes beyond the limit make room where nobody was born, then by the longest dead, never by one that lives', async () => {
  const receiveFromNode = (type: string, node: number): void => {
    const died = encode({ timestamp: 1, metrics: [metric('bdSeq', 'UInt64', 0)] });
    host.receive({
      topic: `spBv1.0/g/${type}/n${node}`,
      payload: type === 'NDEATH' ? died : birthPayload([]),
    });
  };
  bench.database.transaction(() => {
    for (let node = 0; node < 2_000; node++) receiveFromNode('NBIRTH', node);
  });
  receiveFromNode('NBIRTH', 2_000);
  expect(bench.ingest.stats().refusedMessages).toEqual({ 'sparkplug-too-many-nodes': 1 });
  receiveFromNode('NDEATH', 7);
  await bench.clock.advance(1);
  receiveFromNode('NDEATH', 3);
  receiveFromNode('NBIRTH', 2_001);
  expect([3, 7, 2_001].map((node) => host.describe(`spb-g--n${node}`)?.session)).toEqual([
    'dead',
    undefined,
    'born',
  ]);
  expect(host.stats().nodes).toEqual({ unborn: 0, born: 1_999, dead: 1 });
});

it('nodes beyond the limit make room only where nobody was born', async () => {
  for (let at = 0; at < 2_001; at++)
    bench.bus.receive(`spBv1.0/g/NDATA/n${at}`, encode({ timestamp: 1, seq: 1, metrics: [] }));
  while (bench.ingest.stats().messageQueueBytes > 0) await bench.clock.advance(1);
  expect(host.stats().nodes).toEqual({ unborn: 2_000, born: 0, dead: 0 });
});

it('whatever is said, in whatever order, is stored as it was born or refused by name, and harms nothing', async () => {
  const topic = fc.tuple(
    fc.constantFrom('NBIRTH', 'NDATA', 'NDEATH', 'DBIRTH', 'DDATA', 'DDEATH', 'NCMD', ''),
    fc.constantFrom('', '/d1', '/d2', '/d1/x'),
  );
  const sent = fc.record({
    name: fc.constantFrom('environment/smoke', 'environment/temperature_celsius', 'bdSeq', 'Odd', undefined),
    alias: fc.option(fc.nat(4), { nil: undefined }),
    type: fc.constantFrom('Boolean', 'Float', 'Int64', 'String', 'Bytes'),
    timestamp: fc.constantFrom(undefined, 0, 1_799_999_999_000),
    isNull: fc.boolean(),
  });
  const step = fc.record({
    topic,
    seq: fc.option(fc.nat(300), { nil: undefined }),
    metrics: fc.array(sent, { maxLength: 4 }),
    waitMs: fc.constantFrom(0, 0, 0, 500, 3_000),
    rubbish: fc.option(fc.uint8Array({ maxLength: 40 }), { nil: undefined, freq: 5 }),
  });
  const values = {
    Boolean: true,
    Float: 1.5,
    Int64: 7,
    String: 'a',
    Bytes: Buffer.from('a'),
  };
  const startedAtMs = nowMs();
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
      host.receive({
        topic: 'spBv1.0/g/NBIRTH/n',
        payload: birthPayload([metric('environment/smoke', 'Boolean', true)]),
      });
      for (const {
        topic: [type, rest],
        seq,
        metrics,
        waitMs,
        rubbish,
      } of steps) {
        const encoded = metrics.map(({ name, type: kind, isNull, alias, timestamp }) =>
          metric(name, kind, isNull ? null : values[kind], { alias, timestamp }),
        );
        const bytes =
          rubbish === undefined
            ? encode({ timestamp: 1_800_000_000_000, seq, metrics: encoded })
            : Buffer.from(rubbish);
        host.receive({ topic: `spBv1.0/g/${type}/n${rest}`, payload: bytes });
        await bench.clock.advance(waitMs);
      }
    }),
    { numRuns: 60 },
  );
  await bench.clock.advance(5_000);
  expect(bench.ingest.stats().internalErrors).toBe(0);
  const lines = await stored();
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) expect(line).toMatch(/^(environment|device) agent=spb-g--n device=g\.n\S* \| \S/);
  const [entry] = bench.ledger.entries('spb-g--n');
  expect(entry?.missing ?? []).toEqual([]);
  // None is asked twice within ten seconds.
  expect(commands.length).toBeLessThanOrEqual(1 + (nowMs() - startedAtMs) / 10_000);
});
