import { describe, expect, it } from 'vitest';
import type { LatestFieldValue } from '../../live/latest-cache.ts';
import type { AgentView } from '../../liveness/agent-view.ts';
import { currentValues, groupValues } from './current-values.ts';

const NOW_MS = 1_800_000_000_000;

interface Modem extends Partial<LatestFieldValue> {
  readonly ageMs: number;
  readonly phase?: AgentView['phase'];
  readonly correctionMs?: number;
  readonly agent?: string;
}

/** Whether each is stale, of an agent that reports every 10 s. */
function stale(...modems: readonly Modem[]): boolean[] {
  const { phase = 'live', correctionMs = 0 } = modems[0] ?? {};
  const values = modems.map(({ ageMs, agent = 'gw-1', paceMs }): LatestFieldValue => {
    return { tags: { agent, rat: 'lte' }, agent, timeMs: NOW_MS - ageMs, paceMs, value: -90 };
  });
  const deps = {
    latest: { fieldValues: () => values },
    registry: {
      get: (id: string) => (id === 'gw-1' ? { id, phase, expected: true, intervalMs: 10_000 } : undefined),
      clockCorrectionOf: () => correctionMs,
    },
  };
  const asked = { measurement: 'cellular', field: 'rsrp_dbm', tags: {} };
  return [...currentValues(deps, asked, NOW_MS)].map(({ isStale }) => isStale);
}

describe('the modems that are on LTE now', () => {
  it('are those measured within three intervals of their agent', () => {
    expect(stale({ ageMs: 30_000, paceMs: 10_000 }, { ageMs: 30_001, paceMs: 10_000 })).toEqual([
      false,
      true,
    ]);
  });

  it('are not those that have gone on to another technology while their agent goes on', () => {
    expect(stale({ ageMs: 3_600_000, paceMs: 10_000 })).toEqual([true]);
  });

  it('may be measured more seldom than their agent reports', () => {
    expect(stale({ ageMs: 900_000, paceMs: 300_000 }, { ageMs: 900_001, paceMs: 300_000 })).toEqual([
      false,
      true,
    ]);
    // How seldom is not known of a single one.
    expect(stale({ ageMs: 60_000, paceMs: undefined })).toEqual([true]);
  });

  it.each(['silent', 'stopped', 'never_seen'] as const)('are none of an agent that is %s', (phase) => {
    expect(stale({ ageMs: 1_000, paceMs: 10_000, phase })).toEqual([true]);
  });

  it('are none of an agent that nobody knows any more; central itself is no agent and always there', () => {
    expect(stale({ ageMs: 1_000, agent: 'gw-9' })).toEqual([true]);
    expect(stale({ ageMs: 30_000, agent: 'central' }, { ageMs: 30_001, agent: 'central' })).toEqual([
      false,
      true,
    ]);
  });

  it('are told by the clock of central, whatever that of their agent shows', () => {
    expect(stale({ ageMs: 3_600_000, correctionMs: 3_600_000 - 5_000 })).toEqual([false]);
    expect(stale({ ageMs: -3_600_000, correctionMs: -3_600_000 - 60_000 })).toEqual([true]);
  });
});

it('a group is as old as its oldest value, and stale with any that is', () => {
  const value = (unit: string | undefined, timeMs: number, isStale: boolean) => {
    return { tags: unit === undefined ? {} : { unit }, value: timeMs, timeMs, isStale, series: 1 };
  };
  const groups = groupValues(
    [value('26734', 7, false), value(undefined, 3, false), value('26734', 5, true)],
    ['unit'],
    'sum',
  );
  expect(groups).toEqual([
    { tags: { unit: '26734' }, value: 12, timeMs: 5, isStale: true, series: 2 },
    { tags: {}, value: 3, timeMs: 3, isStale: false, series: 1 },
  ]);
});
