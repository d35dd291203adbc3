import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../../contract/measurements/index.ts';
import type { FieldValue } from '../../../../../contract/sample.ts';
import type { WatchedDevice } from '../../../engine/watched-device.ts';
import { S, START } from '../../../testing/engine-harness.ts';
import { KindHarness, kindRule, problemsOf } from '../../../testing/kind-harness.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../load-rules.ts';
import type { AlertRule } from '../../rule.ts';

const shipped = new Map(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).map((rule) => [rule.id, rule]));

function rule(changes: Record<string, unknown>): AlertRule {
  return kindRule({
    ...{ kind: 'composite', entity: ['host'], interval: '10s' },
    conditions: [
      { measurement: 'cpu', field: 'usage_active', where: { cpu: 'cpu-total' }, above: 90, clear: 80 },
      { measurement: 'system', field: 'load1', divideBy: 'n_cpus', above: 2 },
      { measurement: 'swap', field: 'used_percent', above: 80 },
    ],
    levels: [
      { severity: 'minor', need: 2 },
      { severity: 'major', need: 'all' },
    ],
    ...changes,
  });
}

let harness: KindHarness;
beforeEach(() => {
  harness = new KindHarness();
});
afterEach(() => harness.end());

type Fields = Readonly<Record<string, FieldValue>>;

function send(
  atS: number,
  measurement: string,
  tags: Readonly<Record<string, string>>,
  fields: Fields,
  { agent = 'gw-1', ageS = 0 } = {},
): void {
  harness.send(atS, { measurement, tags, fields, agent, ageS });
}

interface Server {
  readonly cpu?: number;
  readonly load?: number;
  readonly swap?: number;
}

/** A server with two CPUs that sends every ten seconds what it has. */
function run(fromS: number, toS: number, { cpu, load, swap }: Server, host = 'h'): void {
  for (let atS = fromS; atS < toS; atS += 10) {
    if (cpu !== undefined) send(atS, 'cpu', { host, cpu: 'cpu-total' }, { usage_active: cpu });
    if (load !== undefined) send(atS, 'system', { host }, { load1: load, n_cpus: 2 });
    if (swap !== undefined) send(atS, 'swap', { host }, { used_percent: swap });
    harness.tick(atS);
  }
}

