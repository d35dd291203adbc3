import type { Recorded, RecordedIncident } from '../record.ts';
import { PAGER } from '../central/routes.ts';
import type { CityMap } from '../truth/city-map.ts';
import { mostWithin } from './alarm-rate.ts';
import { refsOf } from './attribute.ts';
import { atMost, none, ofSome, type BarLine } from './bars.ts';
import { beginsByAlert, endedOn, orphansOf } from './messages.ts';

export interface Storm {
  readonly recorded: Pick<Recorded, 'alerts' | 'incidents' | 'messages' | 'endedAtMs'>;
  readonly map: CityMap;
  /** Whose agents cannot be heard at the height of it. */
  readonly lostSites: readonly string[];
  /** Of the first line, Unix ms. */
  readonly cutAtMs: number;
}

const MINUTE_MS = 60_000;

/** Silence is no way through a storm: somebody is paged, of each site that is lost, and hears of its end. Pure. */
export function stormBars({ recorded, map, lostSites, cutAtMs }: Storm): readonly BarLine[] {
  const { alerts, incidents, messages } = recorded;
  const byId = new Map(alerts.map((alert) => [alert.id, alert]));
  const paged = messages.filter(({ channel }) => channel === PAGER);
  const begins = beginsByAlert(paged);
  const ended = endedOn(paged);
  const members = ({ steps }: RecordedIncident): readonly string[] =>
    steps.flatMap(({ alert }) => alert ?? []);
  const sitesOf = (incident: RecordedIncident): readonly string[] => [
    ...incident.cutOff,
    ...members(incident).flatMap((id) => {
      const alert = byId.get(id);
      return alert === undefined ? [] : refsOf(alert, map).flatMap((ref) => siteRef(ref, map));
    }),
  ];
  const told = incidents.filter((incident) => members(incident).some((id) => begins.has(id)));
  const over = told.filter((incident) => members(incident).some((id) => ended.has(id)));
  const notIn = (some: readonly RecordedIncident[]): number => {
    const sites = new Set(some.flatMap(sitesOf));
    return lostSites.filter((site) => !sites.has(`site:${site}`)).length;
  };
  const open = alerts.filter(
    ({ resolvedAtMs, severity }) => resolvedAtMs === undefined && severity !== 'warning',
  );
  const firstMs = Math.min(...[...begins.values()].filter((atMs) => atMs >= cutAtMs));
  return [
    atMost(
      `${lostSites.length} sites lost at once: most messages to one channel in 2 min`,
      mostWithin(messages, 2 * MINUTE_MS),
      10,
    ),
    {
      ...atMost('first page after the first cut, s', (firstMs - cutAtMs) / 1_000, 60),
      ...(firstMs === Infinity && { value: 'none' }),
    },
    ofSome(lostSites.length, none('lost sites in no incident that was told', notIn(told))),
    ofSome(lostSites.length, none('lost sites of which no end was told', notIn(over))),
    ofSome(begins.size, none('orphans: told of a begin, never of its end', orphansOf(recorded, byId).length)),
    ofSome(alerts.length, none('alerts left open after it', open.length)),
  ];
}

function siteRef(ref: string, map: CityMap): readonly string[] {
  const [kind = '', id = ''] = ref.split(':');
  const site =
    kind === 'site'
      ? id
      : kind === 'agent'
        ? map.siteOfAgent(id)
        : kind === 'device'
          ? map.siteOfDevice(id)
          : undefined;
  return site === undefined ? [] : [`site:${site}`];
}
