import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AlertView } from '../history/alert.ts';
import { openAlertTransitions } from '../history/alert-transitions.ts';
import type { AlertRule } from '../rules/rule.ts';
import { absenceFile, ruleFile, ruleOf } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';

const HOUR_S = 3_600;

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

function portRule(forText: string, clearFor: string): AlertRule {
  const port = {
    measurement: 'interface',
    field: 'oper_status',
    op: 'equals',
    interval: '10s',
    entity: ['host'],
  };
  const levels = [{ severity: 'major', values: [2] }];
  return ruleOf('port_down', ruleFile({ ...port, across: 'newest', levels, for: forText, clearFor }));
}

/** Bad for `badS` of every `periodS`, from `fromS` on, a sample every 5 s; each call goes on where the last one ended. */
function blink(badS: number, periodS: number, untilS: number, fromS = 0): void {
  for (let atS = fromS; atS < untilS; atS += 5) see(atS, (atS - fromS) % periodS < badS);
}

function see(atS: number, isBad: boolean): void {
  feed(harness.engine, atS, isBad ? 2 : 1, { measurement: 'interface', fields: ['oper_status'] });
}

function steady(isBad: boolean, fromS: number, untilS: number): void {
  for (let atS = fromS; atS < untilS; atS += 5) see(atS, isBad);
}

function alerts(): readonly AlertView[] {
  return [...harness.engine.list({ limit: 100 }).items].reverse();
}

describe('what goes back and forth for an hour', () => {
  it('is two alerts and, from the third on, one that flaps: a UPS that blinks every 70 s', () => {
    harness.start([portRule('0s', '1m')]);
    blink(5, 70, HOUR_S);
    expect(alerts().map(({ phase }) => phase)).toEqual(['resolved', 'resolved', 'flapping']);
    expect(harness.engine.active()).toMatchObject([{ phase: 'flapping', flaps: 52, severity: 'major' }]);
    expect(harness.events().slice(6)).toEqual(['140 fired']);
  });

  it('the same: a port that is down for 70 s and up for 70 s', () => {
    harness.start([portRule('1m', '1m')]);
    blink(70, 140, HOUR_S);
    expect(alerts().map(({ phase }) => phase)).toEqual(['resolved', 'resolved', 'flapping']);
    expect(harness.engine.active()[0]?.flaps).toBe(26);
  });

  it('the same: an agent that is here for 20 s and away for 40 s', () => {
    harness.start([ruleOf('agent_silent', absenceFile({ clearFor: '10s' }))]);
    harness.liveness.recordState('gw-1', { v: 1, online: true, birth: 1, intervalMs: 10 * S }, START);
    for (let atS = 0; atS < HOUR_S; atS++) {
      if (atS % 60 <= 20 && atS % 10 === 0) harness.liveness.recordHeartbeat('gw-1', START + atS * S);
      harness.engine.tick(START + atS * S);
    }
    expect(alerts().map(({ phase }) => phase)).toEqual(['resolved', 'resolved', 'flapping']);
  });

  it('is one alert though none of its breaches lasts: a port that is down for 30 s and up for 30 s', () => {
    harness.start([portRule('1m', '1m')]);
    blink(30, 60, HOUR_S);
    expect(alerts()).toMatchObject([{ phase: 'flapping', flaps: 60 }]);
    expect(harness.events()).toEqual(['540 fired']);
  });

  it('is one alert where it does not resolve in between', () => {
    harness.start([portRule('0s', '10m')]);
    blink(5, 70, HOUR_S);
    expect(alerts()).toMatchObject([{ phase: 'flapping', flaps: 52, startedAtMs: START }]);
  });

  it('of a height that crosses its limit is no pattern unless it is alerts that come again', () => {
    harness.start([ruleOf('cpu_busy', ruleFile({ for: '5m', clearFor: '1m', interval: '10s' }))]);
    for (let atS = 0; atS < HOUR_S; atS += 10) feed(harness.engine, atS, atS % 60 < 30 ? 95 : 20);
    expect(alerts()).toEqual([]);
  });
});

describe('an alert that flaps', () => {
  const ups = portRule('0s', '1m');

  it('resolves once it has been well for half an hour, and its count stays with it', () => {
    harness.start([ups]);
    blink(5, 70, 700);
    steady(false, 700, 2_435);
    expect(harness.engine.active()).toHaveLength(1);
    steady(false, 2_435, 2_500);
    expect(harness.events().slice(6)).toEqual(['140 fired', '2435 resolved']);
    expect(alerts().at(-1)).toMatchObject({ phase: 'resolved', flaps: 10 });
  });

  it('fires on, as the same alert, once it has been down for half an hour', () => {
    harness.start([ups]);
    blink(5, 70, 700);
    steady(true, 700, 2_520);
    expect(harness.events().slice(6)).toEqual(['140 fired', '2500 steady']);
    expect(harness.engine.active()).toMatchObject([{ phase: 'firing', startedAtMs: START + 140 * S }]);
    steady(false, 2_520, 2_600);
    expect(harness.events().slice(8)).toEqual(['2520 recovering', '2580 resolved']);
  });

  it('does not get steady by what nobody saw', () => {
    harness.start([ups]);
    blink(5, 70, 700);
    steady(false, 700 + HOUR_S, 700 + HOUR_S + 60);
    expect(harness.engine.active()).toMatchObject([{ phase: 'flapping' }]);
  });

  it('goes on after a kill, with its count, and so does what leads to it', () => {
    harness.start([ups]);
    blink(5, 70, 140);
    harness.restart([ups]);
    blink(5, 70, 280, 140);
    harness.restart([ups]);
    expect(harness.engine.active()).toMatchObject([{ phase: 'flapping', flaps: 4 }]);
    blink(5, 70, 350, 280);
    expect(harness.engine.active()).toMatchObject([{ phase: 'flapping', flaps: 5 }]);
    expect(alerts()).toHaveLength(3);
  });

  it('is listed as active, and as flapping', () => {
    const engine = harness.start([ups]);
    blink(5, 70, 700);
    expect(engine.list({ limit: 10, state: 'active' }).items).toHaveLength(1);
    expect(engine.list({ limit: 10, state: 'flapping' }).items).toHaveLength(1);
    expect(engine.stats()).toMatchObject({ firing: 1, recovering: 0 });
  });

  it('is open for whoever follows the steps, until its end', () => {
    harness.start([ups]);
    const transitions = openAlertTransitions(harness.database);
    blink(5, 70, 700);
    expect(transitions.ofOpenAlerts()).toMatchObject([{ kind: 'fired', alert: { isOpen: true } }]);
    steady(false, 700, 2_500);
    expect(transitions.ofOpenAlerts()).toEqual([]);
    expect(transitions.after(0, 100).at(-1)).toMatchObject({ kind: 'resolved', alert: { isOpen: false } });
  });

  it('is forgotten as such: three alerts with an hour between them are three', () => {
    harness.start([ups]);
    for (const fromS of [0, HOUR_S, 2 * HOUR_S]) {
      steady(true, fromS, fromS + 10);
      steady(false, fromS + 10, fromS + 100);
    }
    expect(alerts().map(({ phase }) => phase)).toEqual(['resolved', 'resolved', 'resolved']);
  });
});
