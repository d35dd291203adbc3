import { severityRank } from '../../central/alerts/rules/severity.ts';
import type { AlertDetail } from '../../central/alerts/history/alert.ts';
import { PAGER } from '../central/routes.ts';
import { beginsOf } from '../score/messages.ts';
import { score } from '../score/score.ts';
import type { ScenarioRun } from '../scenarios/run-scenario.ts';

/** What a page tells of for the first time. */
export interface PageBegin {
  readonly rule: string;
  /** Rule and entity. */
  readonly key: string;
  /** Since when the alert was grave enough for a page, Unix ms by central's clock. */
  readonly sinceMs: number;
}

export interface Page {
  readonly atMs: number;
  readonly begins: readonly PageBegin[];
}

/** A fault of which somebody has to be told. */
export interface Debt {
  readonly name: string;
  readonly fromMs: number;
  /** Until when. */
  readonly byMs: number;
  /** undefined: nobody was told in time. */
  readonly toldAtMs: number | undefined;
}

/** Of one run: what operators were paged for, and what they were owed. */
export interface Rehearsed {
  readonly scenario: string;
  readonly seed: number;
  readonly lengthMs: number;
  readonly pages: readonly Page[];
  readonly debts: readonly Debt[];
}

const PAGED = severityRank('major');

/** Pure. */
export function rehearsedOf({ scenario, seed, recorded, happenings, map, city }: ScenarioRun): Rehearsed {
  const byId = new Map(recorded.alerts.map((alert) => [alert.id, alert]));
  const pages = recorded.messages.flatMap(({ channel, atMs, message }): Page[] => {
    const begins = channel === PAGER ? beginsOf(message).map(({ facts }) => byId.get(facts.id)) : [];
    const known = begins.filter((alert) => alert !== undefined);
    if (known.length === 0) return [];
    return [{ atMs, begins: known.map((alert) => beginOf(alert, atMs)) }];
  });
  const { detections } = score({
    ...{ recorded, map, troubles: happenings.flatMap(({ troubles }) => troubles) },
    conditionAt: (agent, timeMs) => city.conditionAt(agent, timeMs),
  });
  const debts = detections.map(({ trouble, toldAtMs }): Debt => {
    const { kind, fault, fromMs, due } = trouble;
    const byMs = due?.byMs ?? fromMs;
    return {
      name: `${scenario.id}, seed ${seed}: ${kind} of ${fault?.target ?? ''} after ${minutesBetween(scenario.fromMs, fromMs)} min`,
      ...{ fromMs, byMs, toldAtMs: toldAtMs !== undefined && toldAtMs <= byMs ? toldAtMs : undefined },
    };
  });
  return { scenario: scenario.id, seed, lengthMs: scenario.length, pages, debts };
}

/** Since when an alert is grave enough for a page; undefined: it never was. Pure. */
export function pagingSinceMs({ timeline }: AlertDetail): number | undefined {
  return timeline.find(({ severity, phase }) => phase !== 'pending' && severityRank(severity) >= PAGED)
    ?.recordedAtMs;
}

/** Pure. */
export function entityKey(rule: string, { entity, agent }: Pick<AlertDetail, 'entity' | 'agent'>): string {
  const tags = Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([rule, tags.length === 0 ? agent : tags]);
}

function beginOf(alert: AlertDetail, atMs: number): PageBegin {
  return { rule: alert.rule, key: entityKey(alert.rule, alert), sinceMs: pagingSinceMs(alert) ?? atMs };
}

function minutesBetween(fromMs: number, toMs: number): number {
  return Math.round((toMs - fromMs) / 60_000);
}
