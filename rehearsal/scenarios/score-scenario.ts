import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import type { RecordedIncident } from '../record.ts';
import { alarmRate } from '../score/alarm-rate.ts';
import { Attribution, refsOf } from '../score/attribute.ts';
import { OPERATORS } from '../score/bars.ts';
import { beginsByAlert, beginsOf } from '../score/messages.ts';
import { score, type Score } from '../score/score.ts';
import { isSymptom, type Trouble } from '../truth/trouble.ts';
import type { ScenarioRun } from './run-scenario.ts';
import type { StagedHappening } from './scenario-troubles.ts';

/** So many of so many. */
export interface Part {
  readonly of: number;
  readonly good: number;
}

/** What one run of a scenario was worth. */
export interface ScenarioScore {
  readonly scenario: string;
  readonly seed: number;
  readonly due: Part;
  /** After the begin, s, of each debt that was told of. */
  readonly toldS: readonly number[];
  /** Three levels: what is named as root; what the incident holds of the way from there; what hangs on it. */
  readonly roots: Part;
  readonly paths: Part;
  readonly symptoms: Part;
  readonly alerts: number;
  readonly falseAlerts: number;
  readonly pages: number;
  readonly falsePages: number;
  readonly duplicates: number;
  readonly falseResolves: number;
  readonly orphans: number;
  readonly incidents: number;
  /** To all channels, of an incident that was told, on average. */
  readonly messagesPerIncident: number;
  readonly suppressedMinutes: number;
  /** Pages an operator and 10 min, outside storms. */
  readonly pagesPerOperator: number;
  /** What its expectations say and what did not hold: none, and it is passed. */
  readonly failures: readonly string[];
}

/** Pure. */
export function scoreScenario(run: ScenarioRun): ScenarioScore {
  const { scenario, seed, happenings, map, recorded, city } = run;
  const { length, fromMs } = scenario;
  const troubles = happenings.flatMap((each) => each.troubles);
  const conditionAt = (agent: string, timeMs: number) => city.conditionAt(agent, timeMs);
  const scored = score({ ...{ recorded, troubles, map, conditionAt } });
  const told = toldIncidents(run);
  const levels = happenings.map((happening) => levelsOf(happening, { run, scored, told }));
  const rate = alarmRate(scored.pages, troubles, { fromMs, toMs: fromMs + length });
  const failures = [
    ...scored.detections.flatMap((detection) => debtFailures(detection)),
    ...levels.flatMap((level) => level.failures),
    ...neverFailures(run),
    ...countFailures(scored),
  ];
  const late = scored.detections.filter((detection) => debtFailures(detection).length > 0);
  return {
    ...{ scenario: scenario.id, seed },
    due: { of: scored.detections.length, good: scored.detections.length - late.length },
    toldS: scored.detections.flatMap(({ trouble, toldAtMs }) =>
      toldAtMs === undefined ? [] : [Math.max(0, toldAtMs - trouble.fromMs) / 1_000],
    ),
    roots: partOf(levels.flatMap(({ root }) => root)),
    paths: partOf(levels.flatMap(({ path }) => path)),
    symptoms: symptomsOf(run, scored, told),
    alerts: scored.alertCount,
    falseAlerts: scored.falseAlerts.length,
    pages: scored.pages.length,
    falsePages: scored.falsePages.length,
    duplicates: scored.duplicates.length,
    falseResolves: scored.falseResolves.length,
    orphans: scored.orphans.length,
    incidents: told.length,
    messagesPerIncident: told.length === 0 ? 0 : recorded.messages.length / told.length,
    suppressedMinutes: scored.suppressedMinutes,
    pagesPerOperator: rate.mean / OPERATORS,
    failures,
  };
}

interface Level {
  readonly root: readonly boolean[];
  readonly path: readonly boolean[];
  readonly failures: readonly string[];
}

interface LevelSources {
  readonly run: ScenarioRun;
  readonly scored: Score;
  readonly told: readonly ToldIncident[];
}

interface ToldIncident {
  readonly incident: RecordedIncident;
  /** All that it holds: its root, what it cut off, and what its alerts are about. */
  readonly refs: ReadonlySet<string>;
  /** Without those that have left it. */
  readonly members: readonly AlertDetail[];
}

/**
 * Of a fault that owes something: what is asked of root, way, units and services. Each incident about it that somebody heard of has to name
 * what failed, of this fault or of another one that it is about as well, and to hold nothing that follows from none of them. Pure.
 */
