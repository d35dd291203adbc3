import { expect, it } from 'vitest';
import { handlingOf } from './incident-handling.ts';

it('an incident stays with whoever has any of its alerts, whichever is its head', () => {
  const alerts = [
    { id: 'head', acknowledgement: undefined },
    { id: 'behind', acknowledgement: { by: 'lan', atMs: 1 } },
    { id: 'other', acknowledgement: { by: 'minh', atMs: 2 }, assignee: 'an' },
    { id: 'free' },
    { id: 'alone', assignee: 'binh' },
  ];
  const incidents: Readonly<Record<string, string>> = {
    head: 'i-1',
    behind: 'i-1',
    other: 'i-1',
    free: 'i-2',
  };
  const found = handlingOf(alerts, (id) => incidents[id]);
  expect([...found]).toEqual([['i-1', { acknowledgedBy: 'lan', assignee: 'an' }]]);
});