describe('several conditions about one server', () => {
  it('fire when enough hold, get graver with more, and resolve', () => {
    harness.start([rule({})]);
    run(0, 100, { cpu: 95, load: 1, swap: 10 });
    run(100, 200, { cpu: 95, load: 5, swap: 10 });
    run(200, 300, { cpu: 95, load: 5, swap: 90 });
    run(300, 400, { cpu: 85, load: 1, swap: 90 });
    run(400, 500, { cpu: 70, load: 1, swap: 90 });
    expect(harness.events()).toEqual(['100 fired', '200 escalated', '300 deescalated', '400 resolved']);
  });

  it('say what is known of each', () => {
    harness.start([rule({})]);
    run(0, 100, { cpu: 95.25, load: 5, swap: 10 });
    expect(harness.engine.active()[0]).toMatchObject({
      entity: { host: 'h' },
      agent: 'gw-1',
      valueText: 'usage_active 95.3, load1 ÷ n_cpus 2.5, used_percent 10',
    });
  });

  it('stay quiet where each holds on another server', () => {
    harness.start([rule({})]);
    for (let atS = 0; atS < 300; atS += 10) {
      run(atS, atS + 10, { cpu: 95, load: 1, swap: 1 }, 'h1');
      run(atS, atS + 10, { cpu: 5, load: 9, swap: 1 }, 'h2');
    }
    expect(harness.events()).toEqual([]);
  });

  it('neither fire nor resolve by what is not known', () => {
    harness.start([rule({})]);
    run(0, 200, { cpu: 95 });
    expect(harness.events()).toEqual([]);
    run(200, 300, { cpu: 95, load: 5 });
    run(300, 600, { cpu: 95 });
    run(600, 700, { cpu: 95, load: 1 });
    expect(harness.events()).toEqual(['200 fired']);
    run(700, 800, { cpu: 95, load: 1, swap: 1 });
    expect(harness.engine.active()).toEqual([]);
  });

  it('take a value for three intervals of its own', () => {
    const [cpu, load] = [
      { measurement: 'cpu', field: 'usage_active', where: { cpu: 'cpu-total' }, above: 90 },
      { measurement: 'system', field: 'load1', above: 4, interval: '60s' },
    ];
    harness.start([rule({ conditions: [cpu, load], levels: [{ severity: 'minor', need: 'all' }] })]);
    run(0, 10, { load: 5 });
    run(10, 150, { cpu: 50 });
    run(150, 180, { cpu: 95 });
    expect(harness.events()).toEqual(['150 fired']);
  });

  it('go on over a restart, and over a server that is silent', () => {
    harness.start([rule({})]);
    run(0, 100, { cpu: 95, load: 5, swap: 1 });
    harness.restart([rule({})]);
    run(100, 200, {});
    run(200, 260, { cpu: 95, load: 5, swap: 1 });
    expect(harness.events()).toEqual(['30 fired']);
  });

  it('leave out what is late', () => {
    harness.start([rule({})]);
    for (let atS = 0; atS < 200; atS += 10) {
      run(atS, atS + 10, { cpu: 50, load: 1, swap: 1 });
      send(atS, 'cpu', { host: 'h', cpu: 'cpu-total' }, { usage_active: 99 }, { ageS: 5 });
      send(atS, 'system', { host: 'h' }, { load1: 9, n_cpus: 2 }, { ageS: 5 });
    }
    expect(harness.events()).toEqual([]);
  });

  it('cannot be judged by a quotient that divides by nothing', () => {
    harness.start([rule({})]);
    for (let atS = 0; atS < 100; atS += 10) {
      send(atS, 'system', { host: 'h' }, { load1: 9, n_cpus: 0 });
      run(atS, atS + 10, { cpu: 95 });
    }
    expect(harness.events()).toEqual([]);
  });

  it('are withdrawn when what they are about is gone, though its server goes on', () => {
    const series = [
      { measurement: 'container', field: 'oom_kills_5min', above: 0, across: 'newest' },
      { measurement: 'container', field: 'restarts_5min', above: 2, across: 'newest' },
    ];
    const levels = [{ severity: 'minor', need: 'all' }];
    harness.start([rule({ entity: ['host', 'container'], conditions: series, levels })]);
    for (let atS = 0; atS < 1_500; atS += 10) {
      const bad = { oom_kills_5min: 3, restarts_5min: 5 };
      if (atS < 200) send(atS, 'container', { host: 'h', container: 'web' }, bad);
      harness.clock.freeze(10 * S);
      send(atS, 'container', { host: 'h', container: 'db' }, { oom_kills_5min: 0, restarts_5min: 0 });
      harness.tick(atS);
    }
    expect(harness.recorded.map(({ event }) => event.kind)).toEqual(['fired', 'withdrawn']);
  });
});

describe('on battery without load', () => {
  const POWER = shipped.get('power_load_lost')!;

  function ups(fromS: number, toS: number, fields: Fields, agent = 'gw-1'): void {
    for (let atS = fromS; atS < toS; atS += 10) {
      send(atS, 'power', { device: 'ups-1' }, fields, { agent });
      harness.tick(atS);
    }
  }

  it('is found within two minutes, and not on mains or with a load', () => {
    harness.start([POWER]);
    ups(0, 300, { on_battery: false, load_pct: 0 });
    ups(300, 600, { on_battery: true, load_pct: 35 });
    expect(harness.events()).toEqual([]);
    ups(600, 900, { on_battery: true, load_pct: 0.2 });
    expect(harness.engine.active()).toMatchObject([{ rule: 'power_load_lost', entity: { device: 'ups-1' } }]);
    expect(harness.engine.active()[0]?.firedAtMs).toBeLessThanOrEqual(START + 720 * S);
    ups(900, 1_200, { on_battery: false, load_pct: 0 });
    expect(harness.engine.active()).toEqual([]);
  });

  it('goes by the owner of the device, where two agents disagree', () => {
    const devices = new Map<string, WatchedDevice>([['ups-1', { agent: 'gw-1', otherAgents: ['gw-2'] }]]);
    harness.start([POWER], harness.database, { devices: () => devices });
    for (let atS = 0; atS < 600; atS += 10) {
      ups(atS, atS + 10, { on_battery: false, load_pct: 30 });
      ups(atS + 5, atS + 10, { on_battery: true, load_pct: 0 }, 'gw-2');
    }
    expect(harness.events()).toEqual([]);
  });

  it('is withdrawn with its device', () => {
    harness.start([POWER]);
    ups(0, 600, { on_battery: true, load_pct: 0 });
    expect(harness.engine.withdrawDevices(new Set(['ups-1']), START + 600 * S)).toBe(1);
  });
});

