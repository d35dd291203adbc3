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

export function openAlertStatistics(database: StateDatabase): (query: StatisticsQuery) => AlertStatistics {
  const recorded = `${IS_NO_CANARY} AND opened_at_ms >= ? AND opened_at_ms < ? AND (? IS NULL OR unit = ?)`;
  const ofRange = `${recorded} AND learned_late_at_ms IS NULL`;
  const byRule = database.prepare(
    `SELECT rule, COUNT(*) AS fired, SUM(${IS_ACTIVE}) AS active FROM alert WHERE ${ofRange}
     GROUP BY rule ORDER BY fired DESC, rule`,
  );
  const byWindow = database.prepare(
    `SELECT CAST((opened_at_ms - ?) / ${WINDOW_MS} AS INTEGER) AS at, COUNT(*) AS fired FROM alert WHERE ${ofRange} GROUP BY at ORDER BY fired DESC, at`,
  );
  const recovery = database.prepare(
    `SELECT COUNT(*) AS resolved, AVG(resolved_at_ms - fired_at_ms) AS mean FROM alert
     WHERE ${IS_NO_CANARY} AND +phase = 'resolved' AND learned_late_at_ms IS NULL
       AND resolved_at_ms >= ? AND resolved_at_ms < ? AND (? IS NULL OR unit = ?)`,
  );
  const late = database.prepare(
    `SELECT COUNT(*) AS count FROM alert WHERE ${recorded} AND learned_late_at_ms IS NOT NULL`,
  );
  const bySeverity = database.prepare(
    `SELECT severity, COUNT(*) AS fired FROM alert WHERE ${ofRange} GROUP BY severity`,
  );
  const durations = openAlertDurations(database);
  const first = database.prepare(`SELECT MIN(opened_at_ms) AS first FROM alert WHERE ${IS_NO_CANARY}`);
  return ({ fromMs, toMs, unit = null, knownFromMs = Infinity }) => {
    const firstMs = first.get()?.['first'];
    const beginMs = Math.min(typeof firstMs === 'number' ? firstMs : Infinity, knownFromMs);
    // Nobody watched before: that there was no alarm then says nothing.
    const observedFromMs = Number.isFinite(beginMs) ? Math.min(Math.max(fromMs, beginMs), toMs) : fromMs;
    const rules = byRule.all(fromMs, toMs, unit, unit).map((row) => ({
      rule: String(row['rule']),
      fired: Number(row['fired']),
      active: Number(row['active']),
    }));
    const windows = byWindow.all(observedFromMs, fromMs, toMs, unit, unit).map((row) => ({
      atMs: observedFromMs + Number(row['at']) * WINDOW_MS,
      fired: Number(row['fired']),
    }));
    const [peak] = windows;
    const asked = { fromMs, toMs, unit };
    const acknowledged = durations.untilAcknowledged(asked);
    const recovered = durations.untilRecovered(asked);
    const counts = new Map(
      bySeverity.all(fromMs, toMs, unit, unit).map((row) => [row['severity'], Number(row['fired'])]),
    );
    const severities = SEVERITIES.toReversed().flatMap((severity) => {
      const one = {
        severity,
        fired: counts.get(severity) ?? 0,
        acknowledged: acknowledged.bySeverity.get(severity) ?? NO_DURATIONS,
        recovered: recovered.bySeverity.get(severity) ?? NO_DURATIONS,
      };
      return one.fired + one.acknowledged.alerts + one.recovered.alerts === 0 ? [] : [one];
    });
    const ended = recovery.get(fromMs, toMs, unit, unit);
    const mean = ended?.['mean'];
    const fired = rules.reduce((sum, rule) => sum + rule.fired, 0);
    const windowCount = Math.max(1, (toMs - observedFromMs) / WINDOW_MS);
    return {
      observedFromMs,
      fired,
      learnedLate: Number(late.get(fromMs, toMs, unit, unit)?.['count'] ?? 0),
      rules,
      severities,
      acknowledged: acknowledged.all,
      recovered: recovered.all,
      resolved: Number(ended?.['resolved'] ?? 0),
      meanRecoveryMs: typeof mean === 'number' ? Math.round(mean) : undefined,
      per10Min: {
        mean: fired / windowCount,
        peak: peak?.fired ?? 0,
        peakAtMs: peak?.atMs,
        floodRatio: windows.filter((window) => window.fired > FLOOD_ABOVE).length / Math.ceil(windowCount),
      },
    };
  };
}
