import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../../../runtime/logger.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { allWell, deviceUp, hubCity, StatesCity } from '../testing/states-city.ts';
import { followElements } from './followed-states.ts';
import { openHistoryStore } from './history-store.ts';
import { StateHistory } from './state-history.ts';

const REF = 'device:n-hub-1';
const DAY_MS = 86_400_000;
let directory: string;
let database: StateDatabase;
let city: StatesCity;
let history: StateHistory;
let startMs: number;
let standing: { isAgreed: boolean; isCertain: boolean };

/** The city and its history, over what state.db has. */
function start(nowMs?: number, file = hubCity(2, 2)): void {
  database = openStateDatabase(join(directory, 'state.db'));
  city = new StatesCity(file, nowMs);
  history = new StateHistory({
    store: openHistoryStore(database),
    followed: [followElements(city.states)],
    clock: city.clock,
    standing: () => standing,
    deleteBeforeMs: (keptMs) => (standing.isAgreed ? city.clock.now() - keptMs : undefined),
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
  standing = { isAgreed: true, isCertain: true };
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

  it('what goes on over a start is no change, and is passed over where changes are read', async () => {
    allWell(city);
    await city.wait(20);
    history.flush();
    database.close();
    start(city.clock.now() + 60_000);
    allWell(city);
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1', false)]);
    const fromMs = city.clock.now();
    await city.wait(20);
    const changes = history.changes({ fromMs, toMs: Infinity, afterNumber: -1, limit: 100 });
    expect(changes.map(({ ref, before, state }) => `${ref} ${String(before)} ${state}`)).toContain(
      'device:n-hub-1 up down',
    );
    expect(changes.some(({ ref }) => ref === 'device:n-hub-2')).toBe(false);
    const marked = database.prepare(
      'SELECT ref FROM state_interval JOIN state_element ON id = element WHERE goes_on = 1',
    );
    const refs = marked.all().map((row) => row['ref']);
    expect(refs).toContain('device:n-hub-2');
    expect(refs).not.toContain('device:n-hub-1');
    // Only what is the first of a run can have gone on.
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1', true)]);
    await city.wait(20);
    history.flush();
    expect(marked.all().map((row) => row['ref'])).toEqual(refs);
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
    for (let turn = 0; turn < 20; turn++) store.write([], nowMs, startMs + 100 * dayMs);
    const rows = store.rows('device:old', { fromMs: 0, toMs: nowMs });
    expect(rows.map(({ fromMs }) => (fromMs - startMs) / dayMs)).toEqual([99, 300]);
    const blinking = Array.from({ length: 20_100 }, (_, at) => {
      return { ...change(300, at % 2 === 0 ? 'up' : 'down'), ref: 'device:blinks', fromMs: nowMs + at };
    });
    for (let at = 0; at < blinking.length; at += 5_000)
      store.write(blinking.slice(at, at + 5_000), nowMs + at);
    for (let turn = 0; turn < 20; turn++) store.write([], nowMs);
    const kept = store.rows('device:blinks', { fromMs: 0, toMs: 2 * nowMs });
    expect([kept.length, kept.at(-1)?.fromMs]).toEqual([20_000, nowMs + 20_099]);
  });

  /** Central was on for a minute every day, for so many days. Returns the time after it. */
  async function live(days: number): Promise<number> {
    let nowMs = startMs;
    for (let day = 1; day <= days; day++) {
      allWell(city);
      await city.wait(60);
      history.flush();
      nowMs = startMs + day * DAY_MS;
      database.close();
      start(nowMs);
    }
    return nowMs;
  }

  it.each([
    ['far behind', -6 * 365 * DAY_MS],
    ['behind by a minute', -60_000],
  ])(
    'a start with the clock %s, before anyone was asked, deletes nothing and writes nothing',
    async (_, stepMs) => {
      const nowMs = await live(3);
      const before = shown();
      database.close();
      standing = { isAgreed: true, isCertain: false };
      start(nowMs + stepMs);
      await city.wait(30);
      history.recordStall(5_000);
      history.flush();
      city.clock.stepWallClock(-stepMs);
      city.registry.shiftTime(-stepMs);
      city.states.shiftTime(-stepMs);
      standing = { isAgreed: true, isCertain: true };
      history.shiftTime();
      expect(shown(REF, startMs, nowMs)).toEqual(before);
      expect(shown(REF, nowMs).at(0)).toBe(`${(3 * DAY_MS) / 1_000}-${(3 * DAY_MS) / 1_000 + 30} unknown!`);
      allWell(city);
      await city.wait(30);
      history.flush();
      expect(shown().at(-1)).toMatch(/ up$/);
    },
  );

  it('a large step back deletes nothing until the time was agreed on for a day', async () => {
    const nowMs = await live(3);
    city.clock.stepWallClock(startMs - DAY_MS - nowMs);
    history.shiftTime();
    const rows = () => database.prepare('SELECT COUNT(*) AS rows FROM state_interval').get()?.['rows'];
    const before = rows();
    await city.clock.advance(DAY_MS / 2);
    standing = { isAgreed: false, isCertain: true };
    history.flush();
    standing = { isAgreed: true, isCertain: true };
    await city.clock.advance(DAY_MS - 1_000);
    history.flush();
    expect(rows()).toBe(before);
    await city.clock.advance(1_000);
    history.flush();
    expect(rows()).not.toBe(before);
    expect(shown(REF, 0)).not.toEqual([]);
  });

  it('what was written by a clock that was far ahead for a moment goes as soon as the time is certain', async () => {
    const nowMs = await live(2);
    database.close();
    start(nowMs + 8 * DAY_MS);
    await city.wait(20);
    history.flush();
    city.clock.stepWallClock(-8 * DAY_MS);
    city.registry.shiftTime(-8 * DAY_MS);
    city.states.shiftTime(-8 * DAY_MS);
    history.shiftTime();
    await city.wait(10);
    history.flush();
    const latest = database.prepare('SELECT MAX(from_ms) AS at FROM state_interval').get()?.['at'];
    expect(latest).toBeLessThan(nowMs + DAY_MS);
    expect(shown().at(-1)).toMatch(/ unknown$/);
  });

  it('a clock that is ahead and not agreed on makes nothing too old', async () => {
    const nowMs = await live(3);
    database.close();
    standing = { isAgreed: false, isCertain: true };
    start(nowMs + 500 * DAY_MS);
    for (let turn = 0; turn < 20; turn++) {
      await city.wait(10);
      history.flush();
    }
    expect(shown().at(0)).toBe('0-10 unknown');
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
