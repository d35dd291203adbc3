import { z } from 'zod';
import { durationSchema } from '../../../runtime/duration.ts';
import { SEVERITIES, severityRank } from './severity.ts';
import { EVENT_TYPES, PROBABLE_CAUSES } from './x733.ts';

const name = z.string().regex(/^[A-Za-z]\w{0,63}$/, 'expected a name of letters, digits and _');
const text = z.strictObject({ en: z.string().min(1).max(1_000), vi: z.string().min(1).max(1_000) });
const severity = z.enum(SEVERITIES);
const scalar = z.union(
  [z.number(), z.boolean(), z.string().max(256)],
  'expected a number, text or true/false',
);

/** One value or a list of them; always a list afterwards. */
function oneOrMore<T extends z.ZodType>(value: T) {
  return z.union([value.transform((one) => [one]), z.array(value).min(1).max(64)]);
}

const common = {
  name: text,
  /** What the operator does about it: the runbook in a few sentences. */
  action: text,
  eventType: z.enum(EVENT_TYPES),
  probableCause: z.enum(PROBABLE_CAUSES),
  /** How long a breach lasts before the alert fires. */
  for: durationSchema,
  /** How long it is clear before the alert resolves. */
  clearFor: durationSchema,
};

const source = {
  kind: z.literal('threshold'),
  measurement: name,
  field: name,
  /** The tags that tell one alert from another; with the rule's id they are its identity. */
  entity: z.array(name).min(1).max(8),
  /** Only rows with one of these values in each of these tags. */
  where: z.record(name, oneOrMore(z.string().max(256))).default({}),
  /** Rows whose other fields do not have one of these values count as clear: a port that is shut on purpose is no fault. */
  when: z.record(name, oneOrMore(scalar)).default({}),
  /** Usual time between samples; a gap longer than three of them does not count toward `for` and `clearFor`. */
  interval: durationSchema.refine((ms) => ms > 0, 'expected more than 0s').default(60_000),
};

const limitLevel = z.strictObject({
  severity,
  raise: z.number(),
  clear: z.number(),
  for: durationSchema.optional(),
});

function limitRule<Op extends 'above' | 'below'>(op: Op) {
  return z
    .strictObject({
      ...common,
      ...source,
      op: z.literal(op),
      /** The field is divided by this one of the same row, such as load1 by n_cpus. */
      divideBy: name.optional(),
      levels: z.array(limitLevel).min(1).max(4),
    })
    .superRefine((rule, context) => checkLimits(op, rule.levels, context));
}

const equalsRule = z
  .strictObject({
    ...common,
    ...source,
    op: z.literal('equals'),
    levels: z
      .array(z.strictObject({ severity, values: oneOrMore(scalar), for: durationSchema.optional() }))
      .min(1)
      .max(4),
  })
  .superRefine((rule, context) => checkSeverities(rule.levels, context));

/** An agent that was known is heard of no more. Limits are in the agent's own intervals between batches. */
const silenceRule = z
  .strictObject({
    ...common,
    kind: z.literal('silence'),
    levels: z.array(limitLevel).min(1).max(4),
  })
  .superRefine((rule, context) => checkLimits('above', rule.levels, context));

/** A rule file, `rules/<id>.yaml`. Durations are milliseconds once it is read. */
export const ruleSchema = z.discriminatedUnion('kind', [
  z.discriminatedUnion('op', [limitRule('above'), limitRule('below'), equalsRule]),
  silenceRule,
]);

export type RuleFile = z.infer<typeof ruleSchema>;
export type ThresholdFile = Extract<RuleFile, { kind: 'threshold' }>;
export type SilenceFile = Extract<RuleFile, { kind: 'silence' }>;

type LimitLevel = z.infer<typeof limitLevel>;
type Context = z.RefinementCtx;

function checkLimits(op: 'above' | 'below', levels: readonly LimitLevel[], context: Context): void {
  const worse = (a: number, b: number): boolean => (op === 'above' ? a > b : a < b);
  levels.forEach((level, at) => {
    if (worse(level.clear, level.raise)) {
      const side = op === 'above' ? 'most' : 'least';
      report(
        context,
        ['levels', at, 'clear'],
        `expected at ${side} the raise level ${level.raise}`,
        level.clear,
      );
    }
    const milder = levels[at - 1];
    if (milder !== undefined && !worse(level.raise, milder.raise)) {
      report(
        context,
        ['levels', at, 'raise'],
        `expected a worse level than the one before (${milder.raise})`,
        level.raise,
      );
    }
  });
  checkSeverities(levels, context);
}

function checkSeverities(levels: readonly Pick<LimitLevel, 'severity'>[], context: Context): void {
  levels.forEach((level, at) => {
    const milder = levels[at - 1];
    if (milder === undefined || severityRank(level.severity) > severityRank(milder.severity)) return;
    report(
      context,
      ['levels', at, 'severity'],
      `expected graver than the level before (${milder.severity})`,
      level.severity,
    );
  });
}

function report(context: Context, path: (string | number)[], message: string, input: unknown): void {
  context.addIssue({ code: 'custom', path, message, input });
}