describe('a server with a long queue for its CPUs', () => {
  it('is overloaded once they are busy, too, for a quarter of an hour, and neither with one of both', () => {
    harness.start([shipped.get('server_overloaded')!]);
    run(0, 1_200, { cpu: 30, load: 6 });
    run(1_200, 2_400, { cpu: 97, load: 1 });
    expect(harness.events()).toEqual([]);
    run(2_400, 3_600, { cpu: 97, load: 6 });
    expect(harness.events()).toEqual(['3300 fired']);
    run(3_600, 4_200, { cpu: 40, load: 1 });
    expect(harness.events()).toEqual(['3300 fired', '3600 recovering', '3900 resolved']);
  });
});

describe('a server without memory', () => {
  const mem = (fromS: number, toS: number, available: number, swapped: number): void => {
    for (let atS = fromS; atS < toS; atS += 10) {
      send(atS, 'mem', { host: 'h' }, { available_percent: available });
      send(atS, 'swap', { host: 'h' }, { used_percent: swapped });
      harness.tick(atS);
    }
  };

  it('is exhausted once its swap is full, too', () => {
    harness.start([shipped.get('memory_exhausted')!]);
    mem(0, 2_000, 3, 10);
    mem(2_000, 4_000, 40, 95);
    expect(harness.events()).toEqual([]);
    mem(4_000, 6_000, 3, 95);
    expect(harness.events().map((event) => event.split(' ')[1])).toEqual(['fired']);
  });
});

describe('settings', () => {
  const cpu = { measurement: 'cpu', field: 'usage_active', where: { cpu: 'cpu-total' }, above: 90 };
  const load = { measurement: 'system', field: 'load1', above: 4 };

  it.each([
    [{ conditions: [cpu] }, expect.stringContaining('a: conditions: expected at least 2 conditions')],
    [
      { conditions: [cpu, { rule: 'cpu_busy' }] },
      expect.stringContaining('a: conditions[1].rule: unknown setting'),
    ],
    [
      { conditions: [cpu, { ...load, measurement: 'a' }] },
      'a: conditions[1].measurement: not in the catalogue, got "a"',
    ],
    [{ conditions: [cpu, { ...load, clear: 5 }] }, 'a: conditions[1].clear: expected at most 4, got 5'],
    [
      { conditions: [cpu, { ...load, equals: 5 }] },
      expect.stringMatching(/^a: conditions\[1\]: expected exactly one of above, below and equals/),
    ],
    [
      { conditions: [{ ...cpu, where: {} }, load] },
      expect.stringMatching(/^a: conditions\[0\].across: expected any/),
    ],
    [
      { conditions: [cpu, { ...load, where: { cpu: 'a' } }] },
      'a: conditions[1].where.cpu: not a tag of system, got "cpu"',
    ],
    [{ entity: ['pool'] }, 'a: entity[0]: not a tag of cpu, got "pool"'],
    [
      { levels: [{ severity: 'minor', need: 4 }] },
      'a: levels[0].need: expected at most the number of conditions, 3, got 4',
    ],
    [
      {
        levels: [
          { severity: 'minor', need: 'all' },
          { severity: 'major', need: 2 },
        ],
      },
      'a: levels[1].need: expected at least as many as the level before (3), got 2',
    ],
    [
      { levels: [{ severity: 'minor', need: 'most' }] },
      'a: levels[0].need: expected all, any or a whole number from 1, got "most"',
    ],
  ])('%j is refused: %s', (changes, problem: unknown) => {
    expect(problemsOf(() => rule(changes))).toContainEqual(problem);
  });
});
