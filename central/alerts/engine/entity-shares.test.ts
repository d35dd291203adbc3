import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  absenceFile,
  batchOf,
  liveContext,
  ruleFile,
  ruleOf,
  type BatchOf,
} from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';
import type { AlertEngine } from './engine.ts';
import type { EntityLimits } from './entity-shares.ts';

const BUSY = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '0s' }));
const SLOW = ruleOf('cpu_slow', ruleFile({ for: '5m' }));
const SMALL: Partial<EntityLimits> = { maxEntities: 10, maxEntitiesPerAgent: 4, assuredPerAgent: 2 };

let harness: EngineHarness;
let seq: number;

beforeEach(() => {
  harness = new EngineHarness();
  seq = 0;
});

afterEach(() => harness.end());

/** One row of each host; returns the hosts with an active alert. */
function send(
  engine: AlertEngine,
  agent: string,
  hosts: readonly string[],
  value: number,
  more: Partial<BatchOf> = {},
) {
  seq++;
  const timeMs = START + seq * S;
  harness.clock.freeze(timeMs - harness.clock.now());
  const rows = hosts.map((host) => ({ tags: [host], timeMs, values: [value] }));
  engine.observe(batchOf({ agent, seq, rows, ...more }), liveContext(timeMs));
  return activeHosts(engine);
}

function activeHosts(engine: AlertEngine): (string | undefined)[] {
  return engine
    .active()
    .map(({ entity }) => entity['host'])
    .sort();
}

