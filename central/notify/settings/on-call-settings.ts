import { z } from 'zod';
import { isTimeZone, localClock } from '../../../runtime/time-zone.ts';
import { OnCallCalendars, type Person } from '../on-call/calendars.ts';
import { instantOf, type Layer } from '../on-call/layer.ts';
import { WEEKDAYS } from '../route/time-of-day.ts';
import { channelId, dayTime, listOf, timeOfDay } from './setting-parts.ts';

const NAME = /^[a-z0-9][a-z0-9_-]{0,63}$/;
const name = z.string().regex(NAME, 'expected 1 to 64 of a-z 0-9 _ -');
const DAY_MS = 86_400_000;

const day = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, "expected a day such as '2026-11-30', in quotes")
  .refine(isDay, 'expected a day of the calendar')
  .transform((text) => Date.parse(`${text}T00:00:00Z`) / DAY_MS);
const localTime = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d ([01]\d|2[0-3]):[0-5]\d$/, "expected a time such as '2026-11-30 08:00', in quotes")
  .refine((text) => isDay(text.slice(0, 10)), 'expected a day of the calendar')
  .transform((text) => ({
    day: Date.parse(`${text.slice(0, 10)}T00:00:00Z`) / DAY_MS,
    minute: Number(text.slice(11, 13)) * 60 + Number(text.slice(14)),
  }));

/** Whoever may be on call. */
export const peopleSchema = z
  .array(
    z.strictObject({
      id: name,
      name: z.string().min(1).max(100),
      channels: z.array(channelId).min(1).max(8),
    }),
  )
  .max(200);

const layerSchema = z.strictObject({
  name,
  rotation: z.enum(['daily', 'weekly']),
  /** Local time, when the next one takes over. */
  handover: timeOfDay,
  /** The day of the first handover; a weekly rotation hands over on its day of the week. */
  from: day,
  /** Ids, in the order of their turns. */
  people: listOf(name).max(100),
  /** Only then; otherwise at any time. What goes over midnight belongs to its first day. */
  days: listOf(z.enum(WEEKDAYS)).optional(),
  hours: dayTime.optional(),
});

/** Who is on call, by rotation. */
export const calendarsSchema = z
  .array(
    z.strictObject({
      name,
      /** Default: that of central. */
      timeZone: z
        .string()
        .refine(isTimeZone, 'expected a time zone such as Asia/Ho_Chi_Minh or UTC')
        .optional(),
      layers: z.array(layerSchema).min(1).max(5),
      /** Another person, in local time. */
      overrides: z
        .array(z.strictObject({ layer: name, person: name, from: localTime, to: localTime }))
        .max(500)
        .default([]),
    }),
  )
  .max(20);

export interface OnCallSettings {
  readonly people: z.infer<typeof peopleSchema>;
  readonly onCall: z.infer<typeof calendarsSchema>;
}

/** Pure. Names that do not fit each other; `channels`: those that there are. */
export function onCallProblems(
  { people, onCall }: OnCallSettings,
  channels: readonly string[],
): readonly string[] {
  const isPerson = (id: string): boolean => people.some((person) => person.id === id);
  return [
    ...twice(
      'people',
      'id',
      people.map(({ id }) => id),
    ),
    ...people.flatMap((person, at) =>
      person.channels.flatMap((channel, index) =>
        channels.includes(channel)
          ? []
          : [`people[${at}].channels[${index}]: there is no ${channel}.yaml beside it`],
      ),
    ),
    ...twice(
      'onCall',
      'name',
      onCall.map((calendar) => calendar.name),
    ),
    ...onCall.flatMap((calendar, at) => {
      const path = `onCall[${at}]`;
      const { layers } = calendar;
      return [
        ...twice(
          `${path}.layers`,
          'name',
          layers.map((layer) => layer.name),
        ),
        ...layers.flatMap((layer, index) =>
          layer.people.flatMap((id, turn) =>
            isPerson(id) ? [] : [`${path}.layers[${index}].people[${turn}]: there is no person "${id}"`],
          ),
        ),
        ...calendar.overrides.flatMap((override, index) => [
          ...(layers.some((layer) => layer.name === override.layer)
            ? []
            : [`${path}.overrides[${index}].layer: there is no layer "${override.layer}"`]),
          ...(isPerson(override.person)
            ? []
            : [`${path}.overrides[${index}].person: there is no person "${override.person}"`]),
        ]),
        ...overlaps(calendar, path),
      ];
    }),
  ];
}

interface Calls {
  /** A calendar, or one of its layers as `calendar/layer`. */
  readonly onCall?: string | undefined;
}

export interface CallingSettings extends OnCallSettings {
  readonly routes: readonly (Calls & { readonly escalate?: readonly Calls[] | undefined })[];
}

/** To be called once there are no problems. */
export function calendarsOf({ people, onCall, routes }: CallingSettings, timeZone: string): OnCallCalendars {
  const called = routes.flatMap(({ onCall: ref, escalate = [] }) => [
    ...(ref === undefined ? [] : [ref]),
    ...escalate.flatMap((step) => step.onCall ?? []),
  ]);
  const calendars = onCall.map((calendar) => {
    const zone = calendar.timeZone ?? timeZone;
    return {
      name: calendar.name,
      timeZone: zone,
      layers: calendar.layers.map(({ name, people, from, rotation, handover, days, hours }): Layer => ({
        ...{ name, people, firstDay: from, handoverMinute: handover, days, hours },
        turnDays: rotation === 'weekly' ? 7 : 1,
        overrides: overridesOf(calendar, zone)
          .filter(({ layer }) => layer === name)
          .map(({ person, fromMs, toMs }) => ({ person, fromMs, toMs })),
      })),
    };
  });
  return new OnCallCalendars(people satisfies readonly Person[], calendars, called);
}

type CalendarSettings = z.infer<typeof calendarsSchema>[number];

function overridesOf({ overrides }: CalendarSettings, zone: string) {
  const clock = localClock(zone);
  return overrides.map(({ layer, person, from, to }) => ({
    layer,
    person,
    fromMs: instantOf(from.day, from.minute, clock),
    toMs: instantOf(to.day, to.minute, clock),
  }));
}

/** The order of local times says the same in every zone, but for an hour in a year. */
function overlaps(calendar: CalendarSettings, path: string): readonly string[] {
  const spans = overridesOf(calendar, calendar.timeZone ?? 'UTC');
  return spans.flatMap((span, at) => {
    const where = `${path}.overrides[${at}]`;
    if (span.toMs <= span.fromMs) return [`${where}.to: expected later than from`];
    const earlier = spans.findIndex(
      (other, index) =>
        index < at && other.layer === span.layer && other.fromMs < span.toMs && span.fromMs < other.toMs,
    );
    return earlier < 0 ? [] : [`${where}: overlaps overrides[${earlier}] of the same layer`];
  });
}

function twice(path: string, key: string, values: readonly string[]): readonly string[] {
  return values.flatMap((value, at) =>
    values.indexOf(value) < at ? [`${path}[${at}].${key}: is there twice, got "${value}"`] : [],
  );
}

/** True as well where it is not even written like one: that is told already. */
function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return true;
  const atMs = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(atMs) && new Date(atMs).toISOString().startsWith(text);
}
