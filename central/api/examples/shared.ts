/** What examples of several resources show. */

export const AT_MS = 1_800_000_000_000;

export const TITLE = { en: 'Smoke in the room', vi: 'Có khói trong phòng máy' };

export const ACTION = {
  en: 'Call the fire service (114), then follow the evacuation plan of the building.',
  vi: 'Gọi cứu hoả (114), sau đó làm theo phương án thoát nạn của toà nhà.',
};

export const AGENT = {
  id: 'gw-26737-01',
  phase: 'live',
  expected: true,
  kind: 'gateway',
  site: 'site-26737-01',
  unit: '26737',
  software: '0.1.0',
  intervalMs: 10_000,
  firstSeenAtMs: AT_MS - 86_400_000,
  lastSeenAtMs: AT_MS - 4_000,
  clockOffsetMs: 12,
  queueBytes: 4_096,
  lostBatches: 0,
  config: { state: 'running', desired: 2, running: 2 },
  problems: [],
};

export const ALERT = {
  id: 'a-6968e021c275d2208d7f',
  rule: 'room_smoke',
  title: TITLE,
  action: ACTION,
  eventType: 'environmental',
  probableCause: 'fire_detected',
  entity: { device: 'sensor-26737-01' },
  agent: AGENT.id,
  unit: '26737',
  severity: 'critical',
  phase: 'firing',
  startedAtMs: AT_MS - 60_000,
  firedAtMs: AT_MS - 60_000,
  value: true,
  lastValue: true,
  valueText: 'true',
  openedAtMs: AT_MS - 60_000,
  updatedAtMs: AT_MS,
};

export const AGENCY = { id: 'dost', name: 'Sở Khoa học và Công nghệ', contact: '028 0000 0000' };

export const LINK = {
  id: 'link-26737-01',
  kind: 'fibre',
  ends: [{ site: 'site-26737-01', device: 'n-26737-01', interface: 'ge-0/0/1' }, { site: 'hub-03' }],
  operator: 'VNPT',
  capacityBps: 1e9,
  agency: AGENCY.id,
};
