import { z } from 'zod';
import { INVENTORY_ID_PATTERN } from '../../../contract/inventory.ts';
import { durationSchema } from '../../../runtime/duration.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import { WEEKDAYS } from '../route/time-of-day.ts';
import { calendarsSchema, peopleSchema } from './on-call-settings.ts';
import { channelId, dayTime, listOf } from './setting-parts.ts';

/** A calendar, or one of its layers. */
const onCallRef = z
  .string()
  .regex(/^[a-z0-9_-]{1,64}(\/[a-z0-9_-]{1,64})?$/, 'expected the name of a calendar, or calendar/layer');

const inventoryId = z
  .string()
  .regex(INVENTORY_ID_PATTERN, 'expected an id of the inventory: 1 to 64 of a-z 0-9 . _ -');

function hasTarget({
  channels,
  onCall,
}: {
  channels: readonly string[];
  onCall?: string | undefined;
}): boolean {
  return channels.length > 0 || onCall !== undefined;
}

const NO_TARGET = 'expected channels, or onCall';

export const routeSchema = z
  .strictObject({
    name: z.string().min(1).max(100),
    severities: listOf(z.enum(SEVERITIES)).optional(),
    /** Ids of rules, or their beginning: `room_*`. */
    rules: listOf(
      z.string().regex(/^[a-z][a-z0-9_]{0,63}\*?$/, 'expected the id of a rule, or its beginning with *'),
    ).optional(),
    units: listOf(z.string().regex(/^\d{5}$/, 'expected the official 5-digit code, in quotes')).optional(),
    sites: listOf(z.string().min(1).max(64)).optional(),
    /** Ids: what belongs to one of these agencies, or cuts off something of theirs. */
    agencies: listOf(inventoryId).optional(),
    /** Ids: what one of these services of the city needs, or is cut off or degraded by. */
    services: listOf(inventoryId).optional(),
    /** Of the time zone of central, as are `hours`: when an alert begins. What goes over midnight belongs to its first day. */
    days: listOf(z.enum(WEEKDAYS)).optional(),
    hours: dayTime.optional(),
    /** What is not critical waits until they are over. */
    quietHours: dayTime.optional(),
    channels: z.array(channelId).max(16).default([]),
    /** Told beside them: whoever is on call when it is told. */
    onCall: onCallRef.optional(),
    /** Told as well when one of `channels` has not delivered for so long. */
    second: z
      .strictObject({ channel: channelId, after: durationSchema })
      .transform(({ channel, after }) => ({ channel, afterMs: after }))
      .optional(),
    /** Told as well when the alert is still open and nobody acknowledged it after so long. */
    escalate: z
      .array(
        z
          .strictObject({
            after: durationSchema.refine((ms) => ms >= 60_000 && ms <= 86_400_000, 'expected 1m to 24h'),
            channels: z.array(channelId).max(16).default([]),
            /** Whoever is on call at that time. */
            onCall: onCallRef.optional(),
          })
          .refine(hasTarget, NO_TARGET)
          .transform(({ after, channels, onCall }) => ({ channels, onCall, afterMs: after })),
      )
      .min(1)
      .max(8)
      .optional(),
  })
  .refine(hasTarget, NO_TARGET);

export type RouteSettings = z.infer<typeof routeSchema>;
export const MAX_ROUTES = 1_000;

/** `routes.yaml`: who is told of what. All routes that take an alert count. */
export const routesSchema = z.strictObject({
  /** Alerts of one site or one rule that begin within it are one message. */
  groupWindow: durationSchema.refine((ms) => ms <= 300_000, 'expected 5m or less').default(10_000),
  /** How long an alert that may hang on something that is about to be found down waits for that. */
  parentWindow: durationSchema.refine((ms) => ms <= 120_000, 'expected 2m or less').default(20_000),
  people: peopleSchema.default([]),
  onCall: calendarsSchema.default([]),
  routes: z.array(routeSchema).min(1).max(MAX_ROUTES),
});
export type RoutesSettings = z.infer<typeof routesSchema>;
