import { z } from 'zod';
import { unixMs } from '../../../../runtime/unix-ms.ts';

/** In the order of their numbers: 0 is Sunday. */
export const WEEKDAYS = [
  'sunday',
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
] as const;
const weekdaySchema = z.enum(WEEKDAYS);

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected a time of day such as 22:00');
const day = z.iso
  .date('expected a day such as 2026-12-24')
  .refine((text) => text >= '1970', 'expected a day since 1970');

const wall = {
  from: timeOfDay.describe("begin, by the clocks of central's time zone"),
  to: timeOfDay.describe('end; not after `from`: on the next day'),
  firstDay: day.optional().describe('no begin before this day'),
  lastDay: day.optional().describe('no begin after this day'),
};

/** When a window is open. */
export const scheduleSchema = z.discriminatedUnion('repeats', [
  z.strictObject({
    repeats: z.literal('once'),
    startsAtMs: unixMs.int().min(0),
    endsAtMs: unixMs.int().min(0),
  }),
  z.strictObject({
    repeats: z.literal('weekly'),
    days: z.array(weekdaySchema).min(1).max(7).describe('on which it begins'),
    ...wall,
  }),
  z.strictObject({
    repeats: z.literal('monthly'),
    nth: z
      .union([z.int().min(1).max(4), z.literal('last')])
      .describe('which of the month: the first to the fourth, or the last'),
    day: weekdaySchema,
    ...wall,
  }),
]);
export type Schedule = Readonly<z.infer<typeof scheduleSchema>>;
