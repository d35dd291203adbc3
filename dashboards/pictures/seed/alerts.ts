import type { Sample } from '../../../contract/sample.ts';
import type { RuleBook } from '../../rules.ts';
import { ruleOf } from '../../rules.ts';
import { drift, noise, rounded } from './wave.ts';
import { INVENTORY } from './story.ts';

const SEVERITIES = ['critical', 'major', 'minor', 'warning'] as const;
type Severity = (typeof SEVERITIES)[number];
const DAY = 1_440;
const NOW_MIN = 3;
const FIRED_A_DAY = 190;

interface Open {
  readonly rule: string;
  readonly severity: Severity;
  readonly unit: string;
  readonly resource: string;
  readonly sinceMin: number;
  readonly count: number;
  readonly unacknowledged: number;
  readonly assignee: string;
}

const OPEN: readonly Open[] = [
  open('node_cuts_sites', 'critical', '26608', 'device:n-hub-07', 47, 1, 0, 'net-shift-2'),
  open('device_down', 'critical', '26743', 'device:n-26743-02', 18, 1, 1, ''),
  open('agent_silent', 'major', '26732', 'agent:gw-26732-01', 95, 5, 0, 'net-shift-2'),
  open('pool_days_to_full', 'major', '25747', 'pool:pool-dc2', 2_870, 1, 0, 'dc-team'),
  open('power_on_battery', 'major', '27664', 'device:ups-27664-01', 63, 1, 0, 'power-team'),
  open('coverage_dip', 'major', '26506', 'unit:26506', 26, 1, 1, ''),
  open('path_loss', 'minor', '26743', 'device:bb-26743-04', 34, 1, 1, ''),
  open('broadband_slow', 'minor', '25942', 'device:bb-25942-01', 240, 1, 0, 'net-shift-1'),
  open('port_errors_in', 'minor', '27553', 'device:n-27553-03', 121, 2, 0, 'net-shift-1'),
  open('battery_low', 'minor', '27664', 'device:ups-27664-01', 12, 1, 1, ''),
  open('capacity_high', 'minor', '25747', 'pool:pool-dc2', 2_870, 1, 0, 'dc-team'),
  open('certificate_expiring', 'warning', '25747', 'device:sv-dc1-0003', 1_510, 2, 0, 'app-team'),
  open('disk_days_to_full', 'warning', '25747', 'device:sv-dc2-0117', 410, 3, 0, 'dc-team'),
  open('port_full_in', 'warning', '26890', 'device:n-hub-12', 88, 1, 0, 'net-shift-1'),
  open('clock_behind', 'warning', '26737', 'agent:gw-26737-03', 205, 1, 0, 'net-shift-1'),
  open('signal_weak', 'warning', '27676', 'device:m5g-27676-02', 330, 2, 0, 'radio-team'),
];

function open(
  ...[rule, severity, unit, resource, sinceMin, count, unacknowledged, assignee]: [
    ...[string, Severity, string, string, number, number, number, string],
  ]
): Open {
  return { rule, severity, unit, resource, sinceMin, count, unacknowledged, assignee };
}

/** What is open, what happened in a day, and how it was handled. */
export function* alertSamples(toMs: number, rules: RuleBook): Generator<Sample> {
  const title = (rule: string) => {
    const { name } = ruleOf(rules, rule);
    return { title: name.en, title_vi: name.vi };
  };
  for (let minute = NOW_MIN; minute >= 0; minute--) {
    for (const { rule, severity, unit, resource, sinceMin, count, unacknowledged, assignee } of OPEN) {
      yield {
        measurement: 'alert_active',
        tags: { rule, severity, unit },
        fields: {
          alerts_count: count,
          unacknowledged_count: unacknowledged,
          oldest_s: (sinceMin - minute) * 60,
          severity_code: SEVERITIES.indexOf(severity),
          ...title(rule),
          unit_name: INVENTORY.units.find(({ code }) => code === unit)?.name ?? unit,
          resource,
          ...(assignee !== '' && { assignee }),
        },
        timeMs: toMs - minute * 60_000,
      };
    }
  }
  yield* events(toMs, title);
  yield* incidents(toMs, title);
  for (let minute = DAY; minute >= 0; minute--) yield* quality(toMs - minute * 60_000, minute);
}

type Title = (rule: string) => { readonly title: string; readonly title_vi: string };

