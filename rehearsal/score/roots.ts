import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import { severityRank } from '../../central/alerts/rules/severity.ts';
import type { RecordedIncident } from '../record.ts';
import type { CityMap } from '../truth/city-map.ts';
import type { Trouble } from '../truth/trouble.ts';
import { refsOf } from './attribute.ts';
import type { Begins } from './messages.ts';

export interface RootVerdict {
  readonly incident: RecordedIncident;
  readonly named: readonly string[];
  readonly isExact: boolean;
  readonly causes: readonly Trouble[];
}

interface RootSources {
  readonly incidents: readonly RecordedIncident[];
  readonly byId: ReadonlyMap<string, AlertDetail>;
  readonly causesOf: (id: string) => readonly Trouble[];
  readonly begins: Begins;
  readonly map: CityMap;
}

/** Of each incident that somebody was told of and that follows from something: whether what it names is what failed. */
export function rootsOf({ incidents, byId, causesOf, begins, map }: RootSources): readonly RootVerdict[] {
  return incidents.flatMap((incident) => {
    const { root, headAlert, mergedInto, steps } = incident;
    const members = [...new Set(steps.flatMap(({ alert }) => alert ?? []))];
    const isPaged = severityRank(incident.severity) >= severityRank('major');
    const heard = isPaged ? begins.onPager : begins.onAny;
    const isTold = members.some((id) => heard.has(id));
    const all = [...new Set(members.flatMap(causesOf))];
    if (!isTold || mergedInto !== undefined || all.length === 0) return [];
    const head = byId.get(headAlert ?? members[0] ?? '');
    const named = root === undefined ? (head === undefined ? [] : refsOf(head, map).slice(0, 1)) : [root];
    return [
      {
        incident,
        named,
        causes: all,
        isExact: named.length > 0 && all.some(({ roots }) => named.every((ref) => roots.has(ref))),
      },
    ];
  });
}
