import type { StateDatabase } from '../../state/database.ts';
import { HOLD_KINDS } from '../held/hold.ts';

/** Beside why it was held: no route took it, or it was over when central learned of it. */
export const UNTOLD_KINDS = ['no_route', 'learned_late', ...HOLD_KINDS] as const;

/** Why nobody was told that an alert began. */
export interface Untold {
  readonly alertId: string;
  readonly kind: (typeof UNTOLD_KINDS)[number];
  /** Of one that was held until it was over. */
  readonly by?: string;
  readonly reason: string;
}

/** The reason of each alert that nobody was told of. To be called within a transaction where it writes. */
export class UntoldStore {
  readonly #statements: ReturnType<typeof prepareStatements>;

  constructor(database: StateDatabase) {
    this.#statements = prepareStatements(database);
  }

  find(alertId: string): Untold | undefined {
    const row = this.#statements.find.get(alertId);
    if (row === undefined) return undefined;
    const { by } = row;
    return {
      alertId,
      kind: String(row['kind']) as Untold['kind'],
      ...(typeof by === 'string' && { by }),
      reason: String(row['reason']),
    };
  }

  save({ alertId, kind, by, reason }: Untold, atMs: number): void {
    this.#statements.save.run(alertId, kind, by ?? null, reason, atMs);
  }

  deleteOld(beforeMs: number, limit: number): void {
    this.#statements.deleteOld.run(beforeMs, limit);
  }
}

function prepareStatements(database: StateDatabase) {
  const prepare = (sql: string) => database.prepare(sql);
  return {
    find: prepare('SELECT kind, by, reason FROM notify_untold WHERE alert_id = ?'),
    save: prepare(
      'INSERT OR REPLACE INTO notify_untold (alert_id, kind, by, reason, at_ms) VALUES (?, ?, ?, ?, ?)',
    ),
    deleteOld: prepare(
      'DELETE FROM notify_untold WHERE alert_id IN (SELECT alert_id FROM notify_untold WHERE at_ms < ? LIMIT ?)',
    ),
  };
}
