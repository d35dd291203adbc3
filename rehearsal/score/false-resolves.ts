import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { CityMap } from '../truth/city-map.ts';
import { isSymptom, type Trouble } from '../truth/trouble.ts';
import { refsOf } from './attribute.ts';

export interface EndedSources {
  readonly alerts: readonly AlertDetail[];
  readonly causesOf: (id: string) => readonly Trouble[];
  readonly map: CityMap;
  readonly conditionAt: CityModel['conditionAt'];
}

/** A rule clears by the last samples of a fault: what is measured and what arrives are some seconds apart. */
const SLACK_MS = 20_000;
/** Their entity is an agent, a device or a site, and they are right for as long as nothing can be heard of it. */
const SILENCE_RULES: ReadonlySet<string> = new Set([
  'agent_silent',
  'device_silent',
  'measurement_missing',
  'site_cut',
]);

/** Ended by central, not by a person, and about something that is wrong. */
export function endedAlerts({
  alerts,
  causesOf,
}: Pick<EndedSources, 'alerts' | 'causesOf'>): readonly AlertDetail[] {
  return alerts.filter(
    ({ id, phase, resolvedAtMs }) =>
      (phase === 'resolved' || phase === 'withdrawn') &&
      resolvedAtMs !== undefined &&
      causesOf(id).length > 0,
  );
}

/** Those of them that ended while what they are about was still wrong, whatever else told of the same trouble. Pure. */
export function falseResolves(sources: EndedSources): readonly AlertDetail[] {
  return endedAlerts(sources).filter((alert) => isUnheard(alert, sources) || goesOn(alert, sources));
}

function isUnheard(alert: AlertDetail, { map, conditionAt }: EndedSources): boolean {
  const { rule, resolvedAtMs = 0 } = alert;
  const agents = SILENCE_RULES.has(rule) ? agentsOf(alert, map) : [];
  const aroundMs = [resolvedAtMs - SLACK_MS, resolvedAtMs, resolvedAtMs + SLACK_MS];
  return (
    agents.length > 0 &&
    agents.every((agent) => aroundMs.every((timeMs) => conditionAt(agent, timeMs) !== 'connected'))
  );
}

function agentsOf({ entity, agent }: AlertDetail, map: CityMap): readonly string[] {
  const { device, site = device === undefined ? undefined : map.siteOfDevice(device) } = entity;
  if (entity['agent'] !== undefined) return [entity['agent']];
  return site === undefined ? [agent] : map.agentsAt(site);
}

/** What failed is what it names, or nothing else can have raised it. */
function goesOn(alert: AlertDetail, { causesOf, map }: EndedSources): boolean {
  const { id, rule, resolvedAtMs = 0 } = alert;
  const [named = ''] = refsOf(alert, map);
  const causes = causesOf(id);
  const isGoingOn = ({ due }: Trouble): boolean =>
    due !== undefined &&
    isSymptom({ symptoms: due.rules }, rule) &&
    resolvedAtMs > due.visibleFromMs &&
    resolvedAtMs < due.visibleToMs - SLACK_MS;
  return causes.every(isGoingOn) || causes.some((trouble) => trouble.roots.has(named) && isGoingOn(trouble));
}
