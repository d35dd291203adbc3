import type { SqlRow, SqlValue, StateDatabase, Statement } from '../../state/database.ts';
import { severityRank, SEVERITIES, type Severity } from '../rules/severity.ts';
import type { IncidentOrder, IncidentQuery, IncidentRecord } from './incident-record.ts';
import type { IncidentStep, Joined } from './incident-step.ts';
import type { IncidentCounts } from './incident-view.ts';

/** Never edited, only added to. */
const MIGRATIONS = [
  `CREATE TABLE incident (
     number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, root TEXT, root_name TEXT, head_alert TEXT, rule TEXT NOT NULL,
     rank INTEGER NOT NULL, began_ms INTEGER NOT NULL, ended_ms INTEGER, merged_into TEXT, unit TEXT, site TEXT, units TEXT NOT NULL,
     alerts INTEGER NOT NULL, counts TEXT, cut_off TEXT NOT NULL, search TEXT NOT NULL
   );
   CREATE INDEX incident_ended ON incident (ended_ms, number);
   CREATE TABLE incident_step (
     number INTEGER PRIMARY KEY AUTOINCREMENT, incident TEXT NOT NULL, kind TEXT NOT NULL, alert TEXT, joined TEXT, reason TEXT NOT NULL,
     at_ms INTEGER NOT NULL
   );
   CREATE INDEX incident_step_incident ON incident_step (incident, number);
   CREATE INDEX incident_step_alert ON incident_step (alert, number);
   CREATE TRIGGER incident_step_is_final BEFORE UPDATE ON incident_step
     BEGIN SELECT RAISE(ABORT, 'the timeline of incidents is append-only'); END;
   CREATE TABLE incident_cursor (only_one INTEGER PRIMARY KEY CHECK (only_one = 1), sequence INTEGER NOT NULL)`,
];

export interface IncidentChanges {
  readonly incidents: readonly IncidentRecord[];
  readonly steps: readonly IncidentStep[];
  /** The last step of alerts that this follows from. */
  readonly sequence: number;
}

export interface IncidentStore {
  /** One durable transaction; throws, with nothing changed, when the disk refuses. */
  save(changes: IncidentChanges): void;
  /** Up to which step of alerts incidents are known; undefined: none was ever followed. */
  cursor(): number | undefined;
  get(id: string): IncidentRecord | undefined;
  has(id: string): boolean;
  /** One more than `limit` when there are more. */
  page(query: IncidentQuery): readonly IncidentRecord[];
  open(): readonly IncidentRecord[];
  /** The one of these roots that ended last, and not before; none that is part of another one. */
  endedOf(roots: readonly string[], endedSinceMs: number): IncidentRecord | undefined;
  /** Alerts that joined open incidents and did not leave, by incident. */
  openMembers(): ReadonlyMap<string, ReadonlyMap<string, Joined>>;
  /** Oldest first, the newest `limit`. */
  steps(incident: string, limit: number): readonly IncidentStep[];
  /** Alerts that ever belonged to it in the order in which they joined, each as it was last; at most `limit`. */
  members(incident: string, limit: number): readonly MemberRecord[];
  /** The incident that an alert joined last. */
  incidentOf(alert: string): string | undefined;
  /** Those that ended before, and the oldest ended ones beyond `keep`. */
  deleteOld(beforeMs: number, keep: number): void;
}

export interface MemberRecord extends Joined {
  readonly alert: string;
  readonly joinedAtMs: number;
  /** It turned out to belong elsewhere. */
  readonly leftAtMs?: number;
}

const UPSERT = `INSERT INTO incident (id, root, root_name, head_alert, rule, rank, began_ms, ended_ms, merged_into, unit, site, units, alerts, counts,
    cut_off, search)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET ${[
    'root_name',
    'head_alert',
    'rule',
    'rank',
    'ended_ms',
    'merged_into',
    'unit',
    'site',
    'units',
    'alerts',
    'counts',
    'cut_off',
    'search',
  ]
    .map((column) => `${column} = excluded.${column}`)
    .join(', ')}`;

const ORDERS: Readonly<
  Record<IncidentOrder, { readonly keys: string; readonly sort: string; readonly behind: '<' | '>' }>
> = {
  newest: { keys: 'number', sort: 'number DESC', behind: '<' },
  oldest: { keys: 'number', sort: 'number', behind: '>' },
  severity: { keys: 'rank, number', sort: 'rank DESC, number DESC', behind: '<' },
};

