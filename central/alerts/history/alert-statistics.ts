import type { StateDatabase } from '../../state/database.ts';
import { SEVERITIES, type Severity } from '../rules/severity.ts';
import { NO_DURATIONS, openAlertDurations, type Durations } from './alert-durations.ts';
import { IS_ACTIVE } from './alert-page.ts';
import { IS_NO_CANARY } from './canary-alarm.ts';

export interface StatisticsQuery {
  /** When they were recorded first, inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly unit?: string | undefined;
  /** From when on central has watched, where that is known from elsewhere. */
  readonly knownFromMs?: number | undefined;
}

/** Alerts of one rule in a range. */
export interface RuleStatistics {
  readonly rule: string;
  readonly fired: number;
  /** Of those that fired in the range, not ended yet. */
  readonly active: number;
}

/** Alerts of one severity, as it is now or was at their end. */
export interface SeverityStatistics {
  readonly severity: Severity;
  readonly fired: number;
  /** From being recorded to the first acknowledgement, of those that were acknowledged first within the range. */
  readonly acknowledged: Durations;
  /** From firing to the end, of those that ended within the range. */
  readonly recovered: Durations;
}

/** How alarms came and went in a range; alerts that were withdrawn have no recovery. */
export interface AlertStatistics {
  /** Begin of the part of the range in which central watched: from its first alert or `knownFromMs` on. */
  readonly observedFromMs: number;
  readonly fired: number;
  /** Beside them: recorded in the range, and over when central learned of them. */
  readonly learnedLate: number;
  /** Most often fired first. */
  readonly rules: readonly RuleStatistics[];
  /** The gravest first; those of which there is nothing to say are left out. */
  readonly severities: readonly SeverityStatistics[];
  /** Of all severities. */
  readonly acknowledged: Durations;
  readonly recovered: Durations;
  /** Ended within the range. */
  readonly resolved: number;
  /** From firing to the end, of those that ended within the range; undefined: none did. */
  readonly meanRecoveryMs: number | undefined;
  /** In windows of ten minutes from `observedFromMs` on (EEMUA 191); less than one window counts as one. */
  readonly per10Min: {
    readonly mean: number;
    readonly peak: number;
    /** Begin of the window; undefined: there was no alarm. */
    readonly peakAtMs: number | undefined;
    /** Share of windows with more alarms than a person can handle, 0 to 1. */
    readonly floodRatio: number;
  };
}

const WINDOW_MS = 600_000;
/** EEMUA 191: more than ten alarms in ten minutes are a flood. */
const FLOOD_ABOVE = 10;

/** Alerts of a range that are alike. */
interface Kind {
  readonly rule: string;
  readonly severity: string;
  readonly fired: number;
  readonly active: number;
}

export function openAlertStatistics(database: StateDatabase): (query: StatisticsQuery) => AlertStatistics {
  const recorded = `${IS_NO_CANARY} AND opened_at_ms >= ? AND opened_at_ms < ? AND (? IS NULL OR unit = ?)`;
  // Each statement walks over all alerts of the range: a week may have tens of thousands.
  const byKind = database.prepare(
    `SELECT rule, severity, learned_late_at_ms IS NOT NULL AS late, COUNT(*) AS fired, SUM(${IS_ACTIVE}) AS active
     FROM alert WHERE ${recorded} GROUP BY rule, severity, late`,
  );
  const byWindow = database.prepare(
    `SELECT CAST((opened_at_ms - ?) / ${WINDOW_MS} AS INTEGER) AS at, COUNT(*) AS fired FROM alert
     WHERE ${recorded} AND learned_late_at_ms IS NULL GROUP BY at ORDER BY fired DESC, at`,
  );
  const durations = openAlertDurations(database);
  // The first of its index, and not the least of all.
  const first = database.prepare(
    `SELECT opened_at_ms AS first FROM alert WHERE ${IS_NO_CANARY} ORDER BY opened_at_ms LIMIT 1`,
  );
  return ({ fromMs, toMs, unit = null, knownFromMs = Infinity }) => {
    const firstMs = first.get()?.['first'];
    const beginMs = Math.min(typeof firstMs === 'number' ? firstMs : Infinity, knownFromMs);
    // Nobody watched before: that there was no alarm then says nothing.
    const observedFromMs = Number.isFinite(beginMs) ? Math.min(Math.max(fromMs, beginMs), toMs) : fromMs;
    const kinds: Kind[] = [];
    let learnedLate = 0;
    for (const row of byKind.all(fromMs, toMs, unit, unit)) {
      const { rule, severity, late, fired, active } = row;
      if (Number(late) === 1) learnedLate += Number(fired);
      else
        kinds.push({
          ...{ rule: String(rule), severity: String(severity) },
          ...{ fired: Number(fired), active: Number(active) },
        });
    }
    const windows = byWindow.all(observedFromMs, fromMs, toMs, unit, unit).map((row) => ({
      atMs: observedFromMs + Number(row['at']) * WINDOW_MS,
      fired: Number(row['fired']),
    }));
    const [peak] = windows;
    const asked = { fromMs, toMs, unit };
    const acknowledged = durations.untilAcknowledged(asked);
    const recovered = durations.untilRecovered(asked);
    const severities = SEVERITIES.toReversed().flatMap((severity) => {
      const one = {
        severity,
        fired: sumOf(kinds.filter((kind) => kind.severity === severity)),
        acknowledged: acknowledged.bySeverity.get(severity) ?? NO_DURATIONS,
        recovered: recovered.bySeverity.get(severity) ?? NO_DURATIONS,
      };
      return one.fired + one.acknowledged.alerts + one.recovered.alerts === 0 ? [] : [one];
    });
    const fired = sumOf(kinds);
    const windowCount = Math.max(1, (toMs - observedFromMs) / WINDOW_MS);
    return {
      observedFromMs,
      fired,
      learnedLate,
      rules: rulesOf(kinds),
      severities,
      acknowledged: acknowledged.all,
      recovered: recovered.all,
      resolved: recovered.all.alerts,
      meanRecoveryMs: recovered.meanMs,
      per10Min: {
        mean: fired / windowCount,
        peak: peak?.fired ?? 0,
        peakAtMs: peak?.atMs,
        floodRatio: windows.filter((window) => window.fired > FLOOD_ABOVE).length / Math.ceil(windowCount),
      },
    };
  };
}

function sumOf(kinds: readonly Kind[]): number {
  return kinds.reduce((sum, { fired }) => sum + fired, 0);
}

/** Most often fired first, then by name. */
function rulesOf(kinds: readonly Kind[]): RuleStatistics[] {
  const rules = new Map<string, RuleStatistics>();
  for (const { rule, fired, active } of kinds) {
    const known = rules.get(rule);
    rules.set(rule, { rule, fired: fired + (known?.fired ?? 0), active: active + (known?.active ?? 0) });
  }
  return [...rules.values()].sort((a, b) => b.fired - a.fired || (a.rule < b.rule ? -1 : 1));
}
