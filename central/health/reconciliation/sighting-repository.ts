import type { StateDatabase } from '../../state/database.ts';

const MIGRATIONS = [
  `CREATE TABLE device_sighting (
     device TEXT PRIMARY KEY, listed_ms INTEGER NOT NULL, seen_day TEXT
   )`,
];

/** What outlasts a restart of central. */
export interface SavedSighting {
  /** Since when the inventory has it, Unix time, ms. */
  readonly listedAtMs: number;
  /** The last calendar day on which anything of it arrived, such as 2025-07-01; undefined: never. */
  readonly seenDay: string | undefined;
}

export interface SightingRepository {
  all(): ReadonlyMap<string, SavedSighting>;
  /** One durable transaction; undefined: it has left the inventory. */
  save(changed: ReadonlyMap<string, SavedSighting | undefined>): void;
}

export function openSightingRepository(database: StateDatabase): SightingRepository {
  database.migrate('device sighting', MIGRATIONS);
  const upsert = database.prepare(
    `INSERT INTO device_sighting (device, listed_ms, seen_day) VALUES (?, ?, ?)
     ON CONFLICT (device) DO UPDATE SET listed_ms = excluded.listed_ms, seen_day = excluded.seen_day`,
  );
  const remove = database.prepare('DELETE FROM device_sighting WHERE device = ?');
  return {
    all: () =>
      new Map(
        database
          .prepare('SELECT device, listed_ms, seen_day FROM device_sighting')
          .all()
          .map((row) => [
            String(row['device']),
            {
              listedAtMs: Number(row['listed_ms']),
              seenDay: typeof row['seen_day'] === 'string' ? row['seen_day'] : undefined,
            },
          ]),
      ),
    save: (changed) =>
      database.transaction(() => {
        for (const [device, saved] of changed) {
          if (saved === undefined) remove.run(device);
          else upsert.run(device, saved.listedAtMs, saved.seenDay ?? null);
        }
      }),
  };
}