export function openIncidentStore(database: StateDatabase): IncidentStore {
  database.migrate('incident', MIGRATIONS);
  const upsert = database.prepare(UPSERT);
  const insertStep = database.prepare(
    'INSERT INTO incident_step (incident, kind, alert, joined, reason, at_ms) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const setCursor = database.prepare(
    'INSERT INTO incident_cursor (only_one, sequence) VALUES (1, ?) ON CONFLICT (only_one) DO UPDATE SET sequence = excluded.sequence',
  );
  const getCursor = database.prepare('SELECT sequence FROM incident_cursor');
  const exists = database.prepare('SELECT 1 AS found FROM incident WHERE id = ?');
  const byId = database.prepare('SELECT * FROM incident WHERE id = ?');
  const open = database.prepare('SELECT * FROM incident WHERE ended_ms IS NULL ORDER BY number');
  const ended = database.prepare(
    `SELECT * FROM incident WHERE ended_ms >= ? AND merged_into IS NULL AND root IN (SELECT value FROM json_each(?))
     ORDER BY ended_ms DESC LIMIT 1`,
  );
  const openSteps = database.prepare(
    `SELECT step.incident, step.alert, step.kind, step.joined FROM incident JOIN incident_step AS step ON step.incident = incident.id
     WHERE incident.ended_ms IS NULL AND step.kind IN ('joined', 'left') ORDER BY step.number`,
  );
  const steps = database.prepare(
    'SELECT * FROM (SELECT * FROM incident_step WHERE incident = ? ORDER BY number DESC LIMIT ?) ORDER BY number',
  );
  const members = database.prepare(
    `SELECT alert, MIN(at_ms) AS joined_ms, MAX(number) AS last, MAX(CASE kind WHEN 'joined' THEN number END) AS last_joined
     FROM incident_step WHERE incident = ? AND kind IN ('joined', 'left') GROUP BY alert ORDER BY MIN(number) LIMIT ?`,
  );
  const stepByNumber = database.prepare('SELECT * FROM incident_step WHERE number = ?');
  const lastOf = database.prepare(
    "SELECT incident FROM incident_step WHERE alert = ? AND kind = 'joined' ORDER BY number DESC LIMIT 1",
  );
  const old = database.prepare(
    `SELECT id FROM incident WHERE ended_ms IS NOT NULL AND (ended_ms < ? OR number <= (
       SELECT number FROM incident WHERE ended_ms IS NOT NULL ORDER BY number DESC LIMIT 1 OFFSET ?)) LIMIT 1000`,
  );
  const deleteIncident = database.prepare('DELETE FROM incident WHERE id = ?');
  const deleteSteps = database.prepare('DELETE FROM incident_step WHERE incident = ?');
  return {
    save: ({ incidents, steps: written, sequence }) =>
      database.transaction(() => {
        for (const record of incidents) upsert.run(...valuesOf(record));
        for (const { incident, kind, alert, as, reason, atMs } of written)
          insertStep.run(
            incident,
            kind,
            alert ?? null,
            as === undefined ? null : JSON.stringify(as),
            reason,
            atMs,
          );
        setCursor.run(sequence);
      }),
    cursor: () => {
      const sequence = getCursor.get()?.['sequence'];
      return sequence === undefined ? undefined : Number(sequence);
    },
    get: (id) => {
      const row = byId.get(id);
      return row && toRecord(row);
    },
    has: (id) => exists.get(id) !== undefined,
    page: (query) => {
      const { sql, values } = pageStatement(query);
      return database
        .prepare(sql)
        .all(...values)
        .map(toRecord);
    },
    open: () => open.all().map(toRecord),
    endedOf: (roots, endedSinceMs) => {
      const row = ended.get(endedSinceMs, JSON.stringify(roots));
      return row && toRecord(row);
    },
    openMembers: () => membersIn(openSteps),
    steps: (incident, limit) => steps.all(incident, limit).map(toStep),
    members: (incident, limit) =>
      members.all(incident, limit).flatMap((row) => {
        const joined = stepByNumber.get(Number(row['last_joined']));
        const last = row['last'] === row['last_joined'] ? undefined : stepByNumber.get(Number(row['last']));
        if (joined === undefined) return [];
        return [
          {
            alert: String(row['alert']),
            joinedAtMs: Number(row['joined_ms']),
            ...(JSON.parse(String(joined['joined'])) as Joined),
            ...(last !== undefined && { leftAtMs: Number(last['at_ms']) }),
          },
        ];
      }),
    incidentOf: (alert) => {
      const row = lastOf.get(alert);
      return row && String(row['incident']);
    },
    deleteOld: (beforeMs, keep) => {
      const ids = old.all(beforeMs, keep).map((row) => String(row['id']));
      if (ids.length === 0) return;
      database.transaction(() => {
        for (const id of ids) {
          deleteIncident.run(id);
          deleteSteps.run(id);
        }
      });
    },
  };
}

