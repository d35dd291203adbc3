import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FieldValue } from '../../../contract/sample.ts';
import type { AlertEngineDeps } from './engine.ts';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';

const DAY_S = 86_400;

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

const field = { measurement: 'interface', field: 'oper_status', op: 'equals' };
const at0 = { levels: [{ severity: 'major', values: [2] }], for: '0s', clearFor: '0s' };

/** Each value of the tag `interface` of one machine or device is an alert of its own: a container, a port, the operator of a SIM. */
function rule(of: 'host' | 'device', changes: Record<string, unknown> = {}): AlertRule {
  return ruleOf('part_down', ruleFile({ ...field, ...at0, entity: [of, 'interface'], ...changes }));
}

interface Row {
  readonly host?: string;
  readonly device?: string;
  readonly part?: string;
  readonly unit?: string;
  readonly state?: FieldValue;
}

function see(atS: number, rows: readonly Row[], agent = 'agent-1', measurement = 'interface'): void {
  const samples = rows.map(({ host, device, part, unit, state }) => ({
    tags: [host, device, part, unit],
    timeMs: START + atS * S,
    values: [state],
  }));
  const tags = ['host', 'device', 'interface', 'unit'];
  const shape = { measurement, tags, fields: ['oper_status'], agent, seq: atS + 1, rows: samples };
  harness.engine.observe(batchOf(shape), liveContext(START + atS * S));
}

/** `say` every 30 s, and central's own work each minute. */
async function run(fromS: number, untilS: number, say: (atS: number) => void): Promise<void> {
  for (let atS = fromS; atS < untilS; atS += 30) {
    const lateMs = START + atS * S - harness.clock.now();
    if (lateMs > 0) await harness.clock.advance(lateMs);
    say(atS);
    if (atS % 60 === 0) harness.engine.tick(START + atS * S);
  }
}

const active = (): string[] => harness.engine.active().map(({ entity }) => entity['interface'] ?? '');

describe('what a living agent no longer has', () => {
  it('is withdrawn within half an hour: a container that was removed, beside others', async () => {
    harness.start([rule('host')]);
    await run(0, 300, (atS) =>
      see(atS, [
        { host: 'h', part: 'old', state: 2 },
        { host: 'h', part: 'other', state: 1 },
      ]),
    );
    await run(300, 1_800, (atS) => see(atS, [{ host: 'h', part: 'other', state: 1 }]));
    expect(active()).toEqual([]);
    expect(harness.recorded.at(-1)).toMatchObject({
      event: { kind: 'withdrawn' },
      alert: { phase: 'withdrawn' },
    });
  });

  it('is withdrawn: the operator of the SIM before', async () => {
    harness.start([rule('device')]);
    await run(0, 300, (atS) => see(atS, [{ device: 'm-1', part: 'viettel', state: 2 }]));
    await run(300, 1_800, (atS) => see(atS, [{ device: 'm-1', part: 'mobifone', state: 1 }]));
    expect(active()).toEqual([]);
  });

  it('is withdrawn after a day: the only container, while the machine goes on', async () => {
    harness.start([rule('host')]);
    see(0, [{ host: 'h', part: 'only', state: 2 }]);
    const goOn = (atS: number): void => see(atS, [{ host: 'h', state: 1 }], 'agent-1', 'system');
    await run(30, 3_600, goOn);
    await run(DAY_S - 3_600, DAY_S - 60, goOn);
    expect(active()).toEqual(['only']);
    await run(DAY_S - 60, DAY_S + 300, goOn);
    expect(active()).toEqual([]);
  });

  it('is not what cannot be reached: a port of a switch that does not answer, while others do', async () => {
    harness.start([rule('device')]);
    see(0, [{ device: 'sw-1', part: 'ge0', state: 2 }]);
    await run(DAY_S - 3_600, DAY_S + 600, (atS) => {
      see(atS, [{ device: 'sw-2', part: 'ge0', state: 1 }]);
      see(atS, [{ device: 'sw-1', state: 1 }], 'agent-1', 'device');
    });
    expect(active()).toEqual(['ge0']);
  });

  it('is not what has no value at present: its series is still there', async () => {
    harness.start([rule('device')]);
    see(0, [{ device: 'ups-1', part: 'out', state: 2 }]);
    await run(30, 3_600, (atS) => {
      see(atS, [
        { device: 'ups-1', part: 'out' },
        { device: 'ups-1', part: 'in', state: 1 },
      ]);
    });
    expect(active()).toEqual(['out']);
  });

  it('is not what an agent has that is silent', async () => {
    harness.start([rule('host')]);
    see(0, [{ host: 'h', part: 'old', state: 2 }]);
    await run(DAY_S, DAY_S + 3_600, (atS) => {
      if (atS % 600 === 0) see(atS, [{ host: 'g', part: 'other', state: 1 }], 'agent-2');
    });
    expect(active()).toEqual(['old']);
  });

  it('is not what comes more slowly than others: four hours apart', async () => {
    harness.start([rule('host', { interval: '4h' })]);
    await run(0, 10 * 3_600, (atS) => {
      if (atS % (4 * 3_600) === 0) see(atS, [{ host: 'h', part: 'slow', state: 2 }]);
      see(atS, [{ host: 'h', part: 'quick', state: 1 }]);
    });
    expect(active()).toEqual(['slow']);
  });
});

