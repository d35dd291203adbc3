import { AT_MS, AGENT, ALERT } from './shared.ts';

const INCIDENT = {
  id: 'i-5f0c21c275d2208d7f6e',
  root: 'site:hub-03',
  rootName: 'Hub 3',
  headAlert: 'a-2268e021c275d2208d7f',
  title: { en: 'Site down', vi: 'Điểm mất kết nối' },
  severity: 'critical',
  beganAtMs: AT_MS - 20_000,
  unit: '26737',
  site: 'hub-03',
  alerts: 42,
  openAlerts: 42,
  suppressedAlerts: 41,
  counts: { devices: 120, sites: 41, units: 8, services: 1 },
};

/** Incidents, and what changed. */
export const INCIDENTS_EXAMPLES = {
  'GET /api/v1/incidents': { items: [INCIDENT] },
  'GET /api/v1/incidents/{id}': {
    ...INCIDENT,
    members: [
      {
        id: 'a-1768e021c275d2208d7f',
        rule: 'agent_silent',
        title: { en: 'Agent silent', vi: 'Agent im lặng' },
        severity: 'major',
        phase: 'firing',
        entity: { agent: AGENT.id },
        unit: '26737',
        site: 'site-26737-01',
        startedAtMs: AT_MS - 60_000,
        relation: 'behind',
        wasTold: false,
        joinedAtMs: AT_MS - 20_000,
        suppression: { kind: 'parent', reason: 'Hub 3 is down or cut off', by: 'site:hub-03' },
      },
    ],
    affected: {
      sites: [{ id: 'site-26737-01', name: 'UBND phường Bến Thành', unit: '26737' }],
      devices: [{ id: 'n-26737-01', name: 'n-26737-01', site: 'site-26737-01', unit: '26737' }],
      units: [{ id: '26737', name: 'Bến Thành' }],
      services: [{ id: '1022', name: 'Tổng đài 1022' }],
    },
    timeline: [
      { kind: 'opened', reason: 'root site:hub-03', atMs: AT_MS - 20_000 },
      {
        kind: 'joined',
        alert: 'a-1768e021c275d2208d7f',
        reason: 'Hub 3 is cut off',
        atMs: AT_MS - 20_000,
      },
    ],
    truncated: false,
  },
  'GET /api/v1/changes': {
    items: [
      {
        kind: 'agent',
        atMs: AT_MS - 90_000,
        unit: '26737',
        site: 'site-26737-01',
        agent: AGENT.id,
        detail: { before: 'live', phase: 'silent' },
      },
      {
        kind: 'alert',
        atMs: AT_MS - 60_000,
        unit: '26737',
        device: 'sensor-26737-01',
        agent: AGENT.id,
        detail: { change: 'fired', id: ALERT.id, rule: ALERT.rule, severity: 'critical', phase: 'firing' },
      },
      {
        kind: 'state',
        atMs: AT_MS - 30_000,
        unit: '26737',
        site: 'site-26737-01',
        detail: {
          ref: 'site:site-26737-01',
          before: 'up',
          state: 'unreachable',
          sinceMs: AT_MS - 30_000,
          roots: ['site:hub-03'],
        },
      },
    ],
    sinceMs: AT_MS - 3_600_000,
    toMs: AT_MS,
    kinds: ['agent', 'alert', 'config', 'state'],
  },
};
