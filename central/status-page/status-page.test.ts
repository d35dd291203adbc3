import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiHarness } from '../api/testing/api-harness.ts';
import { MAX_RANGES } from '../ledger/ledger-entry-state.ts';
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
  const page = await harness.call('GET', '/');
  expect(page.text).toContain(`<b>${(Math.floor(completeness * 100_000) / 1_000).toFixed(3)} %</b>`);
});

it('knows the parameter of its link only', async () => {
  expect(await harness.call('GET', '/?cod=x')).toMatchObject({
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
  completeness: { ratio: 1, implausible: [] },
  alertsTotal: 0,
  alerts: [],
  configsFailed: [],
  units: [],
};

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
    expect(page(more).match(/class="tile good"/g)).toHaveLength(1);
  });
});
