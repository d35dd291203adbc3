import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EngineHarness, feed, S, START } from '../testing/engine-harness.ts';
import type { Location } from '../../samples/location.ts';
import type { AlertEngine } from './engine.ts';
import { absenceFile, batchOf, liveContext, ruleOf } from '../testing/batches-and-rules.ts';

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

describe('absent agents', () => {
  const absence = ruleOf('agent_silent', absenceFile());

  function recordBirth(agent: string, intervalMs: number, atMs: number, location: Location = {}): void {
    harness.liveness.recordState(agent, { v: 1, online: true, birth: 1, intervalMs, ...location }, atMs);
  }

  /** Ticks each second from `fromS` to `toS` inclusive. */
  function ticks(engine: AlertEngine, fromS: number, toS: number): void {
    for (let atS = fromS; atS <= toS; atS++) engine.tick(START + atS * S);
  }

  it('are missed after three of their intervals and their alert resolves when they are back', () => {
    const engine = harness.start([absence]);
    recordBirth('gw-1', 20 * S, START, { unit: '26734' });
    for (let atS = 0; atS <= 120; atS += 20) feed(engine, atS, 1, { agent: 'gw-1' });
    ticks(engine, 61, 180);
    expect(engine.active()).toEqual([]);
    ticks(engine, 181, 190);
    expect(engine.active()).toMatchObject([
      { rule: 'agent_silent', entity: { agent: 'gw-1' }, unit: '26734', startedAtMs: START + 120 * S },
    ]);
    expect(engine.active()[0]?.valueText).toMatch(/^3\.\d* intervals$/);
    feed(engine, 191, 1, { agent: 'gw-1' });
    ticks(engine, 192, 202);
    expect(harness.events()).toEqual(['181 fired', '192 recovering', '202 resolved']);
  });

  it('have time to report after a start of central', () => {
    const engine = harness.start([absence]);
    harness.liveness.recordHeartbeat('gw-1', START - 3_600 * S);
    ticks(engine, 0, 59);
    expect(harness.events()).toEqual([]);
    ticks(engine, 60, 60);
    expect(harness.events()).toEqual(['60 fired']);
  });

  it('are not missed while they are excused; an active alert stays active', () => {
    const engine = harness.start([absence]);
    for (const agent of ['dead', 'quiet']) harness.liveness.recordHeartbeat(agent, START);
    for (let atS = 0; atS <= 100; atS += 5) feed(engine, atS, 1, { agent: 'quiet' });
    ticks(engine, 60, 100);
    expect(engine.active()).toMatchObject([{ agent: 'dead' }]);
    for (let atS = 101; atS <= 200; atS++) {
      for (const agent of ['dead', 'quiet']) harness.liveness.excuseAbsence(agent, START + atS * S);
      ticks(engine, atS, atS);
    }
    expect(harness.events()).toEqual(['60 fired']);
    ticks(engine, 201, 231);
    expect(
      engine
        .active()
        .map(({ agent }) => agent)
        .sort(),
    ).toEqual(['dead', 'quiet']);
  });

  it('have three of their own intervals after a start, where those are longer', () => {
    const engine = harness.start([absence]);
    recordBirth('gw-1', 60 * S, START - 3_600 * S);
    ticks(engine, 0, 180);
    expect(harness.events()).toEqual([]);
    ticks(engine, 181, 181);
    expect(harness.events()).toEqual(['181 fired']);
  });

  it('are those that were never seen too, and those that only send backfill are not silent', () => {
    const engine = harness.start([absence]);
    harness.liveness.recordHeartbeat('never', START);
    harness.liveness.recordHeartbeat('draining', START);
    for (let atS = 1; atS <= 60; atS++) {
      const rows = [{ tags: ['h'], timeMs: START - 3_600 * S, values: [1] }];
      const context = { ...liveContext(START + atS * S), backfill: true };
      engine.observe(batchOf({ agent: 'draining', rows }), context);
      engine.tick(START + atS * S);
    }
    expect(engine.active().map(({ agent }) => agent)).toEqual(['never']);
  });

  it('are not those that stopped cleanly; a last will alone changes nothing', () => {
    const engine = harness.start([absence]);
    const birth = { v: 1, online: true, birth: 1, intervalMs: 10 * S, unit: '26734' } as const;
    harness.liveness.recordState('stops', birth, START);
    harness.liveness.recordState('dies', birth, START);
    harness.liveness.recordState('stops', { v: 1, online: false, birth: 1, reason: 'stop' }, START + S);
    harness.liveness.recordState('dies', { v: 1, online: false, birth: 1, reason: 'will' }, START + S);
    ticks(engine, 2, 70);
    expect(engine.active()).toMatchObject([{ agent: 'dies', unit: '26734' }]);
  });

  it('are in the end those that stopped cleanly: not after a night, but after three days', () => {
    const engine = harness.start([absence]);
    const hour = 3_600;
    const birth = { v: 1, online: true, birth: 1, intervalMs: 10 * S } as const;
    harness.liveness.recordState('gone', birth, START);
    harness.liveness.recordState('gone', { v: 1, online: false, birth: 1, reason: 'stop' }, START + 10 * S);
    ticks(engine, 14 * hour, 14 * hour + 60);
    ticks(engine, 10 + 72 * hour - 5, 10 + 72 * hour - 1);
    expect(harness.events()).toEqual([]);
    ticks(engine, 10 + 72 * hour, 10 + 72 * hour + 5);
    expect(engine.active()).toMatchObject([{ agent: 'gone', startedAtMs: START + 10 * S }]);
    harness.liveness.save();
    const again = harness.restart([absence]);
    ticks(again, 168 * hour, 168 * hour + 70);
    expect(again.active()).toMatchObject([{ agent: 'gone', startedAtMs: START + 10 * S }]);
    harness.liveness.recordState('gone', { ...birth, birth: 2 }, START + (168 * hour + 71) * S);
    ticks(again, 168 * hour + 72, 168 * hour + 90);
    expect(again.active()).toEqual([]);
  });

  it('are nobody while central itself stands still for a minute and a half', async () => {
    const engine = harness.start([absence]);
    for (const agent of ['a', 'b', 'c']) harness.liveness.recordHeartbeat(agent, START);
    for (let atS = 0; atS <= 100; atS += 5) {
      for (const agent of ['a', 'b', 'c']) harness.liveness.recordHeartbeat(agent, START + atS * S);
      ticks(engine, atS, atS + 4);
    }
    await harness.clock.advance(195 * S);
    harness.liveness.recordStall(90 * S);
    ticks(engine, 195, 225);
    expect(harness.events()).toEqual([]);
  });

  it('stay one alert over a restart of central, however long it was away', async () => {
    const engine = harness.start([absence]);
    harness.liveness.recordHeartbeat('gw-1', START);
    ticks(engine, 0, 70);
    await harness.clock.advance(600 * S);
    const again = harness.restart([absence]);
    harness.liveness.recordHeartbeat('gw-1', START);
    ticks(again, 600, 900);
    expect(harness.events()).toEqual(['60 fired']);
    feed(again, 901, 1, { agent: 'gw-1' });
    ticks(again, 902, 912);
    expect(harness.events()).toEqual(['60 fired', '902 recovering', '912 resolved']);
  });

  it('are not absent while central does not listen or told them to hold', async () => {
    const engine = harness.start([absence]);
    for (const agent of ['dead', 'alive']) harness.liveness.recordHeartbeat(agent, START);
    for (let atS = 0; atS <= 90; atS += 10) feed(engine, atS, 1, { agent: 'alive' });
    ticks(engine, 0, 90);
    expect(harness.events()).toEqual(['60 fired']);
    harness.liveness.setListening(false);
    ticks(engine, 91, 1_000);
    await harness.clock.advance(1_000 * S);
    harness.liveness.setListening(true);
    ticks(engine, 1_000, 1_059);
    expect(harness.events()).toEqual(['60 fired']);
    ticks(engine, 1_060, 1_060);
    expect(engine.active().map(({ agent }) => agent)).toEqual(['alive', 'dead']);
  });
});
