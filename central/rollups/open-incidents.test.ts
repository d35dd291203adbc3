import { expect, it } from 'vitest';
import type { IncidentRecord } from '../alerts/incidents/incident-record.ts';
import type { Severity } from '../alerts/rules/severity.ts';
import { openIncidentSamples } from './open-incidents.ts';

const HOUR_MS = 3_600_000;
const NOW_MS = 1_800_000_030_000;
const MOMENT = { atMs: NOW_MS, minuteMs: 1_800_000_000_000 };

function incident(root: string, beganAtMs: number, severity: Severity): IncidentRecord {
  return {
    ...{ id: `i-${root}`, root, headAlert: `a-${root}`, rule: 'site_cut', severity, beganAtMs, units: [] },
    ...{ alertCount: 3, cutOff: [], search: '', counts: { devices: 9, sites: 4, units: 2, services: 1 } },
  };
}

function rowsOf(...records: readonly IncidentRecord[]) {
  const known = new Map(records.map((record) => [record.id, record]));
  const alert = { assignee: 'lan' } as const;
  return openIncidentSamples(
    {
      incidents: { openWithRoot: () => [...known.keys()], get: (id) => known.get(id) },
      alerts: {
        rules: { get: () => undefined },
        get: (id) => (id === 'a-site:old' ? alert : undefined) as never,
      },
    },
    MOMENT,
  );
}

it('an incident that began hours ago is a row of this minute, with who has it, the gravest first', () => {
  const rows = rowsOf(
    incident('site:new', NOW_MS - 1_000, 'major'),
    incident('site:old', NOW_MS - 4 * HOUR_MS, 'critical'),
  );
  expect(rows.map(({ tags, timeMs }) => [tags, timeMs])).toEqual([
    [{ root: 'site:old' }, MOMENT.minuteMs],
    [{ root: 'site:new' }, MOMENT.minuteMs],
  ]);
  expect(rows[0]).toMatchObject({
    measurement: 'incident_active',
    fields: {
      ...{ incident_id: 'i-site:old', severity_code: 0, open_s: 14_400, began_at: NOW_MS - 4 * HOUR_MS },
      ...{ units_count: 2, devices_count: 9, assignee: 'lan' },
    },
  });
  expect(rows[1]?.fields).not.toHaveProperty('assignee');
});

it('of more than a list can show, the gravest and oldest are written', () => {
  const many = Array.from({ length: 250 }, (_, at) => incident(`site:${at}`, NOW_MS - at, 'minor'));
  const rows = rowsOf(...many, incident('site:grave', NOW_MS, 'critical'));
  expect([rows.length, rows[0]?.tags['root'], rows[1]?.tags['root']]).toEqual([
    200,
    'site:grave',
    'site:249',
  ]);
});
