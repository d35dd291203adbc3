import type { FieldValue } from '../../../contract/sample.ts';
import { escapeKey } from '../../../contract/encode-line-protocol.ts';
import {
  HISTORY_PARTS,
  HISTORY_STANDING,
  historyField,
  historyPolicy,
  historySuffix,
  LONGEST_FINE_MS,
} from '../../../contract/influx-history.ts';
import { behindRows } from '../history/behind.ts';
import type { Window } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import { LEVELS, type HistoryStanding, type LevelName, type Resolution } from '../history/levels.ts';
import { MAX_STATES } from '../state-shares.ts';
import {
  clampTime,
  identifier,
  isState,
  literal,
  manyField,
  partsOf,
  sourceName,
  stateField,
} from './names.ts';

/** Where central remembers how far it is: in the policy that keeps everything. */
export const MEMORY_POLICY = historyPolicy('hour');
export const LATE = 'wardwatch_late';
const UNKNOWN = -1;

/** Long enough that a question for months opens few files, short enough that deleting rewrites little. */
const SHARD_DURATION: Readonly<Record<LevelName, string>> = { minute: '7d', hour: '12w' };

export function createPolicyStatement(database: string, level: LevelName): string {
  return (
    `CREATE RETENTION POLICY ${identifier(historyPolicy(level))} ON ${identifier(database)} ` +
    `DURATION INF REPLICATION 1 SHARD DURATION ${SHARD_DURATION[level]}`
  );
}

/** Makes the points of one field in a window, whatever is there. */
export interface RollTarget {
  readonly measurement: string;
  readonly field: string;
  readonly window: Window;
  /** Of these alone; undefined: of all. */
  readonly agents: readonly string[] | undefined;
}

/** One field at a time: each aggregate of each series takes memory. */
export function rollUpStatement(target: RollTarget): string {
  const parts = partsOf(resolutionBelow(target.window.level), target.field);
  const columns = HISTORY_PARTS.map(
    (part) => `${parts[part]} AS ${identifier(historyField(target.field, part))}`,
  );
  return intoLevel(target, columns.join(', '));
}

/** Of minutes, how many samples have this state. */
export function countStateStatement(target: RollTarget, state: FieldValue): string {
  const field = identifier(target.field);
  const column = `count(${field}) AS ${identifier(stateField(target.field, state))}`;
  return intoLevel(target, column, isState(target.field, state));
}

/** That there were too many to be counted. */
export function markManyStatement(target: RollTarget): string {
  return intoLevel(target, `count(${identifier(target.field)}) AS ${identifier(manyField(target.field))}`);
}

/** Of hours: sums of counts, which are named as they are there. */
export function sumCountsStatement(target: Omit<RollTarget, 'field'>, stored: readonly string[]): string {
  const columns = stored.map((name) => `sum(${identifier(name)}) AS ${identifier(name)}`);
  return intoLevel(target, columns.join(', '));
}

/** One more than count as states, if there are so many. */
export function statesStatement({ measurement, field, window, agents }: RollTarget): string {
  const where = windowCondition(window, agents);
  return `SELECT distinct(${identifier(field)}) AS "value" FROM ${identifier(measurement)} WHERE ${where} LIMIT ${MAX_STATES + 1}`;
}

function intoLevel(
  { measurement, window, agents }: Omit<RollTarget, 'field'>,
  columns: string,
  condition?: string,
): string {
  const { level } = window;
  const width = LEVELS.find(({ name }) => name === level)?.widthMs ?? 1;
  const where = [windowCondition(window, agents), ...(condition === undefined ? [] : [condition])];
  return (
    `SELECT ${columns} INTO ${sourceName(measurement, level)} FROM ${sourceName(measurement, resolutionBelow(level))} ` +
    `WHERE ${where.join(' AND ')} GROUP BY time(${width}ms), * fill(none)`
  );
}

function windowCondition({ fromMs, toMs }: Window, agents: readonly string[] | undefined): string {
  const where = [`time >= ${fromMs}ms`, `time < ${toMs}ms`];
  if (agents !== undefined)
    where.push(`(${agents.map((agent) => `"agent" = ${literal(agent)}`).join(' OR ')})`);
  return where.join(' AND ');
}

function resolutionBelow(level: LevelName): Resolution {
  return level === 'minute' ? 'raw' : 'minute';
}

/** The names of all fields that a measurement has in a level. */
export function fieldKeysStatement(measurement: string, level: LevelName): string {
  return `SHOW FIELD KEYS FROM ${sourceName(measurement, level)}`;
}

/** The oldest sample that has one of these fields; it costs a fraction of an aggregate, which opens each series by itself. */
export function oldestStatement(measurement: string, fields: readonly string[], sinceMs: number): string {
  return `SELECT ${fields.map(identifier).join(', ')} FROM ${identifier(measurement)} WHERE time >= ${clampTime(sinceMs)}ms LIMIT 1`;
}

/** One row of what a window of numbers is made of, if there is one. */
export function anySourceStatement(
  { measurement, window, agents }: Omit<RollTarget, 'field'>,
  fields: readonly string[],
): string {
  const below = resolutionBelow(window.level);
  const columns = fields.map((field) => identifier(below === 'raw' ? field : historyField(field, 'count')));
  return `SELECT ${columns.join(', ')} FROM ${sourceName(measurement, below)} WHERE ${windowCondition(window, agents)} LIMIT 1`;
}

export const readStandingStatement = `SELECT "from_ms", "rolled_to_ms" FROM ${identifier(MEMORY_POLICY)}.${identifier(HISTORY_STANDING)} WHERE time >= 0 GROUP BY "resolution"`;
export const readLateStatement = `SELECT "id", "done" FROM ${identifier(MEMORY_POLICY)}.${identifier(LATE)} WHERE time >= 0 GROUP BY "agent"`;

/** Lines with times in ms; the same ones whenever they are written. `forgotten`: resolutions of which nothing is known any more. */
export function standingLines(standing: HistoryStanding, forgotten: readonly string[] = []): string {
  const { rawFromMs, minute, hour } = standing;
  const line = (resolution: string, fromMs = UNKNOWN, rolledToMs = UNKNOWN, more = ''): string =>
    `${HISTORY_STANDING},resolution=${escapeKey(resolution)} from_ms=${fromMs}i,rolled_to_ms=${rolledToMs}i${more} 0\n`;
  // What dashboards ask instead, of an earlier or a longer time.
  const instead = (level: LevelName): string => `,instead="${historySuffix(level)}"`;
  const longest = `,longest_ms=${LONGEST_FINE_MS}i`;
  return (
    line('raw', rawFromMs, undefined, instead('minute')) +
    line('minute', minute.fromMs, minute.rolledToMs, `${instead('hour')}${longest}`) +
    line('hour', hour.fromMs, hour.rolledToMs) +
    behindRows(standing)
      .map(([name, rolledToMs]) => line(name, undefined, rolledToMs))
      .join('') +
    forgotten.map((name) => line(name)).join('')
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
