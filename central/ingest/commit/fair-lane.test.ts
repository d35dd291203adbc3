import { expect, it } from 'vitest';
import { FairLane } from './fair-lane.ts';

interface Entry {
  readonly agent: string;
  readonly seq: number;
}

function laneOf(...entries: readonly string[]): FairLane<Entry> {
  const lane = new FairLane<Entry>();
  for (const text of entries) lane.add(entry(text));
  return lane;
}

function entry(text: string): Entry {
  return { agent: text.charAt(0), seq: Number(text.slice(1)) };
}

function takeAll(lane: FairLane<Entry>): string[] {
  const taken: string[] = [];
  for (let next = lane.peek(); next !== undefined; next = lane.peek()) {
    taken.push(`${next.agent}${next.seq}`);
    lane.take();
  }
  expect(lane.count).toBe(0);
  return taken;
}

it('lets agents take turns, and keeps the order of each', () => {
  expect(takeAll(laneOf('a1', 'a2', 'a3', 'a4', 'b1', 'c1', 'c2'))).toEqual([
    'a1',
    'b1',
    'c1',
    'a2',
    'c2',
    'a3',
    'a4',
  ]);
});

it('takes back what was taken, before what came later', () => {
  const lane = laneOf('a3', 'b2');
  lane.putBack([entry('a1'), entry('b1'), entry('a2')]);
  expect(takeAll(lane).filter((text) => text.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
  lane.putBack([entry('b1')]);
  lane.add(entry('b2'));
  expect(takeAll(lane)).toEqual(['b1', 'b2']);
});

it('passes over an agent, which keeps its place among the others', () => {
  const lane = laneOf('a1', 'b1', 'c1');
  lane.skip();
  expect(lane.agents).toBe(3);
  expect(takeAll(lane)).toEqual(['b1', 'c1', 'a1']);
});

it('has nothing to take when it is empty', () => {
  const lane = laneOf();
  expect(lane.peek()).toBeUndefined();
  lane.take();
  lane.skip();
  expect(lane.count).toBe(0);
});
