import { expect, it } from 'vitest';
import { openBackupRecord } from './backup-record.ts';
import { openStateDatabase } from './database.ts';

it('counts from the first start until there is a backup, also over restarts', () => {
  const database = openStateDatabase(':memory:');
  expect(openBackupRecord(database, 1_000).lastAtMs()).toBe(1_000);
  const later = openBackupRecord(database, 5_000);
  expect(later.lastAtMs()).toBe(1_000);
  later.recordBackup(6_000);
  expect(openBackupRecord(database, 9_000).lastAtMs()).toBe(6_000);
  database.close();
});
