import { expect, it } from 'vitest';
import { availabilityOf } from './availability.ts';

const HOUR_MS = 3_600_000;
const query = { fromMs: 0, toMs: 9 * HOUR_MS };
const nothing = { series: [], truncated: false };

it('is all of the time, from samples, where the store says nothing else', () => {
  expect(availabilityOf(query, nothing)).toEqual({
    fromMs: 0,
    resolution: [{ of: 'raw', fromMs: 0, toMs: 9 * HOUR_MS }],
  });
});

it('begins where something is kept', () => {
  expect(
    availabilityOf(query, {
      ...nothing,
      availableFromMs: 2 * HOUR_MS,
      sources: [
        { resolution: 'hour', fromMs: 2 * HOUR_MS, toMs: 8 * HOUR_MS },
        { resolution: 'raw', fromMs: 8 * HOUR_MS, toMs: 9 * HOUR_MS },
      ],
    }),
  ).toEqual({
    fromMs: 2 * HOUR_MS,
    availableFromMs: 2 * HOUR_MS,
    resolution: [
      { of: 'hour', fromMs: 2 * HOUR_MS, toMs: 8 * HOUR_MS },
      { of: 'raw', fromMs: 8 * HOUR_MS, toMs: 9 * HOUR_MS },
    ],
  });
});

it('begins where a cut answer is complete, and names nothing that is not in it', () => {
  const cut = {
    ...nothing,
    truncated: true,
    completeFromMs: 8.5 * HOUR_MS,
    sources: [
      { resolution: 'minute', fromMs: 0, toMs: 8 * HOUR_MS },
      { resolution: 'raw', fromMs: 8 * HOUR_MS, toMs: 9 * HOUR_MS },
    ] as const,
  };
  expect(availabilityOf(query, cut)).toEqual({
    fromMs: 8.5 * HOUR_MS,
    resolution: [{ of: 'raw', fromMs: 8.5 * HOUR_MS, toMs: 9 * HOUR_MS }],
  });
});

it('is nothing where all of the time is gone', () => {
  expect(availabilityOf(query, { ...nothing, availableFromMs: 20 * HOUR_MS })).toEqual({
    fromMs: 9 * HOUR_MS,
    availableFromMs: 20 * HOUR_MS,
    resolution: [],
  });
});
