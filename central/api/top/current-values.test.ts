import { describe, expect, it } from 'vitest';
import type { LatestCache } from '../../live/latest-cache.ts';
import type { AgentView } from '../../liveness/agent-view.ts';
import { Series } from '../../samples/series.ts';
import { GroupedValues, visitCurrent } from './current-values.ts';

const NOW_MS = 1_800_000_000_000;

interface Modem {
  readonly ageMs: number;
  /** undefined: it was measured once. */
  readonly paceMs?: number | undefined;
  readonly phase?: AgentView['phase'];
  readonly correctionMs?: number;
  readonly agent?: string;
}

/** Whether each is stale, of an agent that reports every 10 s. */
function stale(...modems: readonly Modem[]): boolean[] {
  const { phase = 'live', correctionMs = 0 } = modems[0] ?? {};
  const visit: LatestCache['visit'] = (measurement, look) => {
    for (const { ageMs, agent = 'gw-1', paceMs = NaN } of modems)
      look(new Series(measurement, [agent, 'lte']), { timeMs: NOW_MS - ageMs, paceMs, valueOf: () => -90 }, [
        'agent',
        'rat',
      ]);
  };
  const deps = {
    latest: { visit },
    registry: {
      get: (id: string) => (id === 'gw-1' ? { id, phase, expected: true, intervalMs: 10_000 } : undefined),
      clockCorrectionOf: () => correctionMs,
    },
  };
  const asked = { measurement: 'cellular', field: 'rsrp_dbm', tags: {} };
  const found: boolean[] = [];
  visitCurrent(deps, asked, NOW_MS, ({ isStale }) => found.push(isStale));
  return found;
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

it('are those with the tags that are asked for; the empty text stands for a tag that is absent', () => {
  const series = [new Series('cellular', ['n-1', undefined]), new Series('cellular', ['n-2', 'lte'])];
  const visit: LatestCache['visit'] = (_measurement, look) => {
    for (const each of series)
      look(each, { timeMs: NOW_MS, paceMs: NaN, valueOf: () => 1 }, ['device', 'rat']);
  };
  const deps = { latest: { visit }, registry: { get: () => undefined, clockCorrectionOf: () => 0 } };
  const found = (tags: Record<string, string[]>): (string | undefined)[] => {
    const devices: (string | undefined)[] = [];
    visitCurrent(deps, { measurement: 'cellular', field: 'rsrp_dbm', tags }, NOW_MS, (_now, { tags }) =>
      devices.push(tags[0]),
    );
    return devices;
  };
  expect(found({ device: ['n-1', 'n-2'] })).toEqual(['n-1', 'n-2']);
  expect(found({ rat: ['lte'] })).toEqual(['n-2']);
  expect(found({ rat: [''] })).toEqual(['n-1']);
  expect(found({ device: ['n-1'], rat: ['lte'] })).toEqual([]);
});

it('a group is as old as its oldest value, and stale with any that is', () => {
  const groups = new GroupedValues(['unit']);
  const add = (unit: string | undefined, value: number, isStale: boolean): void =>
    groups.add({ value, timeMs: value, isStale }, new Series('cellular', [unit]), ['unit']);
  add('26734', 7, false);
  add(undefined, 3, false);
  add('26734', 5, true);
  expect([...groups.combined('sum')]).toEqual([
    { tags: { unit: '26734' }, value: 12, timeMs: 5, isStale: true, series: 2 },
    { tags: {}, value: 3, timeMs: 3, isStale: false, series: 1 },
  ]);
});
