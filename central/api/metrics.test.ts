import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import type { CanaryStanding } from '../notify/canary/canary-deps.ts';
import { buildApi } from './app.ts';
import { ApiHarness } from './testing/api-harness.ts';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
let harness: ApiHarness;
let text: string;

beforeAll(async () => {
  harness = await ApiHarness.open();
  ({ text } = await harness.call('GET', '/metrics'));
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

interface Family {
  readonly type: string;
  readonly samples: Map<string, number>;
}

/** Text format 0.0.4: HELP, TYPE, then the samples of that family alone. */
function familiesOf(metrics: string): Map<string, Family> {
  const families = new Map<string, Family>();
  let helped: string | undefined;
  let current: (Family & { name: string }) | undefined;
  for (const line of metrics.split('\n').filter((each) => each !== '')) {
    const [, help] = /^# HELP (\S+) \S/.exec(line) ?? [];
    const [, named, type] = /^# TYPE (\S+) (counter|gauge|histogram)$/.exec(line) ?? [];
    const [, sample, labels = '', value] = /^(\w+)(\{[^}]*\})? (\S+)$/.exec(line) ?? [];
    if (help !== undefined) {
      expect(families.has(help), `${help} stands twice`).toBe(false);
      helped = help;
    } else if (named !== undefined && type !== undefined) {
      expect(named, 'TYPE follows its HELP').toBe(helped);
      current = { name: named, type, samples: new Map() };
      families.set(named, current);
    } else {
      expect(sample, line).toBeDefined();
      const suffixes = current?.type === 'histogram' ? ['_bucket', '_sum', '_count'] : [''];
      expect(
        suffixes.map((suffix) => `${current?.name ?? ''}${suffix}`),
        line,
      ).toContain(sample);
      current?.samples.set(`${sample ?? ''}${labels}`, Number(value));
      expect(value, line).not.toBe('NaN');
    }
  }
  return families;
}

describe('/metrics', () => {
  it('declares each family once, with its type and help before its samples, and ends with a line break', () => {
    const families = familiesOf(text);
    expect(families.size).toBeGreaterThan(20);
    for (const [name, { type }] of families) {
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
      expect(/_(bucket|sum|count)$/.test(name), name).toBe(false);
    }
    expect(text.endsWith('\n')).toBe(true);
  });

  it('has the latency of alerts as a histogram whose buckets add up', async () => {
    const latency = familiesOf(text).get('wardwatch_alert_latency_seconds');
    expect(latency?.type).toBe('histogram');
    const samples = [...(latency?.samples ?? [])];
    const counts = samples.filter(([name]) => name.includes('_bucket')).map(([, count]) => count);
    expect(counts).toEqual([...counts].sort((a, b) => a - b));
    const total = latency?.samples.get('wardwatch_alert_latency_seconds_count');
    expect(total).toBeGreaterThan(0);
    expect(latency?.samples.get('wardwatch_alert_latency_seconds_bucket{le="+Inf"}')).toBe(total);
    expect(latency?.samples.has('wardwatch_alert_latency_seconds_sum')).toBe(true);
  });

  it('has what the backlog found and what of it was left out', () => {
    const families = familiesOf(text);
    const found = [...families.keys()].filter((name) =>
      /_backlog_|late_rows|learned_late|corrected/.test(name),
    );
    expect(found.sort()).toEqual([
      'wardwatch_alerts_corrected_total',
      'wardwatch_alerts_learned_late_total',
      'wardwatch_backlog_agents',
      'wardwatch_backlog_entities',
      'wardwatch_backlog_judged_rows_total',
      'wardwatch_backlog_left_out_entities_total',
      'wardwatch_backlog_left_out_rows_total',
      'wardwatch_backlog_waiting_rows',
      'wardwatch_other_late_rows_total',
    ]);
  });

  it.skipIf(!hasPromtool)('passes promtool check metrics [needs promtool]', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], {
      input: text,
      encoding: 'utf8',
    });
    expect(`${stdout}${stderr}`).toBe('');
    expect(status).toBe(0);
  });
});

it('leaves out what is not known of the canary yet, rather than writing NaN', async () => {
  const hops = [
    { hop: 'mqtt' as const, latencyMs: 2 },
    { hop: 'rules' as const, brokenSinceMs: 1_000 },
  ];
  const read = async (standing: Partial<CanaryStanding>) => {
    const none = {
      ranAtMs: undefined,
      passedAtMs: undefined,
      latencyMs: undefined,
      hops: [],
      sinceStartMs: 0,
    };
    const canary = { stats: () => ({ ...none, ...standing }) };
    const app = await buildApi({ ...harness.parts, canary }, { log: silentLogger, pages: () => undefined });
    try {
      const headers = { authorization: `Bearer ${harness.tokens.viewer}` };
      return familiesOf((await app.inject({ url: '/metrics', headers })).body);
    } finally {
      await app.close();
    }
  };
  expect((await read({})).has('wardwatch_canary_passed_timestamp_seconds')).toBe(false);
  const found = await read({ passedAtMs: 5_000, hops });
  expect([...(found.get('wardwatch_canary_hop_latency_seconds')?.samples ?? [])]).toEqual([
    ['wardwatch_canary_hop_latency_seconds{hop="mqtt"}', 0.002],
  ]);
  expect(found.get('wardwatch_canary_passed_timestamp_seconds')?.samples.size).toBe(1);
});
