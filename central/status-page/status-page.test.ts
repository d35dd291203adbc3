import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isOwnAlarm } from '../alerts/history/own-alarm.ts';
import { ApiHarness } from '../api/testing/api-harness.ts';
import { MAX_RANGES } from '../ledger/ledger-entry-state.ts';
import type { UnitView } from '../health/unit-summary.ts';
import { renderStatus, type Status } from './status-page.ts';

let harness: ApiHarness;

beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

it('shows the completeness that the API and the metrics give, also of batches that are folded into counts', async () => {
  const { ledger, clock } = harness.parts;
  const everyOther = Array.from({ length: MAX_RANGES + 10 }, (_, index) => ({
    agent: 'gw-1',
    epoch: 'folded01',
    seq: index * 2 + 1,
    lowest: index * 2 + 1,
    measuredAtMs: clock.now(),
    storedPoints: 1,
    refusedPoints: 0,
    losses: [],
  }));
  ledger.recordStored(everyOther, clock.now());
  const [folded] = ledger.entries('gw-1').filter(({ epoch }) => epoch === 'folded01');
  expect(folded!.foldedBelow).toBeGreaterThan(1);

  const { json } = await harness.call('GET', '/api/v1/ledger');
  const completeness = Number(json['completeness']);
  // Of gw-1 one whole batch besides; each batch but the first has a hole before it. All other agents are whole.
  const stored = everyOther.length + 1;
  const ofGateway = stored / (stored + everyOther.length - 1);
  expect(ledger.completenessOf('gw-1')).toBe(ofGateway);
  const agents = new Set(ledger.entries().map(({ agent }) => agent));
  expect(completeness).toBeCloseTo((ofGateway + agents.size - 1) / agents.size, 12);

  const metrics = await harness.call('GET', '/metrics');
  expect(metrics.text).toContain(`wardwatch_completeness_ratio ${completeness}\n`);
  const page = await harness.call('GET', '/plain');
  expect(page.text).toContain(`<b>${(Math.floor(completeness * 100_000) / 1_000).toFixed(3)} %</b>`);
});

it('knows the parameter of its link only', async () => {
  expect(await harness.call('GET', '/plain?cod=x')).toMatchObject({
    status: 400,
    json: { detail: 'unknown query parameter "cod", did you mean "code"?' },
  });
  const { json } = await harness.call('POST', '/api/v1/page-links');
  expect(await harness.call('GET', String(json['path']), { token: '' })).toMatchObject({ status: 302 });
});

const HEALTHY: Status = {
  nowMs: 1_800_000_000_000,
  version: 'test',
  agents: { live: 3, silent: 0, stopped: 0, never_seen: 0 },
  samplesPerS: 10,
  lagMs: 200,
  flowMode: 'go',
  storeAvailable: true,
  unstoredForMs: undefined,
  brokerConnected: true,
  agentsHeard: 3,
  quietForMs: 2_000,
  isDeaf: false,
  clock: { isAgreed: true, isCertain: true, machineOffsetMs: 0 },
  completeness: { ratio: 1, implausible: [] },
  alertsTotal: 0,
  alerts: [],
  configsFailed: [],
  services: [],
  units: [],
};

it('shows alarms about Wardwatch itself first and marks them, whatever is graver in the city', async () => {
  // Sensors that the inventory lacks report: central finds that out by itself.
  const ownAlarm = () =>
    harness.parts.alerts.active().find(({ rule }) => rule === 'central_unexpected_devices');
  for (let minutes = 0; minutes < 30 && ownAlarm() === undefined; minutes++) await harness.advance(60_000);
  const active = harness.parts.alerts.active();
  expect(ownAlarm()?.severity).toBe('warning');
  expect(active[0]).toMatchObject({ severity: 'critical' });

  const { text } = await harness.call('GET', '/plain');
  const rows = [...text.matchAll(/<tr class="(\w+)( own)?">/g)].map(([, severity, own]) => [severity, own]);
  const own = active.filter((alert) => isOwnAlarm(alert));
  expect(rows).toEqual([
    ...own.map(({ severity }) => [severity, ' own']),
    ...active.filter((alert) => !isOwnAlarm(alert)).map(({ severity }) => [severity, undefined]),
  ]);
  expect(text.match(/⚙ Wardwatch:/g)).toHaveLength(own.length);
});

