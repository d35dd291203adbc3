import { escapeKey } from '../../../contract/encode-line-protocol.ts';
import type { Window } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import { LEVELS, type HistoryStanding, type LevelName } from '../history/levels.ts';
import {
  clampTime,
  identifier,
  literal,
  partsOf,
  PARTS,
  policyOf,
  sourceName,
  storedField,
} from './names.ts';

/** Where central remembers how far it is: in the policy that keeps everything. */
export const MEMORY_POLICY = policyOf('hour');
const STANDING = 'wardwatch_history';
export const LATE = 'wardwatch_late';
const UNKNOWN = -1;

/** Long enough that a question for months opens few files, short enough that deleting rewrites little. */
const SHARD_DURATION: Readonly<Record<LevelName, string>> = { minute: '7d', hour: '12w' };

export function createPolicyStatement(database: string, level: LevelName): string {
  return (
    `CREATE RETENTION POLICY ${identifier(policyOf(level))} ON ${identifier(database)} ` +
    `DURATION INF REPLICATION 1 SHARD DURATION ${SHARD_DURATION[level]}`
  );
}

/** Writes the points of one field again, whatever is there. One field at a time: each aggregate of each series takes memory. */
export function rollUpStatement(
  measurement: string,
  field: string,
  { level, fromMs, toMs }: Window,
  agents: readonly string[] | undefined,
): string {
  const resolution = level === 'minute' ? 'raw' : 'minute';
  const parts = partsOf(resolution, field);
  const columns = PARTS.map((part) => `${parts[part]} AS ${identifier(storedField(field, part))}`);
  const where = [`time >= ${fromMs}ms`, `time < ${toMs}ms`];
  if (agents !== undefined) {
    where.push(`(${agents.map((agent) => `"agent" = ${literal(agent)}`).join(' OR ')})`);
  }
  const width = LEVELS.find(({ name }) => name === level)?.widthMs ?? 1;
  return (
    `SELECT ${columns.join(', ')} INTO ${sourceName(measurement, level)} ` +
    `FROM ${sourceName(measurement, resolution)} WHERE ${where.join(' AND ')} GROUP BY time(${width}ms), * fill(none)`
  );
}

export function oldestStatement(measurement: string, field: string, sinceMs: number): string {
  return `SELECT first(${identifier(field)}) FROM ${identifier(measurement)} WHERE time >= ${clampTime(sinceMs)}ms`;
}

export const readStandingStatement = `SELECT "from_ms", "rolled_to_ms" FROM ${identifier(MEMORY_POLICY)}.${identifier(STANDING)} WHERE time >= 0 GROUP BY "resolution"`;
export const readLateStatement = `SELECT "id", "done" FROM ${identifier(MEMORY_POLICY)}.${identifier(LATE)} WHERE time >= 0 GROUP BY "agent"`;

/** Lines with times in ms; the same ones whenever they are written. */
export function standingLines({ rawFromMs, minute, hour }: HistoryStanding): string {
  const line = (resolution: string, fromMs = UNKNOWN, rolledToMs = UNKNOWN): string =>
    `${STANDING},resolution=${resolution} from_ms=${fromMs}i,rolled_to_ms=${rolledToMs}i 0\n`;
  return (
    line('raw', rawFromMs) +
    line('minute', minute.fromMs, minute.rolledToMs) +
    line('hour', hour.fromMs, hour.rolledToMs)
  );
}

/** `done`: rolled up, unless more was noted since. */
export function lateLines(hours: readonly LateHour[], field: 'id' | 'done'): string {
  return hours
    .map(({ agent, hourMs, id }) => {
      const tag = agent === '' ? '' : `,agent=${escapeKey(agent)}`;
      return `${LATE}${tag} ${field}=${id}i ${hourMs}\n`;
    })
    .join('');
}

export function knownTime(value: unknown): number | undefined {
  const timeMs = Number(value ?? UNKNOWN);
  return timeMs === UNKNOWN ? undefined : timeMs;
}