function levelsOf({ happening, troubles, path }: StagedHappening, sources: LevelSources): Level {
  const { scored, told } = sources;
  const { fault, target, due, root } = happening;
  const name = `${fault} of ${target}`;
  const isPathAsked = path.refs.length + path.units.length + path.services.length > 0;
  if (due.length === 0) return { root: [], path: [], failures: [] };
  if (
    !scored.detections.some(({ trouble, toldAtMs }) => troubles.includes(trouble) && toldAtMs !== undefined)
  )
    return { root: [false], path: isPathAsked ? [false] : [], failures: [] };
  const verdicts = scored.roots.filter(({ causes }) => causes.some((cause) => troubles.includes(cause)));
  const roots = troubles[0]?.roots ?? new Set<string>();
  const exact = verdicts.filter(({ named }) => named.length > 0 && named.every((ref) => roots.has(ref)));
  // A finding belongs to no incident: what it names is what it is about.
  const findings = verdicts.length > 0 ? [] : findingsOf(troubles, sources);
  const wrong = verdicts.filter(({ isExact }) => !isExact);
  const isRootExact = wrong.length === 0 && (exact.length > 0 || findings.some((ref) => roots.has(ref)));
  const own = told.filter(({ incident }) => exact.some((verdict) => verdict.incident.id === incident.id));
  const blamed = (wrong.length > 0 ? wrong : verdicts).flatMap((verdict) => verdict.named);
  const named = [...new Set([...findings, ...blamed])].join(', ');
  const has = (ref: string): boolean => own.some(({ refs }) => refs.has(ref));
  const missing = path.refs.filter((ref) => !has(ref));
  const unitsOf = new Set(own.flatMap(({ incident }) => incident.units));
  const missingUnits = path.units.filter((unit) => !unitsOf.has(unit));
  const missingServices = path.services.filter((service) => !has(`service:${service}`));
  const strange = own.flatMap((each) => strangersIn(each, sources));
  const failures = [
    ...(isRootExact
      ? []
      : [`${name}: expected the root ${[...(root ?? roots)].join(' or ')}, got ${named || 'none'}`]),
    ...(missing.length > 0
      ? [`${name}: expected ${missing.join(', ')} in its incident, got ${heldBy(own)}`]
      : []),
    ...(missingUnits.length > 0
      ? [`${name}: expected units ${missingUnits.join(', ')}, got ${[...unitsOf].join(', ') || 'none'}`]
      : []),
    ...(missingServices.length > 0
      ? [`${name}: expected services ${missingServices.join(', ')}, got ${heldBy(own)}`]
      : []),
    ...(strange.length > 0
      ? [`${name}: expected nothing else in its incident, got ${[...new Set(strange)].join(', ')}`]
      : []),
  ];
  const isGrounded = missing.length + missingUnits.length + missingServices.length + strange.length === 0;
  return { root: [isRootExact], path: isPathAsked ? [isRootExact && isGrounded] : [], failures };
}

/** What an incident holds that follows from nothing which is wrong: alerts, what is called cut off, units. Pure. */
function strangersIn(
  { incident, members }: ToldIncident,
  { run: { happenings, map } }: LevelSources,
): readonly string[] {
  const troubles = happenings.flatMap((each) => each.troubles);
  const attribution = new Attribution(troubles, map);
  const alerts = members.filter((alert) => attribution.causesOf(alert).length === 0);
  const reached = new Set(troubles.flatMap(({ reach }) => [...reach]));
  const units = new Set([
    ...happenings.flatMap(({ path }) => path.units),
    ...[...reached].flatMap((ref) => map.unitOf(ref) ?? []),
  ]);
  return [
    ...alerts.map((alert) => `${alert.rule} of ${refsOf(alert, map)[0] ?? ''}`),
    ...incident.cutOff.filter((ref) => !reached.has(ref)),
    ...incident.units.filter((unit) => !units.has(unit)).map((unit) => `unit:${unit}`),
  ];
}

function findingsOf(
  troubles: readonly Trouble[],
  { run: { recorded, map } }: LevelSources,
): readonly string[] {
  const attribution = new Attribution(troubles, map);
  return recorded.alerts
    .filter((alert) => alert.severity === 'warning' && attribution.causesOf(alert).length > 0)
    .flatMap((alert) => refsOf(alert, map).slice(0, 1));
}

function heldBy(own: readonly ToldIncident[]): string {
  return (
    own
      .flatMap(({ refs }) => [...refs])
      .slice(0, 12)
      .join(', ') || 'nothing'
  );
}

function toldIncidents({ recorded, map }: ScenarioRun): readonly ToldIncident[] {
  const byId = new Map(recorded.alerts.map((alert) => [alert.id, alert]));
  const heard = beginsByAlert(recorded.messages);
  return recorded.incidents.flatMap((incident): ToldIncident[] => {
    const ids = [...new Set(incident.steps.flatMap(({ alert }) => alert ?? []))];
    if (incident.mergedInto !== undefined || !ids.some((id) => heard.has(id))) return [];
    const present = presentIn(incident);
    const members = ids.flatMap((id) => (present.has(id) ? (byId.get(id) ?? []) : []));
    const refs = new Set([
      ...(incident.root === undefined ? [] : [incident.root]),
      ...incident.cutOff,
      ...members.flatMap((alert) => refsOf(alert, map)),
    ]);
    return [{ incident, refs, members }];
  });
}

