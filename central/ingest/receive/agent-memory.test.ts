import { describe, expect, it } from 'vitest';
import type { AgentState } from '../../../contract/state.ts';
import { AgentMemory } from './agent-memory.ts';

function state(birth: number, online: boolean, epoch = 'abcdefgh'): AgentState {
  return { v: 1, online, birth, epoch };
}

function accepted(states: readonly AgentState[]): boolean[] {
  const memory = new AgentMemory(10);
  return states.map((each) => memory.acceptState('gw-1', each, 0));
}

describe('births and deaths', () => {
  it('ignore a will that arrives after the next birth', () => {
    expect(accepted([state(1, true), state(2, true), state(1, false), state(2, false)])).toEqual([
      true,
      true,
      false,
      true,
    ]);
  });

  it('accept a repeated birth of the same connection', () => {
    expect(accepted([state(4, true), state(4, true)])).toEqual([true, true]);
  });

  it('accept births from 1 again after a wiped disk, and then ignore the old will', () => {
    expect(
      accepted([
        state(412, true),
        state(1, true, 'freshone'),
        state(412, false),
        state(1, false, 'freshone'),
      ]),
    ).toEqual([true, true, false, true]);
  });
});

describe('the memory of agents', () => {
  it('gives every batch its own time, also when two arrive in one ms or the clock goes back', () => {
    const memory = new AgentMemory(10);
    expect([5, 5, 4, 9].map((atMs) => memory.uniqueTimeMs('gw-1', atMs))).toEqual([5, 6, 7, 9]);
    expect(memory.uniqueTimeMs('gw-2', 5)).toBe(5);
  });

  it('counts agents that sent backfill in the last 30 s', () => {
    const memory = new AgentMemory(10);
    memory.recordBatch('gw-1', { backfill: true }, 0);
    memory.recordBatch('gw-2', { backfill: false }, 0);
    expect(memory.countBackfilling(29_999)).toBe(1);
    expect(memory.countBackfilling(30_000)).toBe(0);
  });

  it('is bounded: the agent with the oldest last message is forgotten first', () => {
    const memory = new AgentMemory(2);
    memory.uniqueTimeMs('a', 1);
    memory.uniqueTimeMs('b', 2);
    memory.uniqueTimeMs('a', 3);
    memory.uniqueTimeMs('c', 4);
    expect(memory.count).toBe(2);
    expect(memory.uniqueTimeMs('a', 3)).toBe(4);
    expect(memory.uniqueTimeMs('b', 2)).toBe(2);
  });
});
