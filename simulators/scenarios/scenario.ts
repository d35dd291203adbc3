import { z } from 'zod';
import { durationSchema } from '../../runtime/duration.ts';

const REF = /^(site|device|agent|link|pool|service|unit):[a-z0-9][a-z0-9._-]{0,63}$/;
const ref = z.string().regex(REF, 'expected a kind and an id, such as site:hub-01');
const id = z.string().min(1).max(64);
/** `disk_*`: all whose names begin so; `*`: all. */
const rulePattern = z
  .string()
  .regex(/^([a-z][a-z0-9_]{0,63})?\*?$/, 'expected a rule, such as link_down or power_*')
  .min(1);
const text = z.string().min(1).max(200);
const SCENARIO_ID = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** What central owes because of it. */
const dueSchema = z.strictObject({
  /** Of these one has to fire. */
  rules: z.array(rulePattern).min(1).max(16),
  /** After the begin of the fault, until somebody is told. */
  within: durationSchema,
  /** After the begin of the fault, until it can be seen, or nobody keeps it back any more. */
  after: durationSchema.optional(),
  /** The pager has to hear of it; without it any channel. */
  page: z.boolean().default(false),
});

const happeningSchema = z.strictObject({
  fault: z.string(),
  target: id,
  /** Since the begin of the scenario. */
  begin: durationSchema,
  length: durationSchema,
  /** Shape: until it has its full effect. */
  rise: durationSchema.optional(),
  /** Shape: it comes and goes, there in the first half of each. */
  period: durationSchema.optional(),
  /** Shape: how strong, in the unit of its kind. */
  amount: z.number().min(-1e6).max(1e6).optional(),
  due: z.array(dueSchema).max(4).default([]),
  /** What may be named as its root; without it as its kind has it. */
  root: z.array(ref).min(1).max(16).optional(),
  /** What the incident has to hold, from the root to what shows it. */
  path: z.array(ref).min(2).max(16).optional(),
  /** Codes of units in which something is cut off. */
  units: z.array(id).min(1).max(168).optional(),
  /** Of the city, cut off or degraded. */
  services: z.array(id).min(1).max(32).optional(),
  /** Further rules that may tell of it. */
  symptoms: z.array(rulePattern).max(32).default([]),
});

/** A story of the city, and what its operators are owed. Lengths become ms. */
export const scenarioSchema = z.strictObject({
  title: z.strictObject({ en: text, vi: text }),
  /** By the clocks of the city. */
  start: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/, 'expected a time such as 2026-11-24 10:00')
    .refine((value) => !Number.isNaN(startMs(value)), 'expected a time that exists')
    .default('2026-11-24 10:00'),
  length: durationSchema,
  /** Between two batches of an agent. Without it gateways send each 10 s, and servers each minute. */
  interval: durationSchema.optional(),
  city: z
    .strictObject({
      units: z.int().min(1).max(168).default(1),
      unitsPerHub: z.int().min(1).max(168).optional(),
      ringEvery: z.int().min(2).max(168).optional(),
    })
    .default({ units: 1 }),
  happens: z.array(happeningSchema).max(200).default([]),
  maintenance: z
    .array(
      z.strictObject({
        covers: z.array(ref).min(1).max(20),
        withDependents: z.boolean().default(false),
        begin: durationSchema,
        length: durationSchema,
      }),
    )
    .max(10)
    .default([]),
  /** Other scenarios that happen besides, on the same city, so much later. */
  include: z
    .array(
      z.strictObject({
        scenario: z.string().regex(SCENARIO_ID, 'expected the name of a scenario'),
        after: durationSchema.optional(),
      }),
    )
    .max(32)
    .default([]),
  /** Nobody may be told of them. */
  never: z.array(rulePattern).max(32).default([]),
});

export type ScenarioFile = z.infer<typeof scenarioSchema>;
export type Happening = ScenarioFile['happens'][number];

/** A scenario with all that it includes. */
export interface Scenario extends Omit<ScenarioFile, 'include'> {
  readonly id: string;
  /** Unix ms. */
  readonly fromMs: number;
}

/** Unix ms of a time by the clocks of the city; NaN: there is no such time. */
export function startMs(local: string): number {
  const parsedMs = Date.parse(`${local.replace(' ', 'T')}:00+07:00`);
  if (Number.isNaN(parsedMs)) return NaN;
  // A day such as 31 February becomes one of March.
  return new Date(parsedMs + 7 * 3_600_000).toISOString().startsWith(local.slice(0, 10)) ? parsedMs : NaN;
}
