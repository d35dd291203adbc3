import { describe, expect, it } from 'vitest';
import { EMPTY_INVENTORY } from '../inventory/inventory.ts';
import { LiveInventory } from '../inventory/live-inventory.ts';
import type { AlertRecord } from '../alerts/history/alert-record.ts';
import type { Severity } from '../alerts/rules/severity.ts';
import { InventoryPlaces } from '../alerts/suppression/inventory-places.ts';
import { ruleFile, ruleOf } from '../alerts/testing/batches-and-rules.ts';
import { activeAlertSamples, alertFields, countActiveAlerts } from './active-alerts.ts';

const NOW_MS = 1_800_000_000_000;
const RULE = ruleOf('cpu_busy', ruleFile());
const inventory = { units: new Map([['26734', { name: 'Phường Sài Gòn' }]]) };
const places = new InventoryPlaces(new LiveInventory(EMPTY_INVENTORY));

interface Open {
  readonly rule?: string;
  readonly severity: Severity;
  readonly unit?: string;
  readonly ageS: number;
  readonly acknowledged?: true;
}

function count(...open: readonly Open[]) {
  return countActiveAlerts({
    visitActive: (look) =>
      open.forEach(({ rule = 'cpu_busy', severity, unit, ageS, acknowledged }, at) => {
        const firedAtMs = NOW_MS - 1_000 * ageS;
        const record: AlertRecord = {
          ...{ id: `a-${at}`, rule, entityKey: `${at}`, entity: { host: `sv-${at}` }, agent: `sv-${at}` },
          ...{ severity, phase: 'firing', value: 1, lastValue: 1, startedAtMs: firedAtMs, firedAtMs },
          ...{ openedAtMs: firedAtMs, updatedAtMs: firedAtMs, lastSampleMs: firedAtMs },
          ...(unit !== undefined && { unit }),
          ...(acknowledged && { acknowledgement: { by: 'lan', atMs: NOW_MS }, assignee: 'lan' }),
        };
        look(record, { ...RULE, id: rule });
      }),
  });
}

const rowsOf = (open: ReturnType<typeof count>) =>
  activeAlertSamples(open.groups, { places, inventory }, { atMs: NOW_MS, minuteMs: NOW_MS });

describe('the alerts that are open', () => {
  it('are counted for the city and for each unit, with those that nobody answered', () => {
    const { city, units } = count(
      { severity: 'critical', unit: '26734', ageS: 5 },
      { severity: 'minor', unit: '26734', ageS: 5, acknowledged: true },
      { severity: 'minor', ageS: 5 },
    );
    expect(alertFields(city)).toEqual({
      ...{
        alerts_critical: 1,
        alerts_major: 0,
        alerts_minor: 2,
        alerts_warning: 0,
        alerts_unacknowledged: 2,
      },
    });
    expect(
      [...units].map(([unit, counts]) => [unit, counts.severities.minor, counts.unacknowledged]),
    ).toEqual([['26734', 1, 1]]);
  });

  it('are a row for each rule, severity and unit, which names the oldest of them', () => {
    const rows = rowsOf(
      count(
        { severity: 'minor', unit: '26734', ageS: 5 },
        { severity: 'minor', unit: '26734', ageS: 60, acknowledged: true },
        { severity: 'critical', unit: '26737', ageS: 1 },
      ),
    );
    expect(rows).toMatchObject([
      {
        tags: { rule: 'cpu_busy', severity: 'critical', unit: '26737' },
        // What the inventory does not know goes by its code.
        fields: { severity_code: 0, unit_name: '26737' },
      },
      {
        tags: { rule: 'cpu_busy', severity: 'minor', unit: '26734' },
        fields: {
          ...{ alerts_count: 2, unacknowledged_count: 1, oldest_s: 60, severity_code: 2, alert_id: 'a-1' },
          unit_name: 'Phường Sài Gòn',
          ...{ resource: 'host:sv-1', assignee: 'lan', title: 'CPU busy', title_vi: 'CPU bận' },
        },
      },
    ]);
  });

  it('are 1,000 rows at most, the gravest first', () => {
    const flood = Array.from({ length: 1_500 }, (_, at): Open => {
      return { rule: `rule_${at}`, severity: at < 1_499 ? 'warning' : 'critical', ageS: at };
    });
    const rows = rowsOf(count(...flood));
    expect(rows).toHaveLength(1_000);
    expect(rows.slice(0, 2).map(({ tags }) => tags['rule'])).toEqual(['rule_1499', 'rule_1498']);
  });
});