function* events(toMs: number, title: Title): Generator<Sample> {
  for (let number = 0; number < FIRED_A_DAY; number++) {
    const key = `event${number}`;
    const one = OPEN[Math.floor(OPEN.length * noise(`${key}r`) ** 0.6)] ?? OPEN[0];
    const unit = INVENTORY.units[Math.floor(168 * noise(`${key}u`))]?.code ?? '';
    if (one === undefined) continue;
    // More of them while a hub is down.
    const minute = number % 9 === 0 ? 47 - 4 * noise(key) : DAY * noise(key);
    const ackS = 60 + 900 * noise(`${key}a`) ** 2 * (SEVERITIES.indexOf(one.severity) + 0.4);
    const lastS = 300 + 7_000 * noise(`${key}d`) ** 3;
    const steps: readonly (readonly [string, number, Sample['fields']])[] = [
      ['fired', 0, { latency_ms: rounded(400 + 900 * noise(`${key}l`)) }],
      ['acknowledged', ackS, { ack_s: rounded(ackS), by: 'net-shift-1' }],
      ['resolved', lastS, { duration_s: rounded(lastS) }],
    ];
    for (const [event, afterS, fields] of steps) {
      const timeMs = Math.round(toMs - minute * 60_000 + afterS * 1_000);
      if (timeMs > toMs) continue;
      yield {
        measurement: 'alert_event',
        tags: { rule: one.rule, severity: one.severity, unit, resource: `device:n-${unit}-01` },
        fields: { alert_id: `a-${number}`, event, ...title(one.rule), ...fields },
        timeMs,
      };
    }
  }
}

function* incidents(toMs: number, title: Title): Generator<Sample> {
  const past = [
    {
      root: 'site:hub-07',
      name: 'Nút 07 – Kim Long',
      from: 47,
      until: 0,
      severity: 'critical',
      units: 8,
      devices: 178,
      alerts: 44,
    },
    {
      root: 'site:site-26743-02',
      name: 'Công an Bến Thành',
      from: 18,
      until: 0,
      severity: 'critical',
      units: 1,
      devices: 5,
      alerts: 3,
    },
    {
      root: 'site:hub-19',
      name: 'Nút 19 – Tân An Hội',
      from: 152,
      until: 128,
      severity: 'critical',
      units: 7,
      devices: 151,
      alerts: 39,
    },
    {
      root: 'site:hub-12',
      name: 'Nút 12 – Hạnh Thông',
      from: 640,
      until: 611,
      severity: 'major',
      units: 8,
      devices: 166,
      alerts: 41,
    },
    {
      root: 'device:n-27094-04',
      name: 'n-27094-04',
      from: 905,
      until: 884,
      severity: 'major',
      units: 1,
      devices: 3,
      alerts: 4,
    },
  ];
  for (const { root, name, from, until, severity, units, devices, alerts } of past) {
    yield {
      measurement: 'incident',
      tags: { root },
      fields: {
        incident_id: `i-${from}`,
        root_name: name,
        ...title(root.startsWith('site:hub') ? 'node_cuts_sites' : 'device_down'),
        severity,
        open: until === 0,
        merged: false,
        ended_at: until > 0 ? toMs - until * 60_000 : 0,
        ...{
          alerts_count: alerts,
          units_count: units,
          sites_count: 5 * units,
          devices_count: devices,
          services_count: 0,
        },
      },
      timeMs: toMs - from * 60_000,
    };
    if (until > 0) continue;
    yield {
      measurement: 'incident_active',
      tags: { root },
      fields: {
        incident_id: `i-${from}`,
        root_name: name,
        ...title(root.startsWith('site:hub') ? 'node_cuts_sites' : 'device_down'),
        severity,
        severity_code: severity === 'critical' ? 0 : 1,
        began_at: toMs - from * 60_000,
        open_s: 60 * from,
        ...(root.startsWith('site:hub') && { assignee: 'net-shift-2' }),
        ...{
          alerts_count: alerts,
          units_count: units,
          sites_count: 5 * units,
          devices_count: devices,
          services_count: 0,
        },
      },
      timeMs: toMs,
    };
  }
  yield {
    measurement: 'maintenance',
    tags: { window: 'hub-12-router' },
    fields: { reason: 'hub-12: router software', covers: 'site:hub-12', ended_at: toMs - 76 * 60_000 },
    timeMs: toMs - 106 * 60_000,
  };
}

function* quality(timeMs: number, minute: number): Generator<Sample> {
  const burst = [47, 152, 640].some((at) => minute <= at && minute > at - 10) ? 6.5 : 0;
  const rate = Math.max(0, 1.1 + 1.4 * drift('alarms', minute) + burst * (0.8 + 0.3 * noise('b', minute)));
  const [high, medium] = [rounded(6 + 3 * drift('high', minute)), rounded(17 + 6 * drift('medium', minute))];
  yield {
    measurement: 'alarm_quality',
    tags: {},
    fields: {
      alarm_rate: rounded(rate),
      flood: rate > 10,
      flood_pct: 0.7,
      low_priority_pct: rounded(100 - high - medium),
      medium_priority_pct: medium,
      high_priority_pct: high,
      chattering: 1,
      stale: 3,
    },
    timeMs,
  };
  for (const [at, severity] of SEVERITIES.entries()) {
    const slow = 1 + at * 1.3;
    yield {
      measurement: 'alarm_quality',
      tags: { severity },
      fields: {
        mtta_p50_s: rounded(150 * slow * (1 + 0.3 * drift(severity, minute))),
        mtta_p90_s: rounded(420 * slow),
        mttr_p50_s: rounded(1_500 * (1 + 0.2 * at) * (1 + 0.25 * drift(`${severity}r`, minute))),
        mttr_p90_s: rounded(5_200 * slow),
      },
      timeMs,
    };
  }
}
