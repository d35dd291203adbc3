import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import { AGENT_ID_PATTERN, CENTRAL_AGENT } from '../../../contract/topics.ts';
import { checkConfig } from '../../../runtime/config.ts';
import { durationSchema } from '../../../runtime/duration.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { judgesReports } from '../engine/rule-runtime.ts';
import type { AlertRule } from '../rules/rule.ts';
import { nameSchema } from '../rules/rule-settings.ts';
import { SEVERITIES } from '../rules/severity.ts';
import { readValues, type TestValue } from './test-values.ts';

const DAY_MS = 86_400_000;
const MAX_TEST_MS = 31 * DAY_MS;
const idSchema = z.string().min(1).max(64);
const stepSchema = durationSchema.refine((ms) => ms >= 1_000, 'expected at least 1s');
const tagsSchema = z.record(nameSchema, z.string().min(1).max(256));

const seriesSchema = z.strictObject({
  measurement: nameSchema,
  tags: tagsSchema.default({}),
  /** Who sends it; `central` for measurement `pipeline`. */
  agent: z
    .string()
    .refine((agent) => agent === CENTRAL_AGENT || AGENT_ID_PATTERN.test(agent), 'expected the id of an agent')
    .default('agent-1'),
  /** Time of the first sample. */
  from: durationSchema.default(0),
  /** Of each field, value after value. */
  fields: z.record(
    nameSchema,
    z
      .array(z.union([z.number(), z.boolean(), z.string().max(256)]))
      .min(1)
      .max(10_000),
  ),
});

const alertSchema = z.strictObject({
  rule: idSchema,
  entity: tagsSchema,
  /** The gravest that it had. */
  severity: z.enum(SEVERITIES),
  /** That it had at last; not compared where it is left out. */
  lastSeverity: z.enum(SEVERITIES).optional(),
  /** When the breach began; not compared where it is left out. */
  starts: durationSchema.optional(),
  fires: durationSchema,
  /** Left out: it is open at the end. */
  ends: durationSchema.optional(),
});

const testSchema = z.strictObject({
  name: z.string().min(1).max(200),
  /** Only these run; all without it. */
  rules: z.array(idSchema).min(1).max(100).optional(),
  /** Time between two samples of a series. */
  every: stepSchema.default(60_000),
  /** The test goes on until then, also without samples. */
  until: durationSchema.optional(),
  series: z.array(seriesSchema).min(1).max(200),
  /** All of them; empty: none is to fire. */
  alerts: z.array(alertSchema).max(1_000),
});

/** Samples over time, and the alerts that are to come of them. Times are since the first sample. */
export const ruleTestFileSchema = z.strictObject({ tests: z.array(testSchema).min(1).max(500) });

export type ExpectedAlert = z.infer<typeof alertSchema>;

export interface TestSeries extends Omit<z.infer<typeof seriesSchema>, 'fields'> {
  /** As long as each other. */
  readonly fields: Readonly<Record<string, readonly TestValue[]>>;
}

export interface RuleTest extends Omit<z.infer<typeof testSchema>, 'series'> {
  readonly series: readonly TestSeries[];
  readonly untilMs: number;
}

/** Throws a UserError (exit 2) with every problem, as `source: path: what was expected, got value`. */
export function readRuleTests(
  source: string,
  content: unknown,
  { catalogue, rules }: { readonly catalogue: Catalogue; readonly rules: readonly AlertRule[] },
): readonly RuleTest[] {
  const { tests } = checkConfig(source, content, ruleTestFileSchema);
  const problems: string[] = [];
  const read = tests.map(({ series, ...test }, at): RuleTest => {
    const path = `${source}: tests[${at}]`;
    problems.push(...ruleProblems(test, rules).map((problem) => `${path}.${problem}`));
    const values = series.map((one, index) => {
      const found = readSeries(one, catalogue);
      problems.push(...found.problems.map((problem) => `${path}.series[${index}].${problem}`));
      return found.series;
    });
    const lastMs = Math.max(...values.map((one) => one.from + (lengthOf(one) - 1) * test.every));
    const untilMs = Math.max(test.until ?? 0, lastMs);
    if (untilMs > MAX_TEST_MS)
      problems.push(`${path}: at most 31 d of virtual time, got ${untilMs / DAY_MS}`);
    return { ...test, series: values, untilMs };
  });
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return read;
}

function ruleProblems(
  { rules: wanted, alerts }: Pick<z.infer<typeof testSchema>, 'rules' | 'alerts'>,
  rules: readonly AlertRule[],
): string[] {
  const known = new Map(rules.map((rule) => [rule.id, rule]));
  const named = (wanted ?? []).map((id, at) => ({ path: `rules[${at}]`, id }));
  const expected = alerts.map(({ rule: id }, at) => ({ path: `alerts[${at}].rule`, id }));
  const missing = [...named, ...expected]
    .filter(({ id }) => !known.has(id))
    .map(({ path, id }) => `${path}: there is no such rule, got "${id}"`);
  const notRun = expected
    .filter(({ id }) => wanted !== undefined && known.has(id) && !wanted.includes(id))
    .map(({ path, id }) => `${path}: not among the rules that run in this test, got "${id}"`);
  const unfed = [...named, ...expected].flatMap(({ path, id }) => {
    const rule = known.get(id);
    return rule === undefined || isFedBySamples(rule)
      ? []
      : [
          `${path}: kind ${rule.settings.kind} judges what central finds out by itself or over months, which the samples of a test cannot show, got "${id}"`,
        ];
  });
  return [...missing, ...notRun, ...unfed];
}

/** `absence` reads when agents were heard, which samples do show; the samples of `forecast` are those of months, in the store. */
export function isFedBySamples({ evaluator, settings: { kind } }: AlertRule): boolean {
  return kind !== 'forecast' && (judgesReports(evaluator) || kind === 'absence');
}

function readSeries(
  { fields, ...series }: z.infer<typeof seriesSchema>,
  catalogue: Catalogue,
): { readonly series: TestSeries; readonly problems: readonly string[] } {
  const measurement = catalogue.get(series.measurement);
  if (measurement === undefined) {
    const problem = `measurement: not in the catalogue, got "${series.measurement}"`;
    return { series: { ...series, fields: {} }, problems: [problem] };
  }
  const problems: string[] = [];
  const values: Record<string, readonly TestValue[]> = {};
  for (const [name, written] of Object.entries(fields)) {
    const field = measurement.fields[name];
    const read = field === undefined ? `not a field of ${measurement.name}` : readValues(written, field);
    if (typeof read === 'string') problems.push(`fields.${name}: ${read}`);
    else values[name] = read;
  }
  const lengths = Object.entries(values).map(([name, { length }]) => `${name} ${length}`);
  if (new Set(Object.values(values).map(({ length }) => length)).size > 1)
    problems.push(`fields: expected as many values of each field, got ${lengths.join(', ')}`);
  return { series: { ...series, fields: values }, problems };
}

export function lengthOf({ fields }: TestSeries): number {
  return Object.values(fields)[0]?.length ?? 0;
}
