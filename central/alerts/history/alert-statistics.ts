import type { StateDatabase } from '../../state/database.ts';
import { IS_ACTIVE } from './alert-page.ts';

export interface StatisticsQuery {
  /** When they were recorded first, inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
  readonly unit?: string | undefined;
}

/** Alerts of one rule in a range. */
export interface RuleStatistics {
  readonly rule: string;
  readonly fired: number;
  /** Of those that fired in the range, not ended yet. */
  readonly active: number;
}

/** How alarms came and went in a range; alerts that were withdrawn have no recovery. */
export interface AlertStatistics {
  readonly fired: number;
  /** Most often fired first. */
  readonly rules: readonly RuleStatistics[];
  /** Ended within the range. */
  readonly resolved: number;
  /** From firing to the end, of those that ended within the range; undefined: none did. */
  readonly meanRecoveryMs: number | undefined;
  /** In windows of ten minutes from `fromMs` on (EEMUA 191). */
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
  const ofRange = 'opened_at_ms >= ? AND opened_at_ms < ? AND (? IS NULL OR unit = ?)';
  const byRule = database.prepare(
    `SELECT rule, COUNT(*) AS fired, SUM(${IS_ACTIVE}) AS active FROM alert WHERE ${ofRange}
     GROUP BY rule ORDER BY fired DESC, rule`,
  );
  const byWindow = database.prepare(
    `SELECT CAST((opened_at_ms - ?) / ${WINDOW_MS} AS INTEGER) AS at, COUNT(*) AS fired FROM alert WHERE ${ofRange} GROUP BY at ORDER BY fired DESC, at`,
  );
  const recovery = database.prepare(
    `SELECT COUNT(*) AS resolved, AVG(resolved_at_ms - fired_at_ms) AS mean FROM alert
     WHERE phase = 'resolved' AND resolved_at_ms >= ? AND resolved_at_ms < ? AND (? IS NULL OR unit = ?)`,
  );
  return ({ fromMs, toMs, unit = null }) => {
    const rules = byRule.all(fromMs, toMs, unit, unit).map((row) => ({
      rule: String(row['rule']),
      fired: Number(row['fired']),
      active: Number(row['active']),
    }));
    const windows = byWindow.all(fromMs, fromMs, toMs, unit, unit).map((row) => ({
      atMs: fromMs + Number(row['at']) * WINDOW_MS,
      fired: Number(row['fired']),
    }));
    const [peak] = windows;
    const ended = recovery.get(fromMs, toMs, unit, unit);
    const mean = ended?.['mean'];
    const fired = rules.reduce((sum, rule) => sum + rule.fired, 0);
    const windowCount = (toMs - fromMs) / WINDOW_MS;
    return {
      fired,
      rules,
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
