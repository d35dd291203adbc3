import { z } from 'zod';
import type { Clock } from '../../../runtime/clock.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { roleAllows, type Role } from '../../access/tokens.ts';
import { CHANGE_KINDS, type Change, type ChangeKind, type ChangeSource } from '../changes/change-source.ts';
import { mergeChanges, type ChangePosition } from '../changes/merge-changes.ts';
import type { App } from '../fastify-app.ts';
import { kindsParameter } from '../kinds-parameter.ts';
import { cursorKey, cutPage, pageOf, pageQuery, type ListKey } from '../paging.ts';
import { placeNames, placeNameShape, type PlaceNameDeps } from '../place-names.ts';
import { ApiError } from '../problem.ts';
import { presentOf, rangeOf, timeOf, timeZoneParameter } from '../times/time-range.ts';

export interface ChangeRouteDeps extends PlaceNameDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly changeSources: readonly ChangeSource[];
}

const HOUR_MS = 3_600_000;

const KEY: ListKey<Change> = {
  of: ({ atMs, kind, number }) => `${atMs} ${kind} ${number}`,
  pattern: new RegExp(`^\\d{1,15} (${CHANGE_KINDS.join('|')}) \\d{1,15}$`),
};

const change = z.object({
  kind: z.enum(CHANGE_KINDS),
  atMs: unixMs.describe("recorded, by central's clock"),
  unit: z.string().optional(),
  site: z.string().optional(),
  ...placeNameShape,
  device: z.string().optional(),
  agent: z.string().optional(),
  detail: z
    .record(z.string(), z.unknown())
    .describe(
      "of an alert: `change`, `severity`, `phase` and `valueText` (as in its timeline, at that step), `id`, `rule`, `title`, `entity` and `startedAtMs`, of one that was over when its agent's backlog told of it `learnedLateAtMs`, of what a person did also `by`, `text`, `untilMs`, `assignee`; of an agent `before` and `phase`; " +
        'of a config `revision`, `actor`, `ownFile`; of a state, of an element or a service, `ref`, `before`, `state`, `sinceMs` and `roots` as of an event; of the audit log `actor`, `action`, `target`, `from`',
    ),
});

/** What happened since, for whoever comes back. */
export function changeRoute(app: App, deps: ChangeRouteDeps): void {
  app.get(
    '/changes',
    {
      config: { limits: 'named', problems: ['ROLE_TOO_LOW'] },
      schema: {
        tags: ['Alerts'],
        summary: 'What changed: alerts, agents, configs, states and (for admins) the audit log, oldest first',
        querystring: z.object({
          ...pageQuery(),
          since: timeOf('inclusive; an hour before `to` without it', '-1h'),
          to: timeOf('exclusive; up to now without it', 'now'),
          tz: timeZoneParameter,
          kind: kindsParameter(CHANGE_KINDS, 'only changes of these kinds'),
          unit: z.string().optional(),
          device: z.string().optional().describe('only alerts about this device, and its states'),
        }),
        response: {
          200: pageOf(change).extend({
            sinceMs: unixMs.describe('inclusive'),
            toMs: unixMs.describe('exclusive: ask from here on next time'),
            kinds: z
              .array(z.enum(CHANGE_KINDS))
              .describe('that the answer covers: the audit log is for admins'),
          }),
        },
      },
    },
    ({ query, caller }) => {
      const present = presentOf(deps, query.tz);
      // What has been recorded in this millisecond belongs to it.
      const ends = { begin: 'since', latestMs: present.nowMs + 1 };
      const { fromMs, toMs } = rangeOf({ from: query.since, to: query.to }, present, HOUR_MS, ends);
      const sources = sourcesFor(deps.changeSources, query.kind, caller?.role);
      const { unit, device, limit } = query;
      const after = positionOf(cursorKey(query, KEY));
      const found = mergeChanges(sources, { fromMs, toMs, unit, device, after, limit: limit + 1 });
      const page = cutPage(found, KEY, query);
      return {
        ...page,
        items: page.items.map(({ number: _number, detail, ...rest }) => ({
          ...rest,
          ...placeNames(deps, rest),
          detail: { ...detail },
        })),
        sinceMs: fromMs,
        toMs,
        kinds: sources.map(({ kind }) => kind).sort(),
      };
    },
  );
}

function sourcesFor(
  sources: readonly ChangeSource[],
  kinds: ReadonlySet<ChangeKind> | undefined,
  role: Role | undefined,
): ChangeSource[] {
  const asked = sources.filter(({ kind }) => kinds === undefined || kinds.has(kind));
  const allowed = asked.filter((source) => role !== undefined && roleAllows(role, source.role));
  const [refused] = kinds === undefined ? [] : asked.filter((source) => !allowed.includes(source));
  if (refused !== undefined) {
    const detail = `querystring.kind: "${refused.kind}" needs the role ${refused.role}, the token has ${role ?? 'none'}`;
    throw new ApiError('ROLE_TOO_LOW', detail);
  }
  return allowed;
}

function positionOf(key: string | undefined): ChangePosition | undefined {
  const [atMs, kind, number] = key?.split(' ') ?? [];
  const known = CHANGE_KINDS.find((each) => each === kind);
  return known === undefined ? undefined : { atMs: Number(atMs), kind: known, number: Number(number) };
}