it('looking for what is gone reads each row a few times, not once for each of 200 switches with a quiet alert', () => {
  const switches = Array.from({ length: 200 }, (_, at) => `sw-${at}`);
  const engine = harness.start([rule('device')]);
  see(
    0,
    switches.map((device) => ({ device, part: 'ge0', state: 2 })),
  );
  engine.tick(START + 600 * S);
  const rows = switches.map((device) => ({ tags: [device], timeMs: START + 601 * S, values: [true] }));
  const batch = batchOf({ measurement: 'device', tags: ['device'], fields: ['reachable'], seq: 2, rows });
  let reads = 0;
  for (const row of batch.tables[0]?.rows ?? []) {
    const { series } = row;
    Object.defineProperty(row, 'series', { get: () => (reads++, series) });
  }
  engine.observe(batch, liveContext(START + 601 * S));
  expect(reads).toBeGreaterThan(0);
  expect(reads).toBeLessThan(10 * switches.length);
});

describe('a device that was taken out of the inventory', () => {
  const others = new Map([['sw-2', {}]]);
  const goOn = (atS: number): void => see(atS, [{ device: 'sw-2', part: 'ge0', state: 1 }]);

  it('has its alerts and pending breaches withdrawn at once, those of the others stay', () => {
    const pending = rule('device', { for: '5m' });
    const engine = harness.start([rule('device')]);
    see(0, [
      { device: 'sw-1', part: 'ge0', state: 2 },
      { device: 'sw-2', part: 'ge1', state: 2 },
    ]);
    expect(engine.withdrawDevices(new Set(['sw-1']), START + 30 * S)).toBe(1);
    expect(active()).toEqual(['ge1']);
    expect(harness.events()).toEqual(['0 fired', '0 fired', '30 withdrawn']);
    const waiting = harness.restart([pending]);
    see(60, [{ device: 'sw-3', part: 'ge0', state: 2 }]);
    waiting.withdrawDevices(new Set(['sw-3']), START + 90 * S);
    expect(waiting.stats()).toMatchObject({ pending: 0 });
  });

  it('while central was off has its alerts withdrawn once its agent goes on without it', async () => {
    harness.start([rule('device')]);
    see(0, [{ device: 'sw-1', part: 'ge0', state: 2 }]);
    harness.restart([rule('device')], { devices: () => others });
    await run(60, 900, () => undefined);
    expect(active()).toEqual(['ge0']);
    await run(900, 1_200, goOn);
    expect(active()).toEqual([]);
  });

  it('is not one of an inventory that lists no device, nor the disk of a machine', async () => {
    harness.start([rule('device')]);
    see(0, [{ device: 'sw-1', part: 'ge0', state: 2 }]);
    await run(60, 1_200, goOn);
    expect(active()).toEqual(['ge0']);
    harness.restart([rule('device')], { devices: () => others });
    see(1_200, [{ host: 'h', device: 'sda', part: 'p1', state: 2 }]);
    await run(1_230, 2_400, goOn);
    expect(active()).toEqual(['p1']);
  });
});

describe('what moves', () => {
  const cpu = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s', interval: '10s' }));

  it('takes its alert along: to another ward, by the tags of its samples', () => {
    const engine = harness.start([rule('device')]);
    see(0, [{ device: 'm-1', part: 'a', unit: '26734', state: 2 }]);
    see(60, [{ device: 'm-1', part: 'a', unit: '26737', state: 2 }]);
    expect(engine.countByUnit()).toEqual(new Map([['26737', 1]]));
    expect(engine.list({ limit: 10, unit: '26737' }).items).toHaveLength(1);
    expect(engine.list({ limit: 10, unit: '26734' }).items).toEqual([]);
    expect(harness.restart([rule('device')]).countByUnit()).toEqual(new Map([['26737', 1]]));
    expect(harness.events()).toEqual(['0 fired']);
  });

  it('takes its alert along: to another ward, by the inventory', () => {
    let devices = new Map([['m-1', { unit: '26734', site: 's-1' }]]);
    const more: Pick<AlertEngineDeps, 'devices'> = { devices: () => devices };
    const engine = harness.start([rule('device')], harness.database, more);
    see(0, [{ device: 'm-1', part: 'a', state: 2 }]);
    devices = new Map([['m-1', { unit: '26737', site: 's-2' }]]);
    see(60, [{ device: 'm-1', part: 'a', state: 2 }]);
    expect(engine.active()).toMatchObject([{ unit: '26737', site: 's-2' }]);
  });

  it('takes its alert along: to the new name of its agent', () => {
    const engine = harness.start([cpu]);
    feed(engine, 0, 95, { agent: 'old-name' });
    feed(engine, 60, 95, { agent: 'new-name' });
    expect(engine.active()).toMatchObject([{ agent: 'new-name', startedAtMs: START }]);
    expect(engine.withdraw('old-name', START + 61 * S)).toBe(0);
    feed(engine, 70, 20, { agent: 'new-name' });
    expect(harness.events()).toEqual(['0 fired', '70 resolved']);
  });
});
