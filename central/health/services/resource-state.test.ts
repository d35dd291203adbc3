import { expect, it } from 'vitest';
import type { LatestCache, NewestRow } from '../../live/latest-cache.ts';
import { Series } from '../../samples/series.ts';
import { readMeasuredResources, resourceState, type MeasuredResources } from './resource-state.ts';
import type { ThingState } from './thing-state.ts';

const NOW = 1_000_000;
const POOL = { id: 'pool-dc1', site: 'dc1', resource: 'storage' };
const DAY = '2026-11-30';

interface Row {
  readonly agent?: string;
  readonly ageMs?: number;
  readonly usedPct?: number;
  readonly used?: number;
  readonly usable?: number;
}

function measured(...rows: readonly Row[]): MeasuredResources {
  const latest: Pick<LatestCache, 'visit'> = {
    visit: (_measurement, look) => {
      for (const { agent = 'sv-1', ageMs = 5_000, usedPct, used, usable } of rows) {
        const series = new Series('capacity', [agent, POOL.id, POOL.resource]);
        const fields: Readonly<Record<string, number | undefined>> = { used_pct: usedPct, used, usable };
        const row: NewestRow = { timeMs: NOW - ageMs, paceMs: 10_000, valueOf: (field) => fields[field] };
        look(series, row, ['agent', 'pool', 'resource']);
      }
    },
  };
  const senders = {
    get: (agent: string) => ({ phase: agent === 'gone' ? 'silent' : 'live', intervalMs: 10_000 }),
    clockCorrectionOf: () => 0,
  };
  return readMeasuredResources(latest, senders, NOW);
}

function lineOf(
  rows: readonly Row[],
  site: ThingState = { state: 'up', roots: [] },
  pool: object = {},
): string {
  const stateOf = (): ThingState => site;
  const found = resourceState({ ...POOL, ...pool }, { stateOf, measured: measured(...rows), day: DAY });
  return `${found.state}: ${found.reason} [${found.roots.join()}] ${String(found.measuredAtMs)}`;
}

it('a resource of a pool is up only while somebody measures it', () => {
  expect(lineOf([{ usedPct: 60 }])).toBe('up: measured, and its site is up [] 995000');
  expect(lineOf([])).toBe('unknown: not measured [] undefined');
  expect(lineOf([{ usedPct: 60, ageMs: 30_001 }])).toBe('unknown: not measured [] undefined');
  expect(lineOf([{ usedPct: 60, agent: 'gone' }])).toBe('unknown: not measured [] undefined');
});

it('is degraded where it is used up; where its agents do not agree, the one that has it fullest counts, and all are named', () => {
  expect(lineOf([{ usedPct: 100 }])).toBe('degraded: used up [] 995000');
  const disputed = [
    { usedPct: 50, ageMs: 1_000 },
    { usedPct: 100, agent: 'sv-2' },
  ];
  expect(lineOf(disputed)).toBe('degraded: used up; sv-1 says 50 %, sv-2 says 100 % [] 995000');
  expect(lineOf(disputed.toReversed())).toBe(lineOf(disputed));
});

it('is as the first of the agents that the inventory names for it says, while that one measures it', () => {
  const agents = ['sv-2', 'sv-1'];
  const full = { usedPct: 100, ageMs: 1_000 };
  expect(lineOf([full, { usedPct: 50, agent: 'sv-2' }], undefined, { agents })).toBe(
    'up: measured, and its site is up; sv-1 says 100 %, sv-2 says 50 % [] 995000',
  );
  expect(lineOf([full, { usedPct: 50, agent: 'sv-2', ageMs: 40_000 }], undefined, { agents })).toBe(
    'degraded: used up [] 999000',
  );
});

it('of which nobody says how much is used is unknown, not fine', () => {
  const unknown = 'unknown: how much of it is used is not measured [] 995000';
  expect(lineOf([{}])).toBe(unknown);
  expect(lineOf([{ used: 5 }])).toBe(unknown);
  expect(lineOf([{ usable: 5 }])).toBe(unknown);
  expect(lineOf([{ used: 0, usable: 0 }])).toBe(unknown);
});

it('is used up also where only what is used and what is usable is measured', () => {
  expect(lineOf([{ used: 4, usable: 5 }])).toBe('up: measured, and its site is up [] 995000');
  expect(lineOf([{ used: 5, usable: 5 }])).toBe('degraded: used up [] 995000');
});

it('a row that does not say how much is used takes nothing from one that does', () => {
  const silent = { agent: 'sv-2', ageMs: 1_000 };
  expect(lineOf([{ usedPct: 100 }, silent])).toBe('degraded: used up [] 995000');
  expect(lineOf([silent, { usedPct: 100 }])).toBe('degraded: used up [] 995000');
});

it('is as its site where that is not up, with the same root', () => {
  const cut: ThingState = { state: 'unreachable', roots: ['site:hub-03'] };
  expect(lineOf([{ usedPct: 60 }], cut)).toBe('unreachable: dc1 unreachable [site:hub-03] 995000');
  expect(lineOf([], { state: 'down', roots: [] })).toBe('down: dc1 down [site:dc1] undefined');
});

it('is unknown before it is installed and once it is retired', () => {
  expect(lineOf([{ usedPct: 60 }], undefined, { retiredOn: DAY })).toBe('unknown: not in service [] 995000');
  expect(lineOf([{ usedPct: 60 }], undefined, { installedOn: '2026-12-01' })).toContain('not in service');
});
