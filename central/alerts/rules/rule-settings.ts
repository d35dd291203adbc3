import { z } from 'zod';
import { durationSchema } from '../../../runtime/duration.ts';
import { SEVERITIES, severityRank, type Severity } from './severity.ts';
import { EVENT_TYPES, PROBABLE_CAUSES } from './x733.ts';

/** Name of a measurement, a field or a tag. */
export const nameSchema = z.string().regex(/^[A-Za-z]\w{0,63}$/, 'expected a name of letters, digits and _');
export const severitySchema = z.enum(SEVERITIES);
export const scalarSchema = z.union(
  [z.number(), z.boolean(), z.string().max(256)],
  'expected a number, text or true/false',
);
const textSchema = z.strictObject({ en: z.string().min(1).max(1_000), vi: z.string().min(1).max(1_000) });

/** One value or a list of them; always a list afterwards. */
export function oneOrMore<T extends z.ZodType>(value: T) {
  return z.union([value.transform((one) => [one]), z.array(value).min(1).max(64)]);
}

/** Settings of every rule, whatever its kind. Durations are milliseconds once the file is read. */
export const commonSettings = {
  name: textSchema,
  /** The runbook in a few sentences. */
  action: textSchema,
  /** Who looks after the rule: a team or a person. */
  owner: z.string().min(1).max(100).optional(),
  eventType: z.enum(EVENT_TYPES),
  probableCause: z.enum(PROBABLE_CAUSES),
  /** How long a breach lasts before the alert fires. */
  for: durationSchema,
  /** How long it is clear before the alert resolves. */
  clearFor: durationSchema,
};

/** Settings of the kinds that read rows of one measurement. */
export const rowSettings = {
  measurement: nameSchema,
  /** Tags that identify an alert, together with the rule's id: one alert for each of their values. */
  entity: z.array(nameSchema).min(1).max(8),
  /**
   * What counts where `entity` leaves out tags by which series differ. `any`: one series in breach is enough, and all have to be clear.
   * `newest`: the newest sample, for tags that only describe and of which a sample has one value at a time.
   */
  across: z.enum(['any', 'newest']).optional(),
  /** Only rows with one of these values in each of these tags. */
  where: z.record(nameSchema, oneOrMore(z.string().max(256))).default({}),
  /** Usual time between samples; a gap longer than three of them does not count toward `for` and `clearFor`. */
  interval: durationSchema.refine((ms) => ms > 0, 'expected more than 0s').default(60_000),
};

/** What the engine reads of every rule's settings. */
export interface RuleSettings extends z.infer<z.ZodObject<typeof commonSettings>> {
  readonly kind: string;
  /** One to four, mildest first; a level may have its own `for`. */
  readonly levels: readonly { readonly severity: Severity; readonly for?: number | undefined }[];
}

/** Levels go from the mildest to the gravest. */
export function checkSeverities(
  levels: readonly { readonly severity: Severity }[],
  context: z.RefinementCtx,
): void {
  levels.forEach((level, at) => {
    const milder = levels[at - 1];
    if (milder === undefined || severityRank(level.severity) > severityRank(milder.severity)) return;
    context.addIssue({
      code: 'custom',
      path: ['levels', at, 'severity'],
      message: `expected graver than the level before (${milder.severity})`,
      input: level.severity,
    });
  });
}
