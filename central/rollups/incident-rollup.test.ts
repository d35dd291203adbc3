import { beforeEach, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import type { IncidentRecord } from '../alerts/incidents/incident-record.ts';
import { IncidentRollup } from './incident-rollup.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const START_MS = 1_800_000_000_000;

let clock: ManualClock;
let known: Map<string, IncidentRecord>;
/** By root and time, as a store has them. */
let stored: Map<string, Sample['fields']>;
let rollup: IncidentRollup;

beforeEach(() => {
  clock = new ManualClock(START_MS);
  known = new Map();
  stored = new Map();
  start();
});

function start(): void {
  const isOpen = ({ endedAtMs, root }: IncidentRecord): boolean =>
    endedAtMs === undefined && root !== undefined;
  rollup = new IncidentRollup({
    incidents: {
      openWithRoot: () => [...known.values()].filter(isOpen).map(({ id }) => id),
      get: (id) => known.get(id),
      page: () => [...known.values()].filter((each) => each.endedAtMs !== undefined),
    },
    rules: { get: () => undefined },
    own: {
      write: (samples) => {
        for (const { measurement, tags, fields, timeMs } of samples)
          if (measurement === 'incident') keep(`${tags['root'] ?? ''} ${timeMs}`, fields);
      },
    },
    ...{ clock, rawRetentionMs: 7 * DAY_MS },
  });
}

/** As InfluxDB does: a field that is not written again stays. */
function keep(key: string, fields: Sample['fields']): void {
  stored.set(key, { ...stored.get(key), ...fields });
}

function note(id: string, more: Partial<IncidentRecord> = {}): void {
  known.set(id, {
    ...{ id, rule: 'site_cut', severity: 'critical', beganAtMs: START_MS, units: [], alertCount: 3 },
    ...{ cutOff: [], search: '', ...known.get(id), ...more },
  });
}

describe('an incident', () => {
  it('with a root is one point at its begin, with what it cuts off, and in the end with its end', async () => {
    note('i-1', { root: 'site:hub-03', rootName: 'Hub 3' });
    rollup.write();
    await clock.advance(MINUTE_MS);
    note('i-1', { counts: { devices: 9, sites: 4, units: 2, services: 1 } });
    rollup.write();
    const [key, fields] = [...stored][0] ?? [];
    expect([key, stored.size]).toEqual([`site:hub-03 ${START_MS}`, 1]);
    expect(fields).toMatchObject({ open: true, units_count: 2, root_name: 'Hub 3', ended_at: 0 });
    note('i-1', { endedAtMs: START_MS + MINUTE_MS + 5 });
    await clock.advance(MINUTE_MS);
    rollup.write();
    expect([...stored.values()]).toMatchObject([
      { open: false, merged: false, ended_at: START_MS + MINUTE_MS + 5 },
    ]);
  });

  it('is written when it has changed only', async () => {
    note('i-1', { root: 'site:hub-03' });
    rollup.write();
    stored.clear();
    await clock.advance(MINUTE_MS);
    rollup.write();
    expect(stored.size).toBe(0);
    note('i-1', { alertCount: 4 });
    rollup.write();
    expect([...stored.values()]).toMatchObject([{ alerts_count: 4 }]);
  });

  it('that is reopened has no end in the store until it ends again', async () => {
    note('i-1', { root: 'site:hub-03', endedAtMs: START_MS + 20_000 });
    rollup.write();
    known.delete('i-1');
    note('i-1', { root: 'site:hub-03' });
    await clock.advance(MINUTE_MS);
    rollup.write();
    expect([...stored.values()]).toMatchObject([{ open: true, ended_at: 0 }]);
    note('i-1', { endedAtMs: START_MS + 90_000 });
    await clock.advance(MINUTE_MS);
    rollup.write();
    expect([...stored.values()]).toMatchObject([{ open: false, ended_at: START_MS + 90_000 }]);
  });

  it('without a root is an alert by itself, of which alert_event tells', () => {
    note('i-1');
    rollup.write();
    note('i-1', { endedAtMs: START_MS });
    start();
    rollup.write();
    expect(stored.size).toBe(0);
  });

  it('that ended just before central was killed has its end all the same', () => {
    note('i-1', { root: 'site:hub-03' });
    rollup.write();
    note('i-1', { endedAtMs: START_MS + 1 });
    start();
    rollup.write();
    expect([...stored.values()]).toMatchObject([{ open: false, ended_at: START_MS + 1 }]);
  });

  it('that begins and ends between two looks is written, once', async () => {
    rollup.write();
    note('i-1', { root: 'site:hub-03', endedAtMs: START_MS + 20_000 });
    await clock.advance(MINUTE_MS);
    rollup.write();
    expect([...stored.values()]).toMatchObject([{ open: false, ended_at: START_MS + 20_000 }]);
    stored.clear();
    rollup.write();
    expect(stored.size).toBe(0);
  });

  it('that began before rows are kept is not written, which the store would refuse', async () => {
    note('i-1', { root: 'site:hub-03' });
    await clock.advance(7 * DAY_MS);
    rollup.write();
    expect(stored.size).toBe(0);
  });
});
