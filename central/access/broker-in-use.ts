import type { BrokerConfig } from '../mqtt/broker-config.ts';
import type { StateDatabase } from '../state/database.ts';

export type BrokerKind = BrokerConfig['kind'];

/** Which broker the last start of central used: only the embedded one checks the passwords in this database. */
export interface BrokerInUse {
  record(kind: BrokerKind): void;
  /** undefined: central has not started with this database yet. */
  read(): BrokerKind | undefined;
}

export function openBrokerInUse(database: StateDatabase): BrokerInUse {
  database.migrate('broker-in-use', ['CREATE TABLE broker_in_use (kind TEXT NOT NULL)']);
  const select = database.prepare('SELECT kind FROM broker_in_use');
  return {
    record: (kind) =>
      database.transaction(() => {
        database.prepare('DELETE FROM broker_in_use').run();
        database.prepare('INSERT INTO broker_in_use (kind) VALUES (?)').run(kind);
      }),
    read: () => {
      const kind = select.get()?.['kind'];
      return kind === 'embedded' || kind === 'external' ? kind : undefined;
    },
  };
}
