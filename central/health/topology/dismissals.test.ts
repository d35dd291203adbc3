import { expect, it } from 'vitest';
import { openStateDatabase } from '../../state/database.ts';
import { openDismissals } from './dismissals.ts';

it('are kept over a restart, the last one of each proposal', () => {
  const database = openStateDatabase(':memory:');
  const dismissals = openDismissals(database);
  dismissals.set('t-1', { reason: 'a test', actor: 'an', atMs: 1 });
  dismissals.set('t-1', { reason: 'still one', actor: 'binh', atMs: 2 });
  expect(openDismissals(database).of('t-1')).toEqual({ reason: 'still one', actor: 'binh', atMs: 2 });
  expect(openDismissals(database).of('t-2')).toBeUndefined();
  database.close();
});
