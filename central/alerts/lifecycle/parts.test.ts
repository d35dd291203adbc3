import { describe, expect, it } from 'vitest';
import type { Evaluation } from './alert-state.ts';
import { setPart, worstOf, type Part, type Parts } from './parts.ts';

function say(parts: Parts, key: string, one: Evaluation, timeMs: number): void {
  const part: Part = { agent: 'gw', timeMs, freshFromMs: timeMs, evaluations: [one], value: key };
  setPart(parts, key, part);
}

describe('more parts than are kept', () => {
  it('leave the healthy ones out first', () => {
    const parts: Parts = new Map();
    say(parts, 'bad', 'breach', 0);
    for (let at = 0; at < 500; at++) say(parts, `good-${at}`, 'clear', 0);
    expect(parts.size).toBe(64);
    expect(worstOf(parts, 0)).toEqual({ evaluations: ['breach'], value: 'bad' });
  });

  it('are 64 and the worst of the rest, where all are in breach', () => {
    const parts: Parts = new Map();
    for (let at = 0; at < 500; at++) say(parts, `bad-${at}`, 'breach', at);
    expect(parts.size).toBe(65);
    for (let at = 436; at < 500; at++) say(parts, `bad-${at}`, 'clear', 1_000);
    expect(worstOf(parts, 435).evaluations).toEqual(['breach']);
    expect(worstOf(parts, 436).evaluations).toEqual(['clear']);
  });

  it('do not let what is between the limits take the place of a breach that was left out', () => {
    const parts: Parts = new Map();
    for (let at = 0; at < 70; at++) say(parts, `bad-${at}`, 'breach', 0);
    for (let at = 0; at < 70; at++) say(parts, `bad-${at}`, 'between', 100);
    expect(worstOf(parts, 0).evaluations).toEqual(['breach']);
    expect(worstOf(parts, 50).evaluations).toEqual(['between']);
  });
});
