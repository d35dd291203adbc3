import { describe, expect, it } from 'vitest';
import type { FieldDefinition, MeasurementDefinition } from '../../../contract/catalogue.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { CENTRAL_AGENT } from '../../../contract/topics.ts';
import type { RuleTest } from '../replay/rule-test-file.ts';
import { runRuleTest } from '../replay/run-rule-test.ts';
import type { ThresholdSettings } from './kinds/threshold.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './load-rules.ts';

const DIVISOR = 100;

type Value = number | boolean | string;

interface Shipped {
  readonly id: string;
  readonly settings: ThresholdSettings;
  readonly measurement: MeasurementDefinition;
}

/** All but that of the canary, whose samples central alone makes: canary.test.ts. */
const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const thresholds = shipped.flatMap(({ id, settings }): Shipped[] => {
  if (settings.kind !== 'threshold') return [];
  // The kind says which settings these are.
  const own = settings as ThresholdSettings;
  const measurement = CATALOGUE.get(own.measurement);
  return measurement === undefined || measurement.origin === 'canary'
    ? []
    : [{ id, settings: own, measurement }];
});

describe.each(thresholds)('shipped rule $id', (rule) => {
  it('fires once while its value is bad, and ends when it is good again', () => {
    const { refusals, unexpected } = run(rule, ['good', 'bad', 'good']);
    expect(refusals).toEqual([]);
    expect(unexpected.map((alert) => alert.rule)).toEqual([rule.id]);
    expect(unexpected[0]?.endedAtMs).toBeGreaterThan(unexpected[0]?.firedAtMs ?? Infinity);
  });

  it('stays quiet while its value is good', () => {
    expect(run(rule, ['good', 'good'])).toMatchObject({ refusals: [], unexpected: [] });
  });
});

type Course = readonly ('good' | 'bad')[];

function run({ id, settings, measurement }: Shipped, course: Course) {
  const every = settings.interval;
  const longestMs = Math.max(
    settings.clearFor,
    settings.for,
    ...settings.levels.map((level) => level.for ?? 0),
  );
  const samples = Math.ceil(longestMs / every) + 4;
  const value = { good: goodValue(settings, measurement), bad: badValue(settings, measurement) };
  const values = course.flatMap((part) => new Array<Value>(samples).fill(value[part]));
  const conditions = Object.entries({ ...settings.when, ...settings.beginsWhen });
  const constant = (one: Value): Value[] => values.map(() => one);
  const divideBy = settings.op === 'equals' ? undefined : settings.divideBy;
  const test: RuleTest = {
    ...{ name: id, rules: [id], every, untilMs: (values.length + 2) * every, alerts: [] },
    series: [
      {
        measurement: settings.measurement,
        agent: measurement.origin === 'central' ? CENTRAL_AGENT : 'agent-1',
        ...{ from: 0, tags: tagsOf(settings, measurement) },
        fields: {
          [settings.field]: values,
          ...(divideBy !== undefined && { [divideBy]: constant(DIVISOR) }),
          ...Object.fromEntries(conditions.map(([field, [one]]) => [field, constant(one ?? true)])),
        },
      },
    ],
  };
  return runRuleTest(test, { catalogue: CATALOGUE, rules: shipped });
}

/** Central itself says which agent it is. */
function tagsOf(
  settings: ThresholdSettings,
  { requiredTags }: MeasurementDefinition,
): Record<string, string> {
  const names = [...new Set([...requiredTags, ...settings.entity])].filter((name) => name !== 'agent');
  return {
    ...Object.fromEntries(names.map((name) => [name, `${name}-1`])),
    ...Object.fromEntries(Object.entries(settings.where).map(([name, [value]]) => [name, value ?? ''])),
  };
}

function badValue(settings: ThresholdSettings, measurement: MeasurementDefinition): Value {
  if (settings.op === 'equals') return settings.levels[0]?.values[0] ?? true;
  const raise = (settings.levels[0]?.raise ?? 0) * (settings.divideBy === undefined ? 1 : DIVISOR);
  return beyond(raise, settings.op, fieldOf(settings, measurement));
}

function goodValue(settings: ThresholdSettings, measurement: MeasurementDefinition): Value {
  if (settings.op === 'equals') {
    const bad = settings.levels.flatMap(({ values }) => values);
    const { type, min = 0 } = fieldOf(settings, measurement);
    const candidates =
      type === 'bool' ? [true, false] : type === 'string' ? ['none'] : [min, min + 1, min + 2];
    return candidates.find((one) => !bad.includes(one)) ?? false;
  }
  const clear = Math.min(...settings.levels.map((level) => level.clear));
  const limit = settings.op === 'above' ? clear : Math.max(...settings.levels.map((level) => level.clear));
  return beyond(
    limit * (settings.divideBy === undefined ? 1 : DIVISOR),
    settings.op === 'above' ? 'below' : 'above',
    fieldOf(settings, measurement),
  );
}

function fieldOf(settings: ThresholdSettings, measurement: MeasurementDefinition): FieldDefinition {
  const field = measurement.fields[settings.field];
  if (field === undefined) throw new Error(`the catalogue has no field ${settings.field}`);
  return field;
}

/** Half way to the end of the field's range, or a little further; the limit itself where the range ends there. */
function beyond(limit: number, op: 'above' | 'below', { type, min, max }: FieldDefinition): number {
  const far =
    op === 'above'
      ? max === undefined
        ? limit + 1 + Math.abs(limit) / 10
        : (limit + max) / 2
      : min === undefined
        ? limit - 1 - Math.abs(limit) / 10
        : (limit + min) / 2;
  return type === 'int' ? (op === 'above' ? Math.ceil(far) : Math.floor(far)) : far;
}
