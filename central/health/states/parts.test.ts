import { describe, expect, it } from 'vitest';
import { dominatorsOf } from './dominators.ts';
import { ExpiryQueue } from './expiry-queue.ts';
import { dayOf, isInService } from './in-service.ts';
import { orderWithoutLoops } from './loops.ts';
import { Pace } from './pace.ts';
import { whatOpens } from './what-opens.ts';

describe('the pace of rows', () => {
  function paceOf(...gapsMs: number[]): number | undefined {
    const pace = new Pace();
    for (const gapMs of gapsMs) pace.record(gapMs);
    return pace.intervalMs;
  }

  it('is not known from one gap, and then not changed by one extra row or one pause', () => {
    expect(paceOf(10)).toBeUndefined();
    expect(paceOf(300, 300, 20, 300)).toBe(300);
    expect(paceOf(10, 10, 7_200, 10)).toBe(10);
  });

  it('of two pollers that take turns unevenly is the longer gap', () => {
    expect(paceOf(20, 280, 20, 280)).toBe(280);
  });
});

describe('the queue of what runs out', () => {
  it('finds each once, when it is due, also when it was renewed or now runs out earlier', () => {
    const item = (name: string, freshUntilMs: number) => ({ name, freshUntilMs, dueMs: Infinity });
    const queue = new ExpiryQueue<ReturnType<typeof item>>();
    const [early, renewed, shortened] = [item('early', 10), item('renewed', 20), item('shortened', 90)];
    for (const each of [shortened, renewed, early]) queue.add(each);
    renewed.freshUntilMs = 50;
    shortened.freshUntilMs = 30;
    queue.add(shortened);
    const namesAt = (nowMs: number): string[] => [...queue.takeExpired(nowMs)].map(({ name }) => name);
    expect([namesAt(10), namesAt(11), namesAt(31), namesAt(50), namesAt(51), namesAt(999)]).toEqual([
      [],
      ['early'],
      ['shortened'],
      [],
      ['renewed'],
      [],
    ]);
    expect(queue.size).toBe(0);
  });
});

describe('the order of the reckoning', () => {
  it('has everything after what it depends on; members of a loop are known as such', () => {
    const { order, loopOf } = orderWithoutLoops([[1], [2], [], [4], [3, 2]]);
    expect(order.indexOf(2)).toBeLessThan(order.indexOf(1));
    expect(order.indexOf(1)).toBeLessThan(order.indexOf(0));
    expect(loopOf[3]).toBe(loopOf[4]);
    expect(new Set(loopOf).size).toBe(4);
  });

  it('takes a chain of any length', () => {
    const chain = Array.from({ length: 50_000 }, (_, at) => (at === 0 ? [] : [at - 1]));
    expect(orderWithoutLoops(chain).order.slice(0, 3)).toEqual([0, 1, 2]);
  });
});

it('what all ways lead over: in a ring the point before it, not one of its two sides', () => {
  const above: Record<string, string[]> = {
    hub: ['city'],
    left: ['hub'],
    right: ['hub'],
    end: ['left', 'right'],
  };
  const found = dominatorsOf(['end', 'left', 'right', 'hub', 'city'], (id) => above[id] ?? []);
  expect(Object.fromEntries(found)).toEqual({
    city: undefined,
    hub: 'city',
    left: 'hub',
    right: 'hub',
    end: 'hub',
  });
});

it('what all ways lead over: of two in a ring that are below a hub each, only what is above both hubs', () => {
  const above: Record<string, string[]> = {
    left: ['hub-1', 'right'],
    right: ['hub-2', 'left'],
    'hub-1': ['city'],
    'hub-2': ['city'],
    end: ['left'],
    lost: ['astray'],
    astray: ['lost'],
  };
  const found = dominatorsOf([...Object.keys(above), 'city'], (id) => above[id] ?? []);
  expect(Object.fromEntries(found)).toEqual({
    ...{ city: undefined, 'hub-1': 'city', 'hub-2': 'city', left: 'city', right: 'city', end: 'left' },
    ...{ lost: undefined, astray: undefined },
  });
});

it('what only leads back to itself cannot be reached, and neither can what needs it; a ring with a way out can', () => {
  // 0 is a way out; 1 and 2 are a ring below it; 3 and 4 only lead to each other; 5 needs one of each group.
  const needs = [[], [[0, 2]], [[1]], [[4]], [[3]], [[1, 3], [4]], [[2], [0, 3]]];
  expect([...whatOpens(needs)]).toEqual([1, 1, 1, 0, 0, 0, 1]);
});

describe('in service', () => {
  it('from the first day to the day before the last, by the days of the city', () => {
    const beforeMidnightMs = Date.parse('2026-11-29T16:59:59Z');
    const { day, endsMs } = dayOf(beforeMidnightMs, 'Asia/Ho_Chi_Minh');
    expect([day, new Date(endsMs).toISOString()]).toEqual(['2026-11-29', '2026-11-29T17:00:00.000Z']);
    expect(dayOf(endsMs, 'Asia/Ho_Chi_Minh').day).toBe('2026-11-30');
    const record = { installedOn: '2026-11-29', retiredOn: '2026-11-30' };
    expect(['2026-11-28', '2026-11-29', '2026-11-30'].map((each) => isInService(record, each))).toEqual([
      false,
      true,
      false,
    ]);
    expect(isInService({}, '2026-11-30')).toBe(true);
  });
});