function names(prefix: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${prefix}${index}`);
}

describe('one agent with made-up series in breach', () => {
  it('fills its own share only, and is named with what was left out', () => {
    const engine = harness.start([BUSY], harness.database, { limits: SMALL });
    send(engine, 'bad', names('x', 50), 99);
    expect(engine.stats()).toMatchObject({ firing: 4, entities: 4, refusedEntities: 0 });
    expect(send(engine, 'good', ['g'], 99)).toContain('g');
    expect(engine.takeLimited()).toEqual([{ agent: 'bad', entities: 4, refused: 46 }]);
    expect(engine.takeLimited()).toEqual([]);
  });

  it('does not mute the city after a restart either, also where an earlier version let it have more', () => {
    const before = harness.start([BUSY, SLOW]);
    send(before, 'bad', names('x', 30), 99);
    before.save();
    const engine = harness.restart([BUSY, SLOW], { limits: SMALL });
    // What fired stays; what is pending does not take the place of others.
    expect(engine.stats()).toMatchObject({ firing: 30, pending: 0 });
    expect(send(engine, 'good', ['g'], 99)).toContain('g');
    expect(engine.stats().refusedEntities).toBe(0);
  });

  it('may have as many new alerts again once its own are closed', () => {
    const engine = harness.start([BUSY], harness.database, { limits: SMALL });
    send(engine, 'bad', names('x', 4), 99);
    send(engine, 'good', ['g'], 99);
    expect(engine.withdrawReported('bad', harness.clock.now())).toBe(4);
    expect(activeHosts(engine)).toEqual(['g']);
    expect(send(engine, 'bad', names('y', 4), 99)).toEqual(['g', ...names('y', 4)]);
    expect(activeHosts(harness.restart([BUSY], { limits: SMALL }))).toEqual(['g', ...names('y', 4)]);
  });

  it('cannot fill its share with alerts that are resolved', () => {
    const engine = harness.start([BUSY], harness.database, { limits: SMALL });
    for (const round of ['a', 'b', 'c']) {
      send(engine, 'bad', names(round, 4), 99);
      send(engine, 'bad', names(round, 4), 10);
    }
    expect(engine.stats()).toMatchObject({ entities: 4, firing: 0 });
    expect(send(engine, 'bad', ['real'], 99)).toEqual(['real']);
    expect(harness.restart([BUSY], { limits: SMALL }).stats().entities).toBe(4);
  });

  it('cannot fill the disk with alerts that come and go', () => {
    const limits = { ...SMALL, stepBurstPerAgent: 3, stepsPerAgentPerS: 0.1 };
    const engine = harness.start([BUSY], harness.database, { limits });
    for (let round = 0; round < 5; round++) {
      send(engine, 'bad', [`x${round}`], 99);
      send(engine, 'bad', [`x${round}`], 10);
    }
    expect(engine.stats().transitions).toMatchObject({ fired: 3, resolved: 3 });
    expect(engine.takeLimited()).toMatchObject([{ agent: 'bad', refused: 2 }]);
    seq += 10;
    expect(send(engine, 'bad', ['y'], 99)).toEqual(['y']);
  });

  it('cannot fill it with one alert that recovers and relapses either; where that stands is known after a restart', () => {
    const slow = ruleOf('cpu_busy', ruleFile({ for: '0s', clearFor: '5m' }));
    const limits = { ...SMALL, stepBurstPerAgent: 3, stepsPerAgentPerS: 0 };
    const engine = harness.start([slow], harness.database, { limits });
    for (let round = 0; round < 50; round++) {
      send(engine, 'bad', ['x'], 99);
      send(engine, 'bad', ['x'], 10);
    }
    expect(harness.events().map((text) => text.split(' ')[1])).toEqual(['fired', 'recovering', 'relapsed']);
    expect(engine.active()).toMatchObject([{ phase: 'recovering' }]);
    expect(engine.takeLimited()).toMatchObject([{ agent: 'bad', refused: 97 }]);
    engine.tick(harness.clock.now() + 5 * S);
    expect(harness.restart([slow]).active()).toMatchObject([{ phase: 'recovering' }]);
  });

  it('never keeps to itself that an alert became worse, and cannot fill the disk with that either', () => {
    const levels = [
      { severity: 'minor', raise: 90, clear: 85 },
      { severity: 'critical', raise: 97, clear: 96 },
    ];
    const graver = ruleOf('cpu_busy', ruleFile({ levels, for: '0s', clearFor: '0s' }));
    const limits = { ...SMALL, stepBurstPerAgent: 3, stepsPerAgentPerS: 0 };
    const engine = harness.start([graver], harness.database, { limits });
    for (const host of ['x', 'y', 'z']) send(engine, 'bad', [host], 91);
    for (let round = 0; round < 20; round++) {
      send(engine, 'bad', ['z'], 99);
      send(engine, 'bad', ['z'], 91);
    }
    expect(engine.stats().transitions).toEqual({ fired: 3, escalated: 1 });
    expect(engine.takeLimited()).toMatchObject([{ agent: 'bad', refused: 39 }]);
  });

  it('does not keep central from saying that an agent is silent', () => {
    const silent = ruleOf('agent_silent', absenceFile());
    const engine = harness.start([BUSY, silent], harness.database, { limits: SMALL });
    send(engine, 'agent-1', names('x', 50), 99);
    for (let atS = 60; atS <= 180; atS++) engine.tick(START + atS * S);
    expect(engine.active().some(({ rule }) => rule === 'agent_silent')).toBe(true);
  });
});

describe('many agents with made-up series', () => {
  it('leave each other agent the few alerts that it has at a time', () => {
    const engine = harness.start([BUSY], harness.database, { limits: SMALL });
    for (const agent of ['bad-1', 'bad-2', 'bad-3']) send(engine, agent, names(agent, 4), 99);
    expect(engine.stats()).toMatchObject({ entities: 10, refusedEntities: 2 });
    const active = send(engine, 'good', names('g', 3), 99);
    expect(active).toEqual(expect.arrayContaining(['g0', 'g1']));
    expect(active).not.toContain('g2');
  });
});

describe('a device that the inventory lacks', () => {
  it('raises no alert, and takes no share', () => {
    const engine = harness.start([BUSY]);
    expect(send(engine, 'gw-1', ['unlisted'], 99, { isExpected: false })).toEqual([]);
    expect(engine.stats()).toMatchObject({ entities: 0, unexpectedBreaches: 1 });
  });

  it('still ends an alert that it had while it was listed', () => {
    const engine = harness.start([BUSY]);
    expect(send(engine, 'gw-1', ['h'], 99)).toEqual(['h']);
    expect(send(engine, 'gw-1', ['h'], 10, { isExpected: false })).toEqual([]);
    expect(engine.stats().transitions).toMatchObject({ resolved: 1 });
  });
});

describe('the place of an alert', () => {
  it('is that of its device in the inventory, whatever the agent says', () => {
    const down = ruleOf(
      'device_down',
      ruleFile({
        measurement: 'device',
        field: 'reachable',
        entity: ['device'],
        op: 'equals',
        levels: [{ severity: 'major', values: false }],
        for: '0s',
      }),
    );
    const devices = new Map([['n-1', { site: 's-1', unit: '26734' }]]);
    const engine = harness.start([down], harness.database, { devices: () => devices });
    const timeMs = START + S;
    const rows = ['n-1', 'n-2'].map((device) => ({ tags: [device, '99999'], timeMs, values: [false] }));
    const table = { measurement: 'device', tags: ['device', 'unit'], fields: ['reachable'], rows };
    engine.observe(batchOf(table), liveContext(timeMs));
    expect(engine.active().map(({ entity, unit, site }) => [entity['device'], unit, site])).toEqual([
      ['n-1', '26734', 's-1'],
      ['n-2', '99999', undefined],
    ]);
  });
});
