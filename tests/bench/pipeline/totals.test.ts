import { expect, it } from 'vitest';
import { Totals } from './totals.ts';

it('counts as acknowledged in the window what was sent in it, however late, and nothing else', () => {
  const totals = new Totals();
  const before = totals.sent(1, 10);
  totals.openWindow();
  const [early, late, never] = [totals.sent(2, 20), totals.sent(3, 30), totals.sent(4, 40)];
  before();
  early();
  totals.closeWindow();
  const after = totals.sent(5, 50);
  after();
  late();

  expect(totals.report).toEqual({
    sentPoints: 15,
    sentValues: 150,
    ackedPoints: 11,
    ackedValues: 110,
    window: { sentValues: 90, ackedValues: 50 },
  });
  never();
  expect(totals.report.window).toEqual({ sentValues: 90, ackedValues: 90 });
});

it('starts each window anew, without the acknowledgements of the one before', () => {
  const totals = new Totals();
  totals.openWindow();
  const acked = totals.sent(1, 10);
  totals.openWindow();
  acked();

  expect(totals.report).toMatchObject({ ackedValues: 10, window: { sentValues: 0, ackedValues: 0 } });
});
