import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { UserError } from '../../../runtime/errors.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../rules/load-rules.ts';
import { isFedBySamples, readRuleTests } from './rule-test-file.ts';
import { runRuleTest, type RuleTestResult } from './run-rule-test.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const context = { catalogue: CATALOGUE, rules };
const MINUTE_MS = 60_000;

function memory(changes: Record<string, unknown>): Record<string, unknown> {
  return {
    name: 'memory',
    rules: ['memory_low'],
    series: [
      {
        measurement: 'mem',
        tags: { host: 'srv-1' },
        fields: { available_percent: ['40 x5', '8 x20', '40 x10'] },
      },
    ],
    alerts: [],
    ...changes,
  };
}

function run(test: Record<string, unknown>): RuleTestResult {
  const [read] = readRuleTests('t.yaml', { tests: [test] }, context);
  if (read === undefined) throw new Error('no test');
  return runRuleTest(read, context);
}

function problems(...tests: Record<string, unknown>[]): readonly string[] {
  try {
    readRuleTests('t.yaml', { tests }, context);
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
  return [];
}

const low = { rule: 'memory_low', entity: { host: 'srv-1' }, severity: 'minor', fires: '20m', ends: '30m' };
const nothing = { refusals: [], missing: [], unexpected: [] };

describe('a test of rules', () => {
  it('passes when the alerts come as they are expected, at the very second', () => {
    expect(run(memory({ alerts: [{ ...low, starts: '5m' }] }))).toMatchObject(nothing);
  });

  it('finds the same at the same second whatever other rules run, also of rules that take turns', () => {
    const pools = ['p1', 'p2'].map((pool) => ({
      measurement: 'capacity',
      tags: { site: 'dc', pool, resource: 'memory' },
      fields: { used: ['85 x90'], usable: ['100 x90'] },
    }));
    const firedAtMs = (others: readonly string[]): readonly number[] =>
      run({ name: 'pools', rules: [...others, 'pools_full'], series: pools, alerts: [] })
        .unexpected.filter(({ rule }) => rule === 'pools_full')
        .map((alert) => alert.firedAtMs);
    const alone = firedAtMs([]);
    expect(alone).toHaveLength(1);
    expect(firedAtMs(['coverage_dip', 'coverage_fallback'])).toEqual(alone);
  });

  it('fails with what was expected and what came', () => {
    const result = run(memory({ alerts: [{ ...low, fires: '19m' }] }));
    expect(result.missing).toMatchObject([{ rule: 'memory_low', fires: 19 * MINUTE_MS }]);
    expect(result.unexpected).toMatchObject([
      {
        rule: 'memory_low',
        severity: 'minor',
        startedAtMs: 5 * MINUTE_MS,
        firedAtMs: 20 * MINUTE_MS,
        endedAtMs: 30 * MINUTE_MS,
      },
    ]);
  });

  it('fails when an alert comes that nobody expected, and when one is still open that was to end', () => {
    expect(run(memory({})).unexpected).toHaveLength(1);
    const open = [{ measurement: 'mem', tags: { host: 'srv-1' }, fields: { available_percent: ['8 x30'] } }];
    expect(
      run(memory({ series: open, alerts: [{ ...low, fires: '15m', ends: '29m' }] })).missing,
    ).toHaveLength(1);
    expect(run(memory({ series: open, alerts: [{ ...low, fires: '15m', ends: undefined }] }))).toMatchObject(
      nothing,
    );
  });

  it('does not count a gap, as central would not', () => {
    const series = [
      {
        measurement: 'mem',
        tags: { host: 'srv-1' },
        fields: { available_percent: ['8 x10', 'none x10', '8 x10'] },
      },
    ];
    expect(run(memory({ series, alerts: [{ ...low, fires: '26m', ends: undefined }] }))).toMatchObject(
      nothing,
    );
  });

  it('of rules over the health of central itself sends as central', () => {
    const series = [{ measurement: 'pipeline', agent: 'central', fields: { rule_problems: [0, 3, 0] } }];
    const entity = { agent: 'central' };
    const alerts = [{ rule: 'central_rules_refused', entity, severity: 'minor', fires: '10s', ends: '20s' }];
    expect(
      run({ name: 'own', rules: ['central_rules_refused'], every: '10s', series, alerts }),
    ).toMatchObject(nothing);
  });

  it('names samples that central would refuse, and compares nothing then', () => {
    const series = [{ measurement: 'mem', tags: { rack: 'r' }, fields: { available_percent: [140] } }];
    const result = run(memory({ series }));
    expect(result.refusals).toEqual([expect.stringMatching(/^mem: .*rack/)]);
    const outside = [{ measurement: 'mem', tags: { host: 'h' }, fields: { available_percent: [140] } }];
    expect(run(memory({ series: outside })).refusals).toEqual([
      expect.stringMatching(/^mem: available_percent is 140, expected 0 to 100 %/),
    ]);
  });
});

it('what samples show can be tested: all that judges reports, and absence', () => {
  const kindsOf = (wanted: boolean): string[] =>
    [
      ...new Set(rules.filter((rule) => isFedBySamples(rule) === wanted).map((rule) => rule.settings.kind)),
    ].sort();
  expect(kindsOf(true)).toEqual(expect.arrayContaining(['absence', 'threshold']));
  expect(kindsOf(false)).toEqual(expect.arrayContaining(['agent_problem', 'clock_skew', 'state']));
  expect(kindsOf(true).filter((kind) => kindsOf(false).includes(kind))).toEqual([]);
});

describe('a file of tests that is wrong', () => {
  it('is refused with every problem, each with its place, what was expected, and the value', () => {
    const series = [
      { measurement: 'memory', fields: { available_percent: [1] } },
      { measurement: 'mem', tags: { host: 'h' }, fields: { available_percent: ['8 x3', 'eight'], fre: [1] } },
      { measurement: 'mem', tags: { host: 'h' }, fields: { available_percent: ['8 x3'], used_percent: [1] } },
    ];
    expect(
      problems(
        memory({ rules: ['memory_lo'], alerts: [{ ...low, rule: 'disk_full' }] }),
        memory({ series }),
        memory({ rules: ['agent_twins'], alerts: [{ ...low, rule: 'agent_twins' }] }),
        memory({ until: '99d' }),
      ),
    ).toEqual([
      't.yaml: tests[0].rules[0]: there is no such rule, got "memory_lo"',
      't.yaml: tests[0].alerts[0].rule: not among the rules that run in this test, got "disk_full"',
      't.yaml: tests[1].series[0].measurement: not in the catalogue, got "memory"',
      expect.stringMatching(
        /^t\.yaml: tests\[1\]\.series\[1\]\.fields\.available_percent: expected a number/,
      ),
      't.yaml: tests[1].series[1].fields.fre: not a field of mem',
      't.yaml: tests[1].series[2].fields: expected as many values of each field, got available_percent 3, used_percent 1',
      't.yaml: tests[2].rules[0]: kind agent_problem judges what central finds out by itself or over months, which the samples of a test cannot show, got "agent_twins"',
      't.yaml: tests[2].alerts[0].rule: kind agent_problem judges what central finds out by itself or over months, which the samples of a test cannot show, got "agent_twins"',
      't.yaml: tests[3]: at most 31 d of virtual time, got 99',
    ]);
  });

  it.each(['site_cut', 'service_target_missed', 'pool_days_to_full'])(
    'names %s, of which nothing would be judged, also where no alert is expected',
    (id) => {
      expect(problems(memory({ rules: ['memory_low', id] }))).toEqual([
        expect.stringMatching(new RegExp(`rules\\[1\\]: kind .* cannot show, got "${id}"$`)),
      ]);
    },
  );

  it.each([
    [{ tests: [] }, /tests/],
    [{ test: [] }, /tests/],
    [null, /expected object/],
    [{ tests: [memory({ every: '500ms' })] }, /every: expected a duration/],
    [{ tests: [memory({ series: [{ measurement: 'mem', agent: 'Gw 1', fields: {} }] })] }, /agent: expected/],
    [{ tests: [memory({ alerts: [{ ...low, severity: 'grave' }] })] }, /severity: .*got "grave"/],
  ])('like %j', (content, problem) => {
    expect(() => readRuleTests('t.yaml', content, context)).toThrow(problem);
  });
});
