import type { SqlValue } from '../../state/database.ts';
import { SEVERITIES } from '../rules/severity.ts';
import { IS_NO_CANARY } from './canary-alarm.ts';
import { scopeCondition } from './alert-scope.ts';
import { ACTIVE_PHASES, type AlertOrder, type AlertQuery } from './alert.ts';

/** A query whose search text is resolved into what the database can look for. */
export interface AlertPageQuery extends Omit<AlertQuery, 'search'> {
  readonly search?:
    | {
        /** In lower case: within the names of rule, agent, site, unit or the tags of the entity. */
        readonly text: string;
        /** All alerts of these, too. */
        readonly rules: readonly string[];
        readonly units: readonly string[];
      }
    | undefined;
}

export const IS_ACTIVE = `phase IN (${ACTIVE_PHASES.map((phase) => `'${phase}'`).join(', ')})`;

const RANK = `CASE severity ${SEVERITIES.map((severity, rank) => `WHEN '${severity}' THEN ${rank}`).join(' ')} END`;

/** By what each order compares, and in which direction. */
const ORDERS: Readonly<
  Record<AlertOrder, { readonly keys: string; readonly sort: string; readonly behind: '<' | '>' }>
> = {
  newest: { keys: '(number)', sort: 'number DESC', behind: '<' },
  oldest: { keys: '(number)', sort: 'number', behind: '>' },
  severity: { keys: `(${RANK}, number)`, sort: `${RANK} DESC, number DESC`, behind: '<' },
};

/** A page of alerts, one more than `limit` where there are more. */
export function pageStatement(query: AlertPageQuery): { readonly sql: string; readonly values: SqlValue[] } {
  const { keys, sort, behind } = ORDERS[query.order ?? 'newest'];
  const parts = [IS_NO_CANARY];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    parts.push(condition);
    values.push(...bound);
  };
  if (query.state === 'active') add(IS_ACTIVE);
  else if (query.state !== undefined) add('phase = ?', query.state);
  for (const column of ['severity', 'unit', 'site', 'rule'] as const) {
    const wanted = query[column];
    if (wanted !== undefined) add(`${column} = ?`, wanted);
  }
  if (query.device !== undefined) add(`json_extract(entity, '$.device') = ?`, query.device);
  const listed = 'IN (SELECT value FROM json_each(?))';
  if (query.among !== undefined) add(`id ${listed}`, JSON.stringify(query.among));
  if (query.within !== undefined) {
    const { sql, values: bound } = scopeCondition(query.within);
    add(sql, ...bound);
  }
  if (query.except !== undefined) add(`id NOT ${listed}`, JSON.stringify(query.except));
  if (query.assignee !== undefined) add('assignee = ?', query.assignee);
  for (const [wanted, column] of [
    [query.acknowledged, 'acknowledgement'],
    [query.shelved, 'shelf'],
    [query.learnedLate, 'learned_late_at_ms'],
  ] as const) {
    if (wanted !== undefined) add(`${column} IS ${wanted ? 'NOT ' : ''}NULL`);
  }
  if (query.sinceMs !== undefined) add('opened_at_ms >= ?', query.sinceMs);
  if (query.search !== undefined) {
    const { text, rules, units } = query.search;
    const named = `lower(rule || ' ' || entity || ' ' || agent || ' ' || COALESCE(site, '') || ' ' || COALESCE(unit, ''))`;
    add(
      `(instr(${named}, ?) > 0 OR rule IN (${placesFor(rules)}) OR unit IN (${placesFor(units)}))`,
      text,
      ...rules,
      ...units,
    );
  }
  if (query.cursor !== undefined)
    add(`${keys} ${behind} (SELECT ${keys.slice(1, -1)} FROM alert WHERE id = ?)`, query.cursor);
  const sql = `SELECT * FROM alert WHERE ${parts.join(' AND ')} ORDER BY ${sort} LIMIT ?`;
  return { sql, values: [...values, query.limit + 1] };
}

function placesFor(list: readonly unknown[]): string {
  return list.map(() => '?').join(', ');
}