function pageStatement(query: IncidentQuery): { readonly sql: string; readonly values: SqlValue[] } {
  const { keys, sort, behind } = ORDERS[query.order];
  const parts = ['1'];
  const values: SqlValue[] = [];
  const add = (condition: string, ...bound: SqlValue[]): void => {
    parts.push(condition);
    values.push(...bound);
  };
  if (query.state !== undefined) add(query.state === 'open' ? 'ended_ms IS NULL' : 'ended_ms IS NOT NULL');
  if (query.severity !== undefined) add('rank = ?', severityRank(query.severity));
  if (query.root !== undefined) add('root = ?', query.root);
  if (query.unit !== undefined) add('? IN (SELECT value FROM json_each(units))', query.unit);
  if (query.within !== undefined) {
    const { units, refs } = query.within;
    const among = 'IN (SELECT value FROM json_each(?))';
    add(
      `(EXISTS (SELECT 1 FROM json_each(units) WHERE value ${among}) OR root ${among} OR 'site:' || site ${among}
        OR EXISTS (SELECT 1 FROM json_each(cut_off) WHERE value ${among}))`,
      JSON.stringify([...units]),
      ...Array.from({ length: 3 }, () => JSON.stringify([...refs])),
    );
  }
  if (query.sinceMs !== undefined) add('(began_ms >= ? OR ended_ms IS NULL)', query.sinceMs);
  if (query.search !== undefined) add('instr(search, ?) > 0', query.search);
  if (query.cursor !== undefined)
    add(`(${keys}) ${behind} (SELECT ${keys} FROM incident WHERE id = ?)`, query.cursor);
  const sql = `SELECT * FROM incident WHERE ${parts.join(' AND ')} ORDER BY ${sort} LIMIT ?`;
  return { sql, values: [...values, query.limit + 1] };
}

function membersIn(openSteps: Statement): Map<string, Map<string, Joined>> {
  const found = new Map<string, Map<string, Joined>>();
  for (const row of openSteps.all()) {
    const incident = String(row['incident']);
    const members = found.get(incident) ?? new Map<string, Joined>();
    found.set(incident, members);
    const alert = String(row['alert']);
    if (row['kind'] === 'joined') members.set(alert, JSON.parse(String(row['joined'])) as Joined);
    else members.delete(alert);
  }
  return found;
}

function valuesOf(record: IncidentRecord): SqlValue[] {
  const { id, root, rootName, headAlert, rule, severity, beganAtMs, endedAtMs, mergedInto, unit, site } =
    record;
  return [
    ...[id, root ?? null, rootName ?? null, headAlert ?? null, rule, severityRank(severity)],
    ...[beganAtMs, endedAtMs ?? null, mergedInto ?? null, unit ?? null, site ?? null],
    ...[JSON.stringify(record.units), record.alertCount],
    ...[record.counts === undefined ? null : JSON.stringify(record.counts), JSON.stringify(record.cutOff)],
    record.search,
  ];
}

// The rows are our own: what was written above is what comes back.
function toRecord(row: SqlRow): IncidentRecord {
  const text = (column: string): string | undefined => {
    const value = row[column];
    return typeof value === 'string' ? value : undefined;
  };
  const optional = {
    root: text('root'),
    rootName: text('root_name'),
    headAlert: text('head_alert'),
    mergedInto: text('merged_into'),
    unit: text('unit'),
    site: text('site'),
    endedAtMs: row['ended_ms'] === null ? undefined : Number(row['ended_ms']),
    counts: parsed(text('counts')),
  };
  return {
    id: String(row['id']),
    rule: String(row['rule']),
    severity: SEVERITIES[Number(row['rank'])] ?? ('minor' satisfies Severity),
    beganAtMs: Number(row['began_ms']),
    units: JSON.parse(String(row['units'])) as string[],
    alertCount: Number(row['alerts']),
    cutOff: JSON.parse(String(row['cut_off'])) as string[],
    search: String(row['search']),
    ...(Object.fromEntries(
      Object.entries(optional).filter(([, value]) => value !== undefined),
    ) as Partial<IncidentRecord>),
  };
}

function parsed(counts: string | undefined): IncidentCounts | undefined {
  return counts === undefined ? undefined : (JSON.parse(counts) as IncidentCounts);
}

function toStep(row: SqlRow): IncidentStep {
  const { alert, joined } = row;
  return {
    incident: String(row['incident']),
    kind: String(row['kind']) as IncidentStep['kind'],
    reason: String(row['reason']),
    atMs: Number(row['at_ms']),
    ...(typeof alert === 'string' && { alert }),
    ...(typeof joined === 'string' && { as: JSON.parse(joined) as Joined }),
  };
}
