import { describe, expect, it } from 'vitest';
import { TickWheel } from './tick-wheel.ts';

describe('the wheel', () => {
  it('gives each item once, together with those of the same tick, and never early', () => {
    const wheel = new TickWheel<string>(100);
    wheel.add(101, 'a');
    wheel.add(200, 'b');
    wheel.add(201, 'c');
    expect(wheel.takeDue(199)).toEqual([]);
    expect(wheel.takeDue(200)).toEqual(['a', 'b']);
    expect(wheel.takeDue(299)).toEqual([]);
    wheel.add(50, 'late');
    expect(wheel.takeDue(1_000).sort()).toEqual(['c', 'late']);
    expect(wheel.takeDue(2_000)).toEqual([]);
  });
});
