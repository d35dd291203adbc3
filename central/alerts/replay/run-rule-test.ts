import type { Batch, Table } from '../../../contract/batch.ts';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { FieldValue, Sample } from '../../../contract/sample.ts';
import { toTables } from '../../../contract/tables.ts';
import { createValidator } from '../../ingest/validate/validator.ts';
import type { AlertRule } from '../rules/rule.ts';
import { Replay, type ReplayedAlert } from './replay.ts';
import { lengthOf, type ExpectedAlert, type RuleTest, type TestSeries } from './rule-test-file.ts';

export interface RuleTestResult {
  readonly name: string;
  /** Samples that central would refuse: then nothing is compared. */
  readonly refusals: readonly string[];
  /** Expected, and did not come like this. */
  readonly missing: readonly ExpectedAlert[];
  /** Came, and were not expected like this; times since the first sample. */
  readonly unexpected: readonly ReplayedAlert[];
}

/** A Monday, midnight in UTC. Tests are about times since it. */
const START_MS = Date.UTC(2026, 0, 5);
const EPOCH = 'ruletest';
const MAX_ALERTS = 10_000;
const MAX_REFUSALS = 20;

/** Samples pass central's validation, and then its engine, second by second of virtual time. */
export function runRuleTest(
  test: RuleTest,
  { catalogue, rules }: { readonly catalogue: Catalogue; readonly rules: readonly AlertRule[] },
): RuleTestResult {
  const { name } = test;
  const running = test.rules === undefined ? rules : rules.filter(({ id }) => test.rules?.includes(id));
  const replay = new Replay({ rules: running, startMs: START_MS, tickMs: 1_000, maxAlerts: MAX_ALERTS });
  try {
    const refusals = feed(test, catalogue, replay);
    if (refusals.length > 0) return { name, refusals, missing: [], unexpected: [] };
    const found = replay.alerts.map(sinceStart);
    const missing = test.alerts.filter((expected) => !found.some((alert) => isLike(expected, alert)));
    const unexpected = found.filter((alert) => !test.alerts.some((expected) => isLike(expected, alert)));
    return { name, refusals: [], missing, unexpected };
  } finally {
    replay.close();
  }
}

/** What central refused. */
function feed(test: RuleTest, catalogue: Catalogue, replay: Replay): readonly string[] {
  const validator = createValidator(catalogue);
  for (const agent of new Set(test.series.map((series) => series.agent))) replay.connect(agent, test.every);
  const refusals = new Set<string>();
  let seq = 0;
  for (const { timeMs, agent, samples } of arrivals(test)) {
    replay.advanceTo(timeMs);
    const tables = toTables(samples, timeMs);
    if (tables === undefined) {
      refusals.add('the samples of one time and agent do not fit one batch');
      break;
    }
    const header = { v: 1, epoch: EPOCH, seq: ++seq, lowest: 1, sentAtMs: timeMs, backfill: false } as const;
    const checked = validator.validate(agent, { ...header, baseMs: timeMs, tables: asSent(tables) }, timeMs);
    for (const { measurement, reason } of checked.refusals) refusals.add(`${measurement}: ${reason}`);
    if (refusals.size >= MAX_REFUSALS) break;
    replay.observe({ agent, epoch: EPOCH, seq, tables: checked.tables });
  }
  replay.advanceTo(START_MS + test.untilMs);
  return [...refusals];
}

function asSent(tables: readonly Table[]): Batch['tables'] {
  return tables.map(({ measurement, tags, fields, rows }) => ({
    measurement,
    tags: [...tags],
    fields: [...fields],
    rows: [...rows],
  }));
}

interface Arrival {
  readonly timeMs: number;
  readonly agent: string;
  readonly samples: Sample[];
}

/** The samples of one agent and time together, in the order of time. */
function arrivals({ series, every }: RuleTest): readonly Arrival[] {
  const found = new Map<string, Arrival>();
  for (const one of series) {
    for (let at = 0; at < lengthOf(one); at++) {
      const timeMs = START_MS + one.from + at * every;
      const sample = sampleAt(one, at, timeMs);
      if (sample === undefined) continue;
      const key = `${timeMs} ${one.agent}`;
      const known = found.get(key);
      if (known === undefined) found.set(key, { timeMs, agent: one.agent, samples: [sample] });
      else known.samples.push(sample);
    }
  }
  return [...found.values()].sort((a, b) => a.timeMs - b.timeMs);
}

/** Undefined: none of its fields has a value then. */
function sampleAt({ measurement, tags, fields }: TestSeries, at: number, timeMs: number): Sample | undefined {
  const present = Object.entries(fields).flatMap(([name, values]): (readonly [string, FieldValue])[] => {
    const value = values[at];
    return value === undefined ? [] : [[name, value]];
  });
  return present.length === 0
    ? undefined
    : { measurement, tags, fields: Object.fromEntries(present), timeMs };
}

function sinceStart(alert: ReplayedAlert): ReplayedAlert {
  const { startedAtMs, firedAtMs, endedAtMs } = alert;
  return {
    ...alert,
    startedAtMs: startedAtMs - START_MS,
    firedAtMs: firedAtMs - START_MS,
    ...(endedAtMs !== undefined && { endedAtMs: endedAtMs - START_MS }),
  };
}

function isLike(expected: ExpectedAlert, alert: ReplayedAlert): boolean {
  return (
    expected.rule === alert.rule &&
    isSameEntity(expected.entity, alert.entity) &&
    expected.severity === alert.severity &&
    (expected.lastSeverity === undefined || expected.lastSeverity === alert.lastSeverity) &&
    (expected.starts === undefined || expected.starts === alert.startedAtMs) &&
    expected.fires === alert.firedAtMs &&
    expected.ends === alert.endedAtMs
  );
}

function isSameEntity(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
