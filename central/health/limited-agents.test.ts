import { expect, it } from 'vitest';
import { findLimited, type LimitSources } from './limited-agents.ts';

function sources(known: readonly string[]): LimitSources {
  return {
    alerts: { takeLimited: () => [{ agent: 'gw-1', entities: 10_000, refused: 7 }] },
    series: { takeRefused: () => [{ agent: 'gw-2', refused: 8 }] },
    quarantine: {
      takeNotKept: () => [
        { agent: 'gw-3', entries: 9 },
        { agent: 'No Agent', entries: 1 },
      ],
    },
    ledger: {
      completeness: () => ({ ratio: 1, implausible: [{ agent: 'gw-4', stored: 1, lost: 1_000_000 }] }),
    },
    registry: {
      get: (id) => (known.includes(id) ? { id, phase: 'live', expected: true, intervalMs: 1 } : undefined),
    },
  };
}

it('names who reached which limit, with figures', () => {
  const found = findLimited(sources(['gw-1', 'gw-2', 'gw-3', 'gw-4']), 0);
  expect(found.map(({ agent, problem, count }) => [agent, problem, count])).toEqual([
    ['gw-1', 'too_many_alerts', 7],
    ['gw-2', 'too_many_series', 8],
    ['gw-3', 'too_many_refused', 9],
    ['gw-4', 'implausible_losses', 1],
  ]);
  expect(found.map(({ detail }) => detail).join('\n')).toMatch(
    /10000 alerts.*\n.*8 rows.*\n.*9 .*\n.*1000000/,
  );
});

it('leaves out agents that are retired or that nobody knows', () => {
  expect(findLimited(sources(['gw-2']), 0).map(({ agent }) => agent)).toEqual(['gw-2']);
});