describe('what the page cannot know is not green', () => {
  const page = (more: Partial<Status>): string => renderStatus({ ...HEALTHY, ...more }).text;

  it('has three green tiles and no notice while everything is known', () => {
    expect(page({}).match(/class="tile good"/g)).toHaveLength(3);
    expect(page({})).not.toContain('role="alert"');
  });

  it('leaves an agent that claims impossible losses out of the completeness, and names it', () => {
    const implausible = [{ agent: 'gw-<9>', stored: 1, lost: 1_000_000 }];
    const text = page({ completeness: { ratio: 1, implausible } });
    expect(text).toContain('gw-&lt;9&gt;');
    expect(text).toMatch(/class="tile warn">\s*<b>100 %<\/b><span>Độ đầy đủ/);
  });

  it.each<[string, Partial<Status>]>([
    ['away', { storeAvailable: false, unstoredForMs: 10_000 }],
    ['silent in the middle of a write', { lagMs: 20_000 }],
  ])('the store is %s: completeness is unknown, alerts are known', (_what, more) => {
    expect(page(more)).toMatch(/role="alert"[^]*have not been stored for [12]0 s/);
    expect(page(more)).not.toContain('100 %');
    expect(page(more)).toMatch(/class="tile unknown">\s*<b>\?<\/b>/);
    expect(page(more)).toContain('No active alert');
  });

  it.each<[string, Partial<Status>]>([
    ['memory is full', { flowMode: 'hold' }],
    ['the broker is away', { brokerConnected: false }],
  ])('%s: neither alerts nor agents are known', (_what, more) => {
    expect(page(more)).toMatch(/role="alert"[^]*no new alert is raised/);
    expect(page(more)).not.toContain('No active alert');
    expectNothingGood(page(more));
  });

  const none = { live: 0, silent: 0, stopped: 0, never_seen: 0 };
  it.each<[string, Partial<Status>, RegExp]>([
    [
      'no agent was ever seen',
      {
        agents: none,
        agentsHeard: 0,
        quietForMs: undefined,
        completeness: { ratio: undefined, implausible: [] },
      },
      /No agent has sent anything yet/,
    ],
    [
      'all agents have been silent for ten minutes',
      { agents: { ...none, silent: 3 }, agentsHeard: 0, quietForMs: 600_000 },
      /No agent has sent anything for 10 min: the state of the city is not known/,
    ],
    [
      'central started five seconds ago, its agents were live before',
      { agentsHeard: 0, quietForMs: 9_000 },
      /No agent has sent anything for 9 s/,
    ],
    ['nearly all agents fell silent at once', { isDeaf: true }, /Nearly all agents fell silent at once/],
  ])('%s: nothing is known, and nothing is green', (_what, more, notice) => {
    expect(page(more)).toMatch(notice);
    expect(page(more)).toContain('Unknown: no data is received');
    expect(page(more)).toMatch(/<b>\?<\/b><span>Cảnh báo/);
    expect(page(more)).not.toMatch(/<b>100/);
    expectNothingGood(page(more));
  });

  it('some agents do not report: of them nothing is known', () => {
    const text = page({ agents: { ...none, live: 2, stopped: 1 }, agentsHeard: 2 });
    expect(text).toContain('No active alert of the agents that are live; 1 do not report.');
    expectNothingGood(text);
  });

  it.each([
    [{ isAgreed: false, isCertain: false, machineOffsetMs: 0 }, 'differs from those of most agents'],
    [{ isAgreed: false, isCertain: false, machineOffsetMs: 3_600_000 }, 'is 60 min ahead'],
    [{ isAgreed: false, isCertain: false, machineOffsetMs: -3_600_000 }, 'is 60 min behind'],
  ])('the clock is in doubt: the page says so', (clock, how) => {
    expect(page({ clock })).toContain(`The clock of central&#39;s machine ${how}`);
  });

  it('a unit shows its state by mark and class, with the number of each beside it, the gravest first', () => {
    const unit: UnitView = {
      code: '26734',
      name: 'Một',
      nameEn: 'One',
      kind: 'ward',
      longitude: 106.7,
      latitude: 10.8,
      areaKm2: 1,
      state: 'unknown',
      sinceMs: 0,
      reason: '',
      reasons: [],
      roots: [],
      sites: 1,
      siteStates: { up: 0, down: 0, unreachable: 0, unknown: 1 },
      agents: none,
      devices: { up: 0, down: 0, unreachable: 0, unknown: 0 },
      activeAlerts: 0,
    };
    const card = (more: Partial<UnitView>): string =>
      /<div class="unit .*?<\/div>/s.exec(page({ units: [{ ...unit, ...more }] }))?.[0] ?? '';
    expect(card({})).toMatch(/class="unit unknown".*<span>◇ 0<\/span>/);
    expect(card({ state: 'up', devices: { ...unit.devices, up: 5 } })).toMatch(/class="unit up".*<span>● 5</);
    expect(
      card({
        state: 'unreachable',
        activeAlerts: 4,
        devices: { up: 1, down: 0, unreachable: 3, unknown: 2 },
      }),
    ).toMatch(/class="unit unreachable".*<span>◧ 3 ◇ 2 ▲ 4</);
  });

  function expectNothingGood(text: string): void {
    expect(text).not.toMatch(/class="tile good"|class="calm"/);
  }
});
