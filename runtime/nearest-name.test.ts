import { describe, expect, it } from 'vitest';
import { nearestName } from './nearest-name.ts';

const KNOWN = ['central', 'edge', 'inventory', 'rule'] as const;

describe('the nearest known name', () => {
  it.each([
    ['centrl', 'central'],
    ['Central', 'central'],
    ['edg', 'edge'],
    ['rules', 'rule'],
    ['invetnory', 'inventory'],
  ])('to %s is %s', (typed, nearest) => {
    expect(nearestName(typed, KNOWN)).toBe(nearest);
  });

  it.each(['broker', '', 'x'.repeat(10_000)])('does not exist for %j', (typed) => {
    expect(nearestName(typed, KNOWN)).toBeUndefined();
  });
});
