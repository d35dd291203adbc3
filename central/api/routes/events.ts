import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import type { Caller, Sessions } from '../../access/sessions.ts';
import type { TokenStore } from '../../access/tokens.ts';
import { EVENT_KINDS, type EventLog } from '../events/event-log.ts';
import { streamEvents } from '../events/event-stream.ts';
import { StreamLimits } from '../events/stream-limits.ts';
import { isOwnEvent } from '../events/own-event.ts';
import type { App } from '../fastify-app.ts';
import { kindsParameter } from '../kinds-parameter.ts';
import { assertOwn } from '../limits/limit-callers.ts';
import { ApiError } from '../problem.ts';
import { SECURITY_HEADERS } from '../security-headers.ts';

export interface EventRouteDeps {
  readonly clock: Clock;
  readonly events: EventLog;
  readonly tokens: Pick<TokenStore, 'get'>;
  readonly sessions: Pick<Sessions, 'isValid'>;
}

/** A board or a program needs one; a reverse proxy is one address for all of them. */
const MOST_STREAMS = { total: 300, perOwner: 50, perAddress: 200 };
const RETRY_AFTER_S = 60;

const EVENTS_DESCRIPTION =
  'Server-Sent Events. The name of an event is its kind; its data is one JSON object with `kind`, `atMs`, `unit`, `site`, `device`, `agent` where they are known, and `detail`: ' +
  'for an alert `change` (as in its timeline), `id`, `rule`, `title`, `severity`, `phase`, `entity`, `valueText`, `startedAtMs`, of what a person did also `by`, `text`, `untilMs`, `assignee`; for an agent `before` and `phase`; ' +
  'for a config `state`, `desired`, `running`, `problem`; for a state, of an element or a service, `ref` such as `site:hub-03`, `before` (not there where nothing was expected or known), ' +
  '`state`, `sinceMs` and `roots` (not there where it is no longer expected). The header `Last-Event-ID` goes on behind that event. Where that is not possible, since central has started anew or ' +
  '20,000 events have come since, a `reset` comes first: its `changes` is where to read what happened meanwhile. An `end` says why central closes the stream. A comment comes every 15 s without events.';

/** What changes, as it changes. */
export function eventRoute(app: App, deps: EventRouteDeps): void {
  const limits = new StreamLimits(MOST_STREAMS);
  const stopping = new AbortController();
  app.addHook('preClose', async () => stopping.abort());
  app.get(
    '/events',
    {
      exposeHeadRoute: false,
      config: { limits: 'filtered', problems: ['TOO_MANY_STREAMS'], namesFirst: true },
      schema: {
        tags: ['Alerts'],
        summary: 'Alerts, agents, configs and states as they change, until the caller goes',
        querystring: z.object({
          kind: kindsParameter(EVENT_KINDS, 'only events of these kinds'),
          unit: z.string().optional(),
        }),
        response: {
          200: { description: EVENTS_DESCRIPTION, content: { 'text/event-stream': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const { kind, unit } = request.query;
      const { caller, reach } = request;
      if (unit !== undefined) assertOwn(request, [['unit', unit]]);
      const release = limits.take(caller?.session?.owner ?? caller?.id ?? '', request.ip);
      if (typeof release === 'string')
        throw new ApiError('TOO_MANY_STREAMS', release, { retryAfterS: RETRY_AFTER_S });
      const { raw } = reply;
      const closed = new AbortController();
      raw.once('close', () => closed.abort());
      raw.on('error', () => closed.abort());
      reply.hijack();
      raw.writeHead(200, {
        ...SECURITY_HEADERS,
        'content-type': 'text/event-stream; charset=utf-8',
        // Asks nginx to pass on each event at once.
        'x-accel-buffering': 'no',
      });
      try {
        await streamEvents({
          log: deps.events,
          sink: raw,
          clock: deps.clock,
          position: positionOf(deps.events, request.headers['last-event-id']),
          isWanted: (event) =>
            (kind === undefined || kind.has(event.kind)) &&
            (unit === undefined || event.unit === unit) &&
            (reach === undefined || isOwnEvent(event, reach)),
          isAllowed: () => caller !== undefined && isValid(deps, caller),
          closed: closed.signal,
          stopping: stopping.signal,
        });
      } finally {
        release();
      }
    },
  );
}

function positionOf(events: EventLog, header: string | readonly string[] | undefined) {
  if (header === undefined) return { after: events.newest };
  return events.positionOf(String(header));
}

function isValid({ tokens, sessions, clock }: EventRouteDeps, { id, session }: Caller): boolean {
  if (session !== undefined) return sessions.isValid(id, clock.now());
  const token = tokens.get(id);
  return token !== undefined && (token.expiresAtMs === undefined || token.expiresAtMs > clock.now());
}
