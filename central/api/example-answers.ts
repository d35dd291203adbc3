const AT_MS = 1_800_000_000_000;
const TITLE = { en: 'Smoke in the room', vi: 'Có khói trong phòng máy' };
const ACTION = {
  en: 'Call the fire service (114), then follow the evacuation plan of the building.',
  vi: 'Gọi cứu hoả (114), sau đó làm theo phương án thoát nạn của toà nhà.',
};
const AGENT = {
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
const ALERT = {
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
const AGENCY = { id: 'dost', name: 'Sở Khoa học và Công nghệ', contact: '028 0000 0000' };
const LINK = {
  id: 'link-26737-01',
  kind: 'fibre',
  ends: [{ site: 'site-26737-01', device: 'n-26737-01', interface: 'ge-0/0/1' }, { site: 'hub-03' }],
  operator: 'VNPT',
  capacityBps: 1e9,
  agency: AGENCY.id,
};
const ENTRY = {
  kind: 'agencies',
  id: AGENCY.id,
  revision: 7,
  changedAtMs: AT_MS,
  changedBy: 'an engineer',
  entry: AGENCY,
};
const TOKEN = {
  id: '1b32e22e-da57-470d-9a2d-14e7f6ed4abb',
  name: 'grafana',
  role: 'viewer',
  createdAtMs: AT_MS,
  expiresAtMs: AT_MS + 365 * 86_400_000,
};
const STANDING = { agent: AGENT.id, state: 'pending', desired: 3, running: 2 };
const REVISION = { revision: 2, atMs: AT_MS, actor: 'an engineer', ownFile: false };
const CONFIG = { collectors: [{ kind: 'ping', targets: [{ address: '10.26.73.1' }] }] };

const NOTIFICATION = {
  id: 41,
  channel: 'noc-telegram',
  kind: 'alerts',
  key: 'n-5b6f0c0a7a1e4d2f9c3b8a7d6e5f4a3b',
  state: 'sent',
  alerts: 3,
  madeAtMs: AT_MS - 50_000,
  attempts: 2,
  endedAtMs: AT_MS - 44_000,
};

/** An answer of each operation that answers with JSON, as `/docs` shows it; by method and path. */
export const EXAMPLE_ANSWERS: Readonly<Record<string, unknown>> = {
  'GET /healthz': { status: 'ok' },
  'GET /readyz': {
    ready: true,
    checks: [
      { name: 'broker', ok: true, detail: 'connected' },
      { name: 'store', ok: true, detail: 'accepts writes' },
      { name: 'alerts', ok: true, detail: 'samples are judged on arrival' },
      { name: 'clock', ok: true, detail: 'agrees with those of the agents' },
      { name: 'agents', ok: true, detail: 'are heard' },
    ],
  },
  'GET /api/v1/units': {
    items: [
      {
        code: '26737',
        name: 'Tân Định',
        nameEn: 'Tan Dinh',
        kind: 'ward',
        longitude: 106.69,
        latitude: 10.79,
        areaKm2: 1.23,
        state: 'down',
        sinceMs: AT_MS - 60_000,
        reason: '21 devices: 17 up, 1 down, 2 unreachable, 1 unknown; 5 of 6 sites up',
        roots: [],
        sites: 6,
        siteStates: { up: 5, down: 1, unreachable: 0, unknown: 0 },
        agents: { live: 11, silent: 1, stopped: 0, never_seen: 0 },
        devices: { up: 17, down: 1, unreachable: 2, unknown: 1 },
        activeAlerts: 3,
      },
    ],
  },
  'GET /api/v1/sites': {
    items: [
      {
        id: 'site-26737-01',
        unit: '26737',
        name: 'UBND Tân Định',
        kind: 'site',
        parents: ['hub-03'],
        longitude: 106.69,
        latitude: 10.79,
        state: 'unreachable',
        sinceMs: AT_MS - 60_000,
        reason: 'hub-03 is cut off: none of the 41 agents at or behind it is heard',
        roots: ['site:hub-03'],
        evidence: [],
        isDisputed: false,
        disputedBy: [],
        inService: true,
        devices: { up: 0, down: 0, unreachable: 5, unknown: 0 },
      },
    ],
  },
  'GET /api/v1/devices': {
    items: [
      {
        id: 'n-26737-01',
        kind: 'node',
        site: 'site-26737-01',
        unit: '26737',
        agent: AGENT.id,
        state: 'down',
        sinceMs: AT_MS - 60_000,
        reason: `${AGENT.id} measured device.up = false`,
        roots: [],
        evidence: [
          {
            agent: AGENT.id,
            measurement: 'device',
            field: 'up',
            value: false,
            verdict: 'bad',
            atMs: AT_MS - 4_000,
          },
        ],
        isDisputed: false,
        disputedBy: [],
        nextReviewMs: AT_MS + 26_000,
        inService: true,
      },
    ],
    nextCursor: 'bi0yNjczNy0wMQ',
  },
  'GET /api/v1/devices/unexpected': {
    items: [
      {
        device: 'n-26737-99',
        agents: ['gw-26737-01'],
        series: 12,
        measurements: ['device', 'interface'],
        firstSeenAtMs: AT_MS,
      },
    ],
  },
  'GET /api/v1/agencies': { items: [AGENCY] },
  'GET /api/v1/interfaces': {
    items: [
      { device: 'n-26737-01', name: 'ge-0/0/1', description: 'Uplink', capacityBps: 1e9, link: LINK.id },
    ],
  },
  'GET /api/v1/links': { items: [LINK] },
  'GET /api/v1/pools': { items: [{ id: 'pool-dc1', site: 'dc1', resource: 'storage', agency: AGENCY.id }] },
  'GET /api/v1/services': {
    items: [
      {
        id: '1022',
        name: 'Tổng đài 1022',
        needs: [{ anyOf: ['device:sbc-1', 'device:sbc-2'] }, 'pool:pool-dc1'],
        agency: AGENCY.id,
      },
    ],
  },
  'GET /api/v1/inventory/{kind}/{id}': ENTRY,
  'PUT /api/v1/inventory/{kind}/{id}': ENTRY,
  'GET /api/v1/inventory/changes': {
    items: [
      {
        number: 51,
        revision: 7,
        atMs: AT_MS,
        actor: 'an engineer',
        kind: 'agencies',
        id: AGENCY.id,
        before: { ...AGENCY, contact: '028 0000 0001' },
        after: AGENCY,
        fields: [{ field: 'contact', before: '028 0000 0001', after: AGENCY.contact }],
      },
    ],
  },
  'POST /api/v1/inventory/import': {
    revision: 7,
    dryRun: true,
    counts: { added: 1, changed: 1, removed: 0 },
    added: [{ kind: 'devices', id: 'n-26737-02' }],
    changed: [
      {
        kind: 'devices',
        id: 'n-26737-01',
        fields: [{ field: 'agent', before: 'gw-26737-01', after: 'gw-26737-02' }],
      },
    ],
    removed: [],
    truncated: false,
  },
  'GET /api/v1/agents': { items: [AGENT] },
  'GET /api/v1/agents/{id}': AGENT,
  'DELETE /api/v1/agents/{id}/alerts': { closed: 3 },
  'GET /api/v1/agents/{id}/config': { ...STANDING, config: CONFIG, history: [REVISION] },
  'GET /api/v1/agents/{id}/config/revisions/{revision}': { ...REVISION, config: CONFIG },
  'PUT /api/v1/agents/{id}/config': STANDING,
  'POST /api/v1/agents/{id}/config/restore': STANDING,
  'DELETE /api/v1/agents/{id}/config': STANDING,
  'PUT /api/v1/agents/{id}/credential': { agent: AGENT.id, password: 'wwa_shown-only-once' },
  'GET /api/v1/latest': {
    rows: [
      {
        tags: { agent: AGENT.id, device: 'n-26737-01', interface: 'ge-0/0/1', unit: '26737' },
        timeMs: AT_MS,
        fields: { oper_status: 1, in_bps: 84_210_000, out_bps: 12_400_000 },
      },
    ],
    nextCursor: 'MWIzMmUyMmUgMTAwMA',
  },
  'GET /api/v1/series': {
    fromMs: AT_MS - 7_200_000,
    toMs: AT_MS,
    everyMs: 3_600_000,
    timeZone: 'Asia/Ho_Chi_Minh',
    partial: [],
    series: [
      {
        tags: { unit: '26737' },
        points: [
          [AT_MS - 7_200_000, 412_000_000],
          [AT_MS - 3_600_000, 398_500_000],
        ],
      },
    ],
    truncated: false,
    resolution: [
      { of: 'hour', fromMs: AT_MS - 7_200_000, toMs: AT_MS - 3_600_000 },
      { of: 'minute', fromMs: AT_MS - 3_600_000, toMs: AT_MS },
    ],
  },
  'GET /api/v1/top': {
    order: 'desc',
    unit: 'bit/s',
    entries: [
      {
        tags: { agent: AGENT.id, device: 'n-26737-01', interface: 'ge-0/0/1', unit: '26737' },
        value: 941_300_000,
        timeMs: AT_MS - 3_000,
        stale: false,
      },
    ],
    total: 5_021,
    truncated: true,
    staleLeftOut: 12,
  },
  'GET /api/v1/catalogue': {
    measurements: [
      {
        name: 'environment',
        meaning: { en: 'air in a room', vi: 'không khí trong phòng' },
        tags: { device: { en: 'device in the inventory', vi: 'thiết bị trong danh mục' } },
        requiredTags: ['device'],
        fields: { smoke: { type: 'bool', unit: '', meaning: { en: 'smoke', vi: 'khói' } } },
        origin: 'agent',
      },
    ],
  },
  'GET /api/v1/alerts': { items: [ALERT] },
  'GET /api/v1/alerts/stats': {
    fromMs: AT_MS - 604_800_000,
    toMs: AT_MS,
    fired: 1_204,
    resolved: 1_198,
    meanTimeToRecoverMs: 412_000,
    active: 17,
    activeLongerThan24h: 3,
    per10Min: { mean: 1.19, peak: 62, peakAtMs: AT_MS - 86_400_000, floodRatio: 0.004 },
    rules: [{ rule: 'ping_loss', title: { en: 'Packets lost', vi: 'Mất gói' }, fired: 312, active: 2 }],
    truncated: true,
  },
  'GET /api/v1/alerts/{id}': {
    ...ALERT,
    timeline: [
      {
        kind: 'started',
        phase: 'pending',
        severity: 'critical',
        value: true,
        atMs: AT_MS - 60_000,
        recordedAtMs: AT_MS - 60_000,
      },
    ],
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
    ],
    sinceMs: AT_MS - 3_600_000,
    toMs: AT_MS,
    kinds: ['agent', 'alert', 'config'],
  },
  'GET /api/v1/ledger': {
    items: [
      {
        agent: AGENT.id,
        epoch: 'mywpiww0i000',
        stored: [
          [1, 118],
          [120, 240],
        ],
        declaredLost: [],
        missing: [[119, 119]],
        storeLost: [],
        awaited: [],
        lowest: 241,
        highest: 240,
        foldedBelow: 1,
        storedPoints: 23_900,
        refusedPoints: 0,
        lostPoints: 0,
        completeness: 0.9958,
        lastStoredAtMs: AT_MS,
      },
    ],
    completeness: 0.9958,
    implausible: [],
  },
  'GET /api/v1/ledger/completeness': {
    unit: '26737',
    fromMs: AT_MS - 7_200_000,
    toMs: AT_MS - 3_600_000,
    complete: false,
    completeness: 0.9988,
    nothingFrom: [],
    storedPoints: 36_000,
    refusedPoints: 0,
    lostPoints: 43,
    lateBatches: 2,
    missingBatches: 0,
    awaitedBatches: 0,
    agents: [
      {
        agent: AGENT.id,
        phase: 'live',
        storedPoints: 36_000,
        refusedPoints: 0,
        lostPoints: 43,
        lateBatches: 2,
        missingBatches: 0,
        awaitedBatches: 0,
      },
    ],
  },
  'GET /api/v1/ledger/hours': {
    items: [
      {
        agent: AGENT.id,
        hourMs: AT_MS,
        storedBatches: 360,
        storedPoints: 36_000,
        refusedPoints: 0,
        lostPoints: 0,
        lateBatches: 2,
      },
    ],
  },
  'GET /api/v1/alerts/{id}/deliveries': {
    deliveries: [
      {
        ...NOTIFICATION,
        what: 'begin',
        receipts: [
          { atMs: AT_MS - 50_000, tookMs: 30, outcome: 'failed', answer: 'connection refused' },
          { atMs: AT_MS - 44_120, tookMs: 120, outcome: 'delivered', answer: 'status 200: {"ok":true}' },
        ],
      },
    ],
    owed: [{ channel: 'ward-mail', what: 'begin', sinceMs: AT_MS - 60_000, notBeforeMs: AT_MS + 3_600_000 }],
  },
  'GET /api/v1/notifications': { items: [NOTIFICATION], nextCursor: 'NDE' },
  'POST /api/v1/notifications/test': { outcome: 'delivered', answer: 'status 200: {"ok":true}' },
  'GET /api/v1/quarantine': {
    items: [
      {
        id: 7,
        atMs: AT_MS,
        agent: AGENT.id,
        code: 'out-of-range',
        reason: 'field "rsrp_dbm": expected -156 to -31, got -200',
      },
    ],
    counts: { 'out-of-range': 1 },
    notKept: 0,
  },
  'GET /api/v1/store-copy': { state: 'done', file: '/var/lib/wardwatch/store-copy/wardwatch.duckdb' },
  'POST /api/v1/store-copy': { state: 'running' },
  'GET /api/v1/tokens': { items: [{ ...TOKEN, lastUsedAtMs: AT_MS }] },
  'POST /api/v1/tokens': { ...TOKEN, token: 'wwt_shown-only-once' },
  'POST /api/v1/page-links': { path: '/?code=wwc_good-once', expiresAtMs: AT_MS + 600_000 },
  'GET /api/v1/audit': {
    items: [
      {
        id: 9,
        atMs: AT_MS,
        actor: 'an administrator',
        action: 'token.create',
        target: `${TOKEN.id} viewer grafana, expires 2028-01-15T08:00:00.000Z`,
        from: '10.0.0.5',
      },
    ],
  },
};