/** Ids of the alerts that joined and did not leave again. */
function presentIn({ steps }: RecordedIncident): ReadonlySet<string> {
  const present = new Set<string>();
  for (const { kind, alert } of steps) {
    if (alert === undefined) continue;
    if (kind === 'joined') present.add(alert);
    if (kind === 'left') present.delete(alert);
  }
  return present;
}

/** Of alerts that follow from something due: those that hang on an incident which names that as its root. Pure. */
function symptomsOf(
  { recorded, happenings, map }: ScenarioRun,
  { roots }: Score,
  told: readonly ToldIncident[],
): Part {
  const troubles = happenings.flatMap((each) => each.troubles);
  const attribution = new Attribution(troubles, map);
  const rootsOf = new Map(roots.map(({ incident, named }) => [incident.id, named]));
  const verdicts = recorded.alerts.flatMap((alert) => {
    if (alert.severity === 'warning' || alert.learnedLateAtMs !== undefined) return [];
    const causes = attribution.causesOf(alert).filter((cause) => cause.due !== undefined);
    const own = told.filter(({ members }) => members.includes(alert));
    if (causes.length === 0 || own.length === 0) return [];
    return [own.some(({ incident }) => causes.some((cause) => isNamed(rootsOf.get(incident.id), cause)))];
  });
  return partOf(verdicts);
}

function isNamed(named: readonly string[] | undefined, { roots }: Trouble): boolean {
  return named !== undefined && named.length > 0 && named.every((ref) => roots.has(ref));
}

function debtFailures({ trouble, alertAtMs, toldAtMs }: Score['detections'][number]): readonly string[] {
  const { due, kind, fault } = trouble;
  if (due === undefined) return [];
  const what = `${kind} of ${fault?.target ?? ''}: expected ${due.rules.join(' or ')}`;
  const withinS = (due.byMs - trouble.fromMs) / 1_000;
  if (alertAtMs === undefined) return [`${what} within ${withinS} s, got no such alert`];
  const who = due.isPaged ? 'the pager' : 'somebody';
  if (toldAtMs === undefined) return [`${what}, got an alert of which nobody told ${who}`];
  const tookS = Math.round((toldAtMs - trouble.fromMs) / 1_000);
  return tookS > withinS ? [`${what} within ${withinS} s, got it after ${tookS} s`] : [];
}

/** One line a rule: a storm is not listed. */
function neverFailures({ scenario: { never }, recorded, map }: ScenarioRun): readonly string[] {
  const about = new Map<string, Set<string>>();
  for (const { message } of recorded.messages)
    for (const { facts } of beginsOf(message)) {
      if (!isSymptom({ symptoms: never }, facts.rule)) continue;
      const refs = about.get(facts.rule) ?? new Set();
      about.set(facts.rule, refs.add(refsOf(facts, map)[0] ?? ''));
    }
  return [...about].map(([rule, refs]) => {
    const [first, second, third, ...more] = refs;
    const shown = [first, second, third].filter((ref) => ref !== undefined).join(', ');
    return `never ${rule}: told of ${shown}${more.length > 0 ? ` and ${more.length} more` : ''}`;
  });
}

function countFailures(scored: Score): readonly string[] {
  const about = (some: readonly Pick<AlertDetail, 'rule' | 'entity'>[]): string =>
    some.map(({ rule, entity }) => `${rule} ${JSON.stringify(entity)}`).join('; ');
  const falsePaged = scored.falsePages.flatMap(({ message }) => beginsOf(message).map(({ facts }) => facts));
  const minutes = Math.round(scored.suppressedMinutes);
  const cuts = scored.messagesPer.filter(
    ({ trouble, begins }) => (trouble.due?.sites ?? 0) > 1 && begins > 1,
  );
  return [
    ...(scored.falsePages.length > 0 ? [`expected no false page, got ${about(falsePaged)}`] : []),
    ...(scored.falseResolves.length > 0
      ? [`expected no false resolve, got ${about(scored.falseResolves)}`]
      : []),
    ...(scored.orphans.length > 0
      ? [
          `expected the end of all that was told, got none of ${about(scored.orphans.map(({ alert }) => alert))}`,
        ]
      : []),
    ...(scored.toldTwice.length > 0
      ? [`expected each step once, got twice ${scored.toldTwice.join('; ')}`]
      : []),
    ...(minutes > 0 ? [`expected nothing wrongly suppressed, got ${minutes} min`] : []),
    ...(scored.backlogPages.length > 0
      ? [`expected no page from the backlog, got ${scored.backlogPages.length}`]
      : []),
    ...cuts.map(({ trouble, begins }) => `expected one page of ${trouble.kind}, got ${begins}`),
  ];
}

function partOf(verdicts: readonly boolean[]): Part {
  return { of: verdicts.length, good: verdicts.filter(Boolean).length };
}
