import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SampleRow, SampleTable } from '../../../samples/sample-table.ts';
import { batchOf, liveContext, ruleFile, ruleOf } from '../../testing/batches-and-rules.ts';
import { EngineHarness, S, START } from '../../testing/engine-harness.ts';
import { limitMeanings } from '../level-meaning.ts';
import { compileLimits, limitLevelsSchema, limitTexts } from '../limit-levels.ts';
import { commonSettings, nameSchema } from '../rule-settings.ts';
import { ruleKinds } from './index.ts';
import type { RuleKind, TickFinding } from './rule-kind.ts';

const gapSettings = z.strictObject({
  ...commonSettings,
  kind: z.literal('test_gap'),
  measurement: nameSchema,
  upper: nameSchema,
  lower: nameSchema,
  levels: limitLevelsSchema,
});

/** Two fields of a row: how far one is above the other. */
const gapKind: RuleKind<z.infer<typeof gapSettings>> = {
  kind: 'test_gap',
  settingsSchema: gapSettings,
  checkSettings: ({ measurement, upper, lower }, catalogue) =>
    [upper, lower]
      .filter((field) => catalogue.get(measurement)?.fields[field] === undefined)
      .map((field) => `not a field of ${measurement}, got "${field}"`),
  createEvaluator: ({ measurement, upper, lower, levels }) => {
    const limits = compileLimits('above', levels);
    return {
      reads: 'rows',
      measurement,
      where: {},
      across: 'newest',
      entityTags: ['host'],
      intervalMs: 60_000,
      isState: false,
      valueUnit: '%',
      subject: `${measurement}.${upper} - ${lower}`,
      conditionText: `${upper} above ${lower} by`,
      levelTexts: limitTexts(levels),
      levelMeanings: limitMeanings('above', levels, { unit: '%' }),
      planColumns: ({ fields }: SampleTable) => {
        const [upperAt, lowerAt] = [fields.indexOf(upper), fields.indexOf(lower)];
        if (upperAt < 0 || lowerAt < 0) return undefined;
        return {
          readValue: ({ values }: SampleRow) => {
            const [high, low] = [values[upperAt], values[lowerAt]];
            return high === undefined || low === undefined ? undefined : Number(high) - Number(low);
          },
          isBreach: (value) => limits.isBreach(value),
          evaluate: (value) => limits.evaluate(value),
        };
      },
    };
  },
};

const alwaysSettings = z.strictObject({
  ...commonSettings,
  kind: z.literal('test_always'),
  levels: limitLevelsSchema,
});

/** Evidence that is read at each tick: here none. */
const alwaysKind: RuleKind<z.infer<typeof alwaysSettings>> = {
  kind: 'test_always',
  settingsSchema: alwaysSettings,
  createEvaluator: () => ({
    reads: 'evidence',
    overHistory: { en: 'nothing is stored', vi: 'không lưu gì' },
    entityTags: ['line'],
    intervalMs: 1_000,
    isState: false,
    valueUnit: '',
    subject: 'always',
    conditionText: 'always',
    levelTexts: [''],
    levelMeanings: [{ begins: { en: 'always', vi: 'luôn luôn' } }],
    evaluateAt: (nowMs): TickFinding[] => {
      if (nowMs === START + 2 * S) throw new Error('a fault in a kind');
      return ['main', 'spare'].map((line) => ({
        entity: { line },
        agent: 'central',
        location: { unit: '26734' },
        value: 'open',
        evaluations: ['breach'],
        sinceMs: START,
        mayStart: line === 'main',
      }));
    },
  }),
};

const kinds = [...ruleKinds, gapKind, alwaysKind];

function ruleOfKind(kind: string, settings: Record<string, unknown>) {
  const { name, action, eventType, probableCause, levels } = ruleFile();
  const common = { name, action, eventType, probableCause, levels, for: '0s', clearFor: '0s' };
  return ruleOf(`a_${kind}`, { ...common, kind, ...settings }, kinds);
}

let harness: EngineHarness;
beforeEach(() => {
  harness = new EngineHarness();
});
afterEach(() => harness.end());

describe('a kind that is added to the list', () => {
  const levels = [{ severity: 'minor', raise: 20, clear: 10 }];
  const settings = { measurement: 'cpu', upper: 'usage_active', lower: 'usage_steal', levels };

  it('may read two fields of a row', () => {
    const engine = harness.start([ruleOfKind('test_gap', settings)]);
    const feedBoth = (atS: number, active: number | undefined, steal: number | undefined): void => {
      const timeMs = START + atS * S;
      const rows = [{ tags: ['h'], timeMs, values: [steal, active] }];
      const fields = ['usage_steal', 'usage_active'];
      engine.observe(batchOf({ fields, rows, seq: atS + 1 }), liveContext(timeMs));
    };
    feedBoth(0, 50, 40);
    feedBoth(10, 50, undefined);
    expect(engine.active()).toEqual([]);
    feedBoth(20, 50, 25);
    expect(engine.active()).toMatchObject([
      { rule: 'a_test_gap', value: 25, valueText: '25 %', severity: 'minor' },
    ]);
    feedBoth(30, 50, undefined);
    feedBoth(40, 50, 35);
    expect(engine.active()).toHaveLength(1);
    feedBoth(50, 50, 40);
    expect(harness.events()).toEqual(['20 fired', '50 resolved']);
  });

  it('checks its settings itself', () => {
    expect(() => ruleOfKind('test_gap', { ...settings, lower: 'usage_idle' })).toThrow(
      'a_test_gap: not a field of cpu, got "usage_idle"',
    );
    expect(() => ruleOfKind('test_gap', { ...settings, entity: ['host'] })).toThrow(
      'a_test_gap: entity: unknown setting',
    );
  });

  it('may read other evidence at each tick; a failure of it is counted and stops no other rule', () => {
    const other = ruleOf('cpu_busy', ruleFile({ for: '0s' }));
    const engine = harness.start([ruleOfKind('test_always', {}), other]);
    engine.tick(START + S);
    expect(engine.active()).toMatchObject([{ entity: { line: 'main' }, unit: '26734', value: 'open' }]);
    engine.tick(START + 2 * S);
    engine.observe(
      batchOf({ rows: [{ tags: ['h'], timeMs: START, values: [95] }] }),
      liveContext(START + 2 * S),
    );
    expect(engine.active()).toHaveLength(2);
    expect(engine.stats().failedEvaluations).toBe(1);
  });

  it('continues its alerts after a restart of central, by its own entity tags', () => {
    harness.start([ruleOfKind('test_always', {})]).tick(START + S);
    const again = harness.restart([ruleOfKind('test_always', {})]);
    again.tick(START + 3 * S);
    expect(again.active()).toHaveLength(1);
    expect(harness.events()).toEqual(['1 fired']);
  });
});

it('no two kinds share a name, former names included', () => {
  const names = ruleKinds.flatMap(({ kind, aliases = [] }) => [kind, ...aliases]);
  expect(names).toEqual([...new Set(names)]);
});
