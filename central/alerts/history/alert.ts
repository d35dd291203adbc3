import { z } from 'zod';
import { CORRECTION_KINDS } from './alert-correction.ts';
import { EVENT_KINDS } from '../lifecycle/alert-state.ts';
import { valueSchema } from '../lifecycle/alert-value.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import { EVENT_TYPES, PROBABLE_CAUSES } from '../rules/x733.ts';
import type { AlertScope } from './alert-scope.ts';
import {
  acknowledgementSchema,
  HANDLING_KINDS,
  handlingDetailsSchema,
  shelfSchema,
} from './alert-handling.ts';

const textSchema = z.object({ en: z.string(), vi: z.string() });
const severitySchema = z.enum(SEVERITIES);
/** Fired, and not over. */
export const ACTIVE_PHASES = ['firing', 'recovering', 'flapping'] as const;
/** `closed`: a person ended it. */
export const ENDED_PHASES = ['resolved', 'withdrawn', 'closed'] as const;
const phaseSchema = z.enum([...ACTIVE_PHASES, ...ENDED_PHASES]);

/**
 * An alert that fired, as the API shows it. All times are Unix ms; those of its life are sample times, not arrival.
 * Record, columns and API derive from this list: a new field stands here, in alert-columns.ts and in
 * firedRecord.
 */
export const alertViewSchema = z.object({
  id: z.string(),
  rule: z.string(),
  /** The version of the rule that it fired by. */
  ruleVersion: z.int().optional(),
  title: textSchema,
  action: textSchema,
  eventType: z.enum(EVENT_TYPES),
  probableCause: z.enum(PROBABLE_CAUSES),
  /** The tags of its identity. */
  entity: z.record(z.string(), z.string()),
  /** Code of the ward, commune or special zone, where the sample named it. */
  unit: z.string().optional(),
  site: z.string().optional(),
  /** Who tells of it. */
  agent: z.string(),
  severity: severitySchema,
  phase: phaseSchema,
  /** Of one that flaps or did: how often its breach began. */
  flaps: z.number().optional(),
  startedAtMs: z.number(),
  firedAtMs: z.number(),
  /** Its end, whichever. */
  resolvedAtMs: z.number().optional(),
  /** When it fired, and as last recorded. */
  value: valueSchema,
  lastValue: valueSchema,
  /** The last value with its unit, such as `97.2 %`. */
  valueText: z.string(),
  /** By central's clock: recorded first, changed last. */
  openedAtMs: z.number(),
  updatedAtMs: z.number(),
  learnedLateAtMs: z
    .number()
    .optional()
    .describe(
      'it began and ended while its agent was cut off, and the backlog told of it then: nobody was told',
    ),
  acknowledgement: acknowledgementSchema
    .optional()
    .describe('in force; of an alert that is over, as it was at its end'),
  assignee: z.string().optional().describe('who is to see to it'),
  shelf: shelfSchema.optional().describe('nobody is told of it until then'),
});

/** What central found, at once or later, and what people did. */
export const TIMELINE_KINDS = [...EVENT_KINDS, ...CORRECTION_KINDS, ...HANDLING_KINDS] as const;
export type TimelineKind = (typeof TIMELINE_KINDS)[number];

/** One line of an alert's timeline; never changed afterwards. */
export const alertEventSchema = handlingDetailsSchema.extend({
  kind: z.enum(TIMELINE_KINDS),
  phase: z.enum(['pending', ...phaseSchema.options]),
  severity: severitySchema,
  value: valueSchema,
  /** Sample time. */
  atMs: z.number(),
  /** By central's clock. */
  recordedAtMs: z.number(),
});

/** The timeline is oldest first, at most the newest 1,000. */
export const alertDetailSchema = alertViewSchema.extend({ timeline: z.array(alertEventSchema) });

export type AlertView = Readonly<z.infer<typeof alertViewSchema>>;
export type AlertEvent = Readonly<z.infer<typeof alertEventSchema>>;

export interface AlertDetail extends AlertView {
  readonly timeline: readonly AlertEvent[];
}

/** `severity`: the gravest first, of one severity the newest. */
export const ALERT_ORDERS = ['newest', 'oldest', 'severity'] as const;
export type AlertOrder = (typeof ALERT_ORDERS)[number];

export interface AlertQuery {
  /** `active` is `firing`, `recovering` or `flapping`. */
  readonly state?: 'active' | AlertView['phase'];
  readonly severity?: Severity;
  /** Unit code. */
  readonly unit?: string;
  readonly site?: string;
  readonly device?: string;
  /** Id of a rule. */
  readonly rule?: string;
  /** Only these, by id. */
  readonly among?: readonly string[];
  /** Only those in this part of the city. */
  readonly within?: AlertScope;
  /** All but these. */
  readonly except?: readonly string[];
  readonly acknowledged?: boolean;
  readonly assignee?: string;
  readonly shelved?: boolean;
  /** Those that the backlog told of when they were over, or all others. */
  readonly learnedLate?: boolean;
  /** Recorded by central since, Unix time in ms. */
  readonly sinceMs?: number;
  /** Words of people: within what names the alert, its rule's title in both languages among it, without case and diacritics. */
  readonly search?: {
    readonly text: string;
    /** Codes of units whose name has it. */
    readonly units: readonly string[];
  };
  /** Newest first without it. */
  readonly order?: AlertOrder;
  readonly limit: number;
  /** `nextCursor` of the page before: the id of its last alert. */
  readonly cursor?: string;
}

export interface AlertPage {
  readonly items: readonly AlertView[];
  readonly nextCursor?: string;
}
