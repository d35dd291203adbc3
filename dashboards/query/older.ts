import { HISTORY_STANDING, historyPolicy, type HistoryLevel } from '../../contract/influx-history.ts';

/**
 * What a dashboard reads by its time: nothing for samples, the suffix of minutes, or that of hours. Hidden, and read anew with the time. Of
 * two answers the coarser one counts, which is the first in the order of the alphabet.
 */
export const LEVEL = {
  name: 'level',
  query:
    `SELECT "instead" FROM "${historyPolicy('hour')}"."${HISTORY_STANDING}" ` +
    'WHERE "from_ms" > ${__from} OR "longest_ms" < ${__to} - ${__from}',
} as const;

/** Hours cannot be drawn in finer steps. Hidden, and Grafana's own: at least an hour. */
export const HOUR_STEP = { name: 'step', leastStep: '1h', steps: 600 } as const;

const LEVELS: readonly HistoryLevel[] = ['minute', 'hour'];

/** What of a query differs by what it reads. */
export interface Reading {
  /** For FROM. */
  readonly source: string;
  /** For GROUP BY time. */
  readonly step: string;
}

/** Of samples alone, however long the time is. */
export function samplesOf(measurement: string): Reading {
  return { source: `"${measurement}"`, step: '$__interval' };
}

/** Of samples where the dashboard reads samples: otherwise no measurement has this name there, and the answer is empty. */
export function samplesInTurn(measurement: string): Reading {
  return { source: chosen(measurement), step: '$__interval' };
}

/** Of each level, likewise. */
export function levelsInTurn(measurement: string): readonly Reading[] {
  return LEVELS.map((level) => ({
    source: `"${historyPolicy(level)}".${chosen(measurement)}`,
    step: level === 'hour' ? `\${${HOUR_STEP.name}:raw}` : '$__interval',
  }));
}

function chosen(measurement: string): string {
  return `/^${measurement}\${${LEVEL.name}:raw}$/`;
}
