import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { SentMessage } from '../central/recording-channel.ts';
import { PAGER } from '../central/routes.ts';
import type { Recorded, RecordedIncident } from '../record.ts';
import type { CityMap } from '../truth/city-map.ts';
import { isSymptom, type Trouble } from '../truth/trouble.ts';
import { Attribution } from './attribute.ts';
import { endedAlerts, falseResolves } from './false-resolves.ts';
import {
  beginsByAlert,
  beginsOf,
  countMessages,
  orphansOf,
  toldTwice,
  type Begins,
  type Orphan,
} from './messages.ts';
import { rootsOf, type RootVerdict } from './roots.ts';

export interface Scored {
  readonly recorded: Recorded;
  readonly troubles: readonly Trouble[];
  readonly map: CityMap;
  readonly conditionAt: CityModel['conditionAt'];
}

/** What became of one trouble that central owed something. Times are Unix ms. */
export interface Detection {
  readonly trouble: Trouble;
  /** First alert that had to come. */
  readonly alertAtMs: number | undefined;
  /** First message of it, or of the incident that it hangs on: to the pager, where it has to wake somebody. */
  readonly toldAtMs: number | undefined;
}

export interface Score {
  readonly alertCount: number;
  readonly detections: readonly Detection[];
  readonly missed: readonly Trouble[];
  /** Alerts about nothing that is wrong; findings (`warning`) are counted apart. */
  readonly falseAlerts: readonly AlertDetail[];
  readonly falseFindings: readonly AlertDetail[];
  readonly pages: readonly SentMessage[];
  readonly falsePages: readonly SentMessage[];
  /** One rule, entity and trouble, and more than one alert. */
  readonly duplicates: readonly AlertDetail[];
  /** Alerts that central ended. */
  readonly ended: number;
  readonly falseResolves: readonly AlertDetail[];
  /** To all channels. */
  readonly messages: number;
  readonly orphans: readonly Orphan[];
  readonly backlogPages: readonly SentMessage[];
  readonly roots: readonly RootVerdict[];
  /** Alerts that a channel was told of twice. */
  readonly toldTwice: readonly string[];
  /** Of each trouble that somebody was told of: messages to the pager that begin something. */
  readonly messagesPer: readonly {
    readonly trouble: Trouble;
    readonly begins: number;
    readonly all: number;
  }[];
  readonly suppressedMinutes: number;
  readonly siteDownToldMs: readonly number[];
}

/** What is not older when its agent is back is sent as live. */
const FRESH_MS = 30_000;
/** Waiting for a root and for others to be told together is no suppression. */
const TELLING_MS = 60_000;
/** What was cut off has so long to come back before what is still silent is told. */
const RETURN_MS = 300_000;
const MINUTE_MS = 60_000;

/** Pure. */
export function score({ recorded, troubles, map, conditionAt }: Scored): Score {
  const { incidents, messages, endedAtMs } = recorded;
  // What the backlog told is history: it detects nothing, and a page about it is one too many.
  const alerts = recorded.alerts.filter(({ learnedLateAtMs }) => learnedLateAtMs === undefined);
  const attribution = new Attribution(troubles, map);
  const causes = new Map(recorded.alerts.map((alert) => [alert.id, attribution.causesOf(alert)]));
  const causesOf = (id: string): readonly Trouble[] => causes.get(id) ?? [];
  const byId = new Map(recorded.alerts.map((alert) => [alert.id, alert]));
  const incidentOf = lastIncidents(incidents);
  const paged = messages.filter(({ channel }) => channel === PAGER);
  const begins = { onAny: beginsByAlert(messages), onPager: beginsByAlert(paged) };
  const isCutOff = (agent: string, timeMs: number): boolean => conditionAt(agent, timeMs) === 'cut_off';
  const detections = troubles.flatMap((trouble): Detection[] => {
    if (trouble.due === undefined || trouble.due.byMs > endedAtMs) return [];
    return [detect(trouble, { alerts, causesOf, incidentOf, begins })];
  });
  const pages = paged.filter(({ message }) => beginsOf(message).length > 0);
  const isFalse = ({ message }: SentMessage): boolean =>
    beginsOf(message).every(({ facts }) => causesOf(facts.id).length === 0);
  const wrong = alerts.filter(({ id }) => causesOf(id).length === 0);
  return {
    alertCount: alerts.length,
    detections,
    missed: detections.filter(({ alertAtMs }) => alertAtMs === undefined).map(({ trouble }) => trouble),
    falseAlerts: wrong.filter(({ severity }) => severity !== 'warning'),
    falseFindings: wrong.filter(({ severity }) => severity === 'warning'),
    pages,
    falsePages: pages.filter(isFalse),
    duplicates: duplicatesAmong(alerts, causesOf),
    ended: endedAlerts({ alerts, causesOf }).length,
    falseResolves: falseResolves({ alerts, causesOf, map, conditionAt }),
    messages: messages.length,
    orphans: orphansOf(recorded, byId),
    backlogPages: pages.filter(({ message }) =>
      beginsOf(message).some(({ facts }) => {
        const alert = byId.get(facts.id);
        if (alert === undefined || isOfSilence(alert)) return false;
        const { agent, learnedLateAtMs } = alert;
        const startedAtMs = startedLiveAtMs(alert);
        const isFromBacklog = isCutOff(agent, startedAtMs) && isCutOff(agent, startedAtMs + FRESH_MS);
        return learnedLateAtMs !== undefined || isFromBacklog;
      }),
    ),
    roots: rootsOf({ incidents, byId, causesOf, begins, map }),
    toldTwice: toldTwice(messages),
    messagesPer: detections.map(({ trouble }) => ({
      trouble,
      ...countMessages(trouble, { messages, causesOf, map }),
    })),
    suppressedMinutes: detections.reduce((sum, { trouble, alertAtMs, toldAtMs }) => {
      if (alertAtMs === undefined) return sum;
      const untilMs = Math.min(toldAtMs ?? trouble.toMs, trouble.toMs);
      const allowedMs = trouble.due?.isMasked === true ? RETURN_MS : TELLING_MS;
      return sum + Math.max(0, untilMs - alertAtMs - allowedMs) / MINUTE_MS;
    }, 0),
    siteDownToldMs: detections.flatMap(({ trouble: { due }, toldAtMs }) =>
      due === undefined || due.sites === 0 || due.isMasked
        ? []
        : [(toldAtMs ?? endedAtMs) - due.visibleFromMs],
    ),
  };
}

