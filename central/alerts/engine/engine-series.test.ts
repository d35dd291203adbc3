import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertRule } from '../rules/rule.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../testing/engine-harness.ts';

const HOUR_S = 3_600;

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

/** Port down; `across` any port of a device, unless told otherwise. */
function rule(changes: Record<string, unknown> = {}): AlertRule {
  const field = { measurement: 'interface', field: 'oper_status', op: 'equals' };
  const levels = [{ severity: 'major', values: [2] }];
  const whole = { entity: ['device'], across: 'any', interval: '60s', for: '0s', clearFor: '0s' };
  return ruleOf('port_down', ruleFile({ ...field, levels, ...whole, ...changes }));
}

/** States of the ports of one device, measured at one time. */
function see(atS: number, states: Readonly<Record<string, number>>): void {
  const rows = Object.entries(states).map(([port, state]) => ({
    tags: ['sw-1', port],
    timeMs: START + atS * S,
    values: [state],
  }));
  const shape = { measurement: 'interface', tags: ['device', 'interface'], fields: ['oper_status'] };
  harness.engine.observe(batchOf({ ...shape, seq: atS + 1, rows }), liveContext(START + atS * S));
}

function ports(count: number, isDown: (port: number) => boolean): Record<string, number> {
  return Object.fromEntries(Array.from({ length: count }, (_, port) => [`p${port}`, isDown(port) ? 2 : 1]));
}

describe('two series of one entity, such as two DNS record types, methods, ping targets or test servers', () => {
  it('are one alert while any of them is in breach: the good one does not hide the bad one', () => {
    harness.start([rule()]);
    for (let atS = 0; atS <= 600; atS += 60) see(atS, { a: 1, b: atS >= 120 && atS < 480 ? 2 : 1 });
    expect(harness.events()).toEqual(['120 fired', '480 resolved']);
  });

  it('the same whichever comes first', () => {
    harness.start([rule()]);
    for (let atS = 0; atS <= 600; atS += 60) see(atS, { b: atS >= 120 && atS < 480 ? 2 : 1, a: 1 });
    expect(harness.events()).toEqual(['120 fired', '480 resolved']);
  });

  it('that take turns every six hours are one alert for two days, not eight', () => {
    harness.start([rule({ interval: '12h' })]);
    for (let hour = 0; hour <= 48; hour += 6) {
      const state: Record<string, number> = hour % 12 === 0 ? { slow: 2 } : { fast: 1 };
      see(hour * HOUR_S, state);
    }
    expect(harness.events()).toEqual(['0 fired']);
  });

  it('are two alerts where the rule tells them apart', () => {
    harness.start([rule({ entity: ['device', 'interface'] })]);
    for (let atS = 0; atS <= 600; atS += 60)
      see(atS, { a: atS >= 60 ? 2 : 1, b: atS >= 120 && atS < 480 ? 2 : 1 });
    expect(harness.events()).toEqual(['60 fired', '120 fired', '480 resolved']);
  });

  it('last while both are in breach in turns, from the first to the last', () => {
    harness.start([rule({ clearFor: '2m' })]);
    for (let atS = 0; atS <= 900; atS += 60) {
      see(atS, { a: atS >= 60 && atS < 300 ? 2 : 1, b: atS >= 240 && atS < 480 ? 2 : 1 });
    }
    expect(harness.events()).toEqual(['60 fired', '480 recovering', '600 resolved']);
  });

  it('do not keep an alert for one that is gone: what it said last counts for three intervals', () => {
    harness.start([rule()]);
    see(0, { a: 1, b: 2 });
    for (let atS = 60; atS <= 600; atS += 60) see(atS, { a: 1 });
    expect(harness.events()).toEqual(['0 fired', '240 resolved']);
  });

  it('are still known after a kill: the good one alone ends nothing', () => {
    harness.start([rule()]);
    for (const atS of [0, 60]) see(atS, { a: 1, b: 2 });
    harness.engine.tick(START + 60 * S);
    harness.restart([rule()]);
    see(120, { a: 1 });
    expect(harness.engine.active()).toHaveLength(1);
    see(121, { b: 1 });
    expect(harness.events()).toEqual(['0 fired', '121 resolved']);
  });

  it('show the value of the one that is in breach', () => {
    harness.start([rule()]);
    for (const atS of [0, 60, 120]) see(atS, { b: 2, a: 1 });
    expect(harness.engine.active()).toMatchObject([{ value: 2, lastValue: 2 }]);
  });

  it('do not take more memory than 64 of them need, however many an agent makes up', () => {
    harness.start([rule()]);
    const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, at) => [`p${at}`, 2]));
    see(0, many);
    harness.engine.save();
    const [row] = harness.database.prepare('SELECT length(state) AS bytes FROM alert').all();
    expect(Number(row?.['bytes'])).toBeLessThan(20_000);
  });

  it('fire whichever of 200 is in breach: those that are well do not push it out', () => {
    harness.start([rule({ for: '5m' })]);
    for (let atS = 0; atS <= 900; atS += 60)
      see(
        atS,
        ports(200, (port) => port === 0 && atS < 600),
      );
    expect(harness.events()).toEqual(['300 fired', '600 resolved']);
  });

  it('stay one alert while more than 64 of them are in breach and the first ones are well again', () => {
    harness.start([rule()]);
    for (let atS = 0; atS <= 600; atS += 60)
      see(
        atS,
        ports(200, (port) => atS < 120 || port >= 150),
      );
    expect(harness.events()).toEqual(['0 fired']);
    for (let atS = 660; atS <= 1_200; atS += 60)
      see(
        atS,
        ports(200, () => false),
      );
    expect(harness.events().map((text) => text.split(' ')[1])).toEqual(['fired', 'resolved']);
  });

  it('end within three intervals of the last breach, where more than 64 were in breach', () => {
    harness.start([rule()]);
    for (let atS = 0; atS <= 600; atS += 60)
      see(
        atS,
        ports(200, () => atS < 120),
      );
    expect(harness.events()).toEqual(['0 fired', '300 resolved']);
  });

  it('of tags that only describe follow the newest sample', () => {
    harness.start([rule({ across: 'newest' })]);
    see(0, { 'cell-1': 2 });
    see(60, { 'cell-2': 1 });
    expect(harness.events()).toEqual(['0 fired', '60 resolved']);
  });
});
