import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { OnCallCalendars } from '../../notify/on-call/calendars.ts';
import type { App } from '../fastify-app.ts';
import { presentOf, timeOf, timeZoneParameter } from '../times/time-range.ts';

export interface OnCallRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly onCall: OnCallCalendars;
}

const person = z.object({
  id: z.string(),
  name: z.string(),
  channels: z.array(z.string()).describe('through which the person is told'),
});

/** As `wardwatch notify on-call` reads it, too. */
export const onCallSchema = z.object({
  atMs: unixMs,
  layers: z
    .array(
      z.object({
        calendar: z.string(),
        timeZone: z.string().describe('of the calendar'),
        layer: z.string(),
        person: person.exactOptional().describe('not there: nobody is on call'),
        isOverride: z.boolean().describe('the person stands in for another one'),
        untilMs: unixMs
          .exactOptional()
          .describe('when somebody else is, or nobody; not there: not within 15 days'),
        next: person.exactOptional().describe('who is then'),
      }),
    )
    .describe('of each calendar'),
  gaps: z
    .array(
      z.object({
        calendar: z.string(),
        layer: z.string().exactOptional().describe('of this layer alone; not there: of all layers'),
        timeZone: z.string().describe('of the calendar'),
        fromMs: unixMs,
        toMs: unixMs.describe('exclusive'),
      }),
    )
    .describe(
      'when nobody is on call of a calendar or layer that a route or an escalation names, within 90 days: all of its people are told then',
    ),
});

/** Who is on call. */
export function onCallRoutes(app: App, deps: OnCallRouteDeps): void {
  app.get(
    '/on-call',
    {
      config: { limits: 'open', problems: ['BAD_TIME_ZONE'] },
      schema: {
        tags: ['Notifications'],
        summary: 'Who is on call, until when and who is next, and when nobody is',
        querystring: z.object({ at: timeOf('now without it', '-1h'), tz: timeZoneParameter }),
        response: { 200: onCallSchema },
      },
    },
    ({ query: { at, tz } }) => {
      const present = presentOf(deps, tz);
      const atMs = at?.(present) ?? present.nowMs;
      const people = ({ channels, ...rest }: { id: string; name: string; channels: readonly string[] }) => ({
        ...rest,
        channels: [...channels],
      });
      return {
        atMs,
        layers: deps.onCall.at(atMs).map(({ person: now, next, ...view }) => ({
          ...view,
          ...(now !== undefined && { person: people(now) }),
          ...(next !== undefined && { next: people(next) }),
        })),
        gaps: deps.onCall.gaps(atMs).map((gap) => ({ ...gap })),
      };
    },
  );
}