interface Telling {
  readonly alerts: readonly AlertDetail[];
  readonly causesOf: (id: string) => readonly Trouble[];
  readonly incidentOf: ReadonlyMap<string, readonly RecordedIncident[]>;
  readonly begins: Begins;
}

function detect(trouble: Trouble, { alerts, causesOf, incidentOf, begins }: Telling): Detection {
  const { due, fromMs, toMs } = trouble;
  const own = alerts.filter(({ id }) => causesOf(id).includes(trouble));
  const wanted = own.filter(
    ({ rule, openedAtMs }) =>
      isSymptom({ symptoms: due?.rules ?? [] }, rule) && openedAtMs <= toMs + MINUTE_MS,
  );
  const alertAtMs = least(wanted.map(({ openedAtMs }) => Math.max(openedAtMs, due?.visibleFromMs ?? 0)));
  const heard = due?.isPaged === true ? begins.onPager : begins.onAny;
  const told = own.flatMap(({ id }) => {
    const together = (incidentOf.get(id) ?? []).flatMap(({ steps }) =>
      steps.flatMap(({ alert }) => alert ?? []),
    );
    return [id, ...together].flatMap((each) => heard.get(each) ?? []);
  });
  return { trouble, alertAtMs, toldAtMs: least(told.filter((atMs) => atMs >= fromMs)) };
}

/** The incidents that each alert ever belonged to. */
function lastIncidents(
  incidents: readonly RecordedIncident[],
): ReadonlyMap<string, readonly RecordedIncident[]> {
  const found = new Map<string, RecordedIncident[]>();
  for (const incident of incidents)
    for (const id of new Set(
      incident.steps.flatMap(({ kind, alert }) => (kind === 'joined' ? (alert ?? []) : [])),
    ))
      found.set(id, [...(found.get(id) ?? []), incident]);
  return found;
}

function least(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : Math.min(...values);
}

/** As it was told: the backlog may show later that it began before, in the cut. */
function startedLiveAtMs({ timeline, startedAtMs }: AlertDetail): number {
  return timeline.find(({ kind }) => kind === 'started')?.atMs ?? startedAtMs;
}

/** Rules over silence and reach judge from central's side: a cut is no backlog for them. */
function isOfSilence({ rule }: AlertDetail): boolean {
  return /^(agent_|site_|node_|link_|device_silent|measurement_missing|city_service)/.test(rule);
}

function duplicatesAmong(
  alerts: readonly AlertDetail[],
  causesOf: (id: string) => readonly Trouble[],
): readonly AlertDetail[] {
  const seen = new Set<string>();
  return alerts.filter(({ id, rule, entity, severity }) => {
    if (severity === 'warning') return false;
    const [first] = causesOf(id);
    if (first === undefined) return false;
    const key = JSON.stringify([rule, entity, first.kind, ...first.roots, first.fromMs]);
    if (seen.has(key)) return true;
    seen.add(key);
    return false;
  });
}
