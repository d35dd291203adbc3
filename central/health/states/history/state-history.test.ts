import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../runtime/logger.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { allWell, deviceUp, hubCity, StatesCity } from '../testing/states-city.ts';
import { openHistoryStore } from './history-store.ts';
import { StateHistory } from './state-history.ts';

const REF = 'device:n-hub-1';
let directory: string;
let database: StateDatabase;
let city: StatesCity;
let history: StateHistory;
let startMs: number;

/** The city and its history, over what state.db has. */
function start(nowMs?: number, file = hubCity(2, 2)): void {
  database = openStateDatabase(join(directory, 'state.db'));
  city = new StatesCity(file, nowMs);
  history = new StateHistory({
    store: openHistoryStore(database),
    states: city.states,
    clock: city.clock,
    log: silentLogger,
  });
}

/** `60-90 down`: seconds since the start; with `!` where central was off. */
function shown(ref = REF, fromMs = startMs, toMs = Infinity): string[] {
  const intervals = history.read([ref], { fromMs, toMs }).get(ref) ?? [];
  const second = (ms: number): number => (ms - startMs) / 1_000;
  return intervals.map(
    (each) => `${second(each.fromMs)}-${second(each.toMs)} ${each.state}${each.isGap ? '!' : ''}`,
  );
}

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-states-'));
  start();
  startMs = city.clock.now();
});
afterEach(() => {
  database.close();
  rmSync(directory, { recursive: true });
});

describe('the history of states', () => {
  it('says who was in which state when, with the root', async () => {
    allWell(city);
    await city.wait(60);
    for (const agent of ['gw-hub-1', 'gw-s-1-1', 'gw-s-1-2']) city.routine.delete(agent);
    await city.wait(60);
    expect(shown()).toEqual(['0-10 unknown', '10-91 up', '91-100 unknown', '100-120 unreachable']);
    const last = history.read([REF], { fromMs: city.clock.now() - 1, toMs: Infinity }).get(REF);
    expect(last).toMatchObject([{ state: 'unreachable', roots: ['site:hub-1'] }]);
  });

  it('outlives a kill: what was not written yet, and the time without central, is unknown', async () => {
    allWell(city);
    await city.wait(60);
    history.flush();
    await city.wait(3);
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    await city.wait(1);
    database.close();
    start(city.clock.now() + 20_000);
    allWell(city);
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1', false)]);
    await city.wait(16);
    expect(shown()).toEqual(['0-10 unknown', '10-60 up', '60-84 unknown!', '84-90 unknown', '90-100 down']);
  });

  it('a state that central finds again when it starts began when it began', async () => {
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    city.states.tick();
    history.flush();
    for (let restart = 0; restart < 2; restart++) {
      const nowMs = city.clock.now() + 3_600_000;
      database.close();
      start(nowMs);
      city.send('gw-hub-1', deviceUp('n-hub-1', false));
      expect(city.states.momentOf(REF)).toMatchObject({ state: 'down', sinceMs: startMs });
      history.flush();
    }
  });

  it('what is no longer in the inventory ends, also while central was off', async () => {
    const gone = 'device:n-hub-2';
    allWell(city);
    await city.wait(20);
    city.replaceInventory(hubCity(1, 2));
    await city.wait(10);
    expect(shown(gone)).toEqual(['0-10 unknown', '10-21 up']);
    history.flush();
    database.close();
    start(city.clock.now() + 1_000, { ...hubCity(1, 2), devices: [] });
    await city.wait(10);
    expect(shown()).toEqual(['0-10 unknown', '10-30 up', '30-31 unknown!']);
  });

  it('central that stood still knows nothing of that time; what was goes on', async () => {
    allWell(city);
    await city.wait(20);
    await city.clock.advance(90_000);
    city.registry.recordStall(90_000);
    city.states.recordStall(90_000);
    history.recordStall(90_000);
    await city.wait(10);
    expect(shown()).toEqual(['0-10 unknown', '10-20 up', '20-110 unknown!', '110-120 up']);
  });

  it('time that was set back leaves nothing in the future', async () => {
    allWell(city);
    await city.wait(60);
    history.flush();
    city.clock.stepWallClock(-40_000);
    city.registry.shiftTime(-40_000);
    city.states.shiftTime(-40_000);
    history.shiftTime();
    await city.wait(10);
    expect(shown()).toEqual(['0-10 unknown', '10-30 up']);
  });

  it('keeps 400 days, and of what changes all the time the newest', async () => {
    const store = openHistoryStore(database);
    const dayMs = 86_400_000;
    const nowMs = startMs + 500 * dayMs;
    const change = (day: number, state: 'up' | 'down') => {
      return { ref: 'device:old', fromMs: startMs + day * dayMs, state, sinceMs: undefined, roots: [] };
    };
    store.write([change(0, 'up'), change(50, 'down'), change(99, 'up'), change(300, 'down')], nowMs);
    for (let turn = 0; turn < 20; turn++) store.write([], nowMs);
    const rows = store.rows(['device:old'], { fromMs: 0, toMs: nowMs }).get('device:old');
    expect(rows?.map(({ fromMs }) => (fromMs - startMs) / dayMs)).toEqual([99, 300]);
    const blinking = Array.from({ length: 20_100 }, (_, at) => {
      return { ...change(300, at % 2 === 0 ? 'up' : 'down'), ref: 'device:blinks', fromMs: nowMs + at };
    });
    for (let at = 0; at < blinking.length; at += 5_000)
      store.write(blinking.slice(at, at + 5_000), nowMs + at);
    for (let turn = 0; turn < 20; turn++) store.write([], nowMs);
    const kept = store.rows(['device:blinks'], { fromMs: 0, toMs: 2 * nowMs }).get('device:blinks') ?? [];
    expect([kept.length, kept.at(-1)?.fromMs]).toEqual([20_000, nowMs + 20_099]);
  });

  it('what a full disk did not take is written later', async () => {
    allWell(city);
    await city.wait(30);
    const real = database.transaction.bind(database);
    let isFull = true;
    database.transaction = (work) => {
      if (isFull) throw new Error('database or disk is full');
      return real(work);
    };
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    await city.wait(1);
    expect(() => history.flush()).toThrow('full');
    isFull = false;
    history.flush();
    await city.wait(1);
    expect(shown().at(-1)).toBe('31-32 down');
  });
});
