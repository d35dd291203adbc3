import { expect, it } from 'vitest';
import { alertsByMinute } from '../support/alerts-by-minute.ts';

it('central raises an alarm while it cannot tell anybody, a graver one after a quarter of an hour, and one for what it gave up', () => {
  const undeliveredS = (minute: number): number => {
    if (minute < 5) return 20;
    return minute < 30 ? (minute - 5) * 60 : 0;
  };
  const raised = alertsByMinute(120, (minute, timeMs) =>
    // Of central itself, every 10 s.
    [0, 10, 20, 30, 40, 50].map((second) => ({
      measurement: 'pipeline',
      tags: {},
      fields: {
        undelivered_notification_s: undeliveredS(minute),
        new_given_up_notifications: minute === 31 && second === 10 ? 3 : 0,
      },
      timeMs: timeMs - 50_000 + second * 1_000,
    })),
  );
  const failing = (minute: number): string[] | undefined =>
    raised[minute]?.filter((alert) => alert.startsWith('central_notifications_'));
  expect(failing(4)).toEqual([]);
  expect(failing(7)).toEqual([]);
  expect(failing(8)).toEqual(['central_notifications_failing major']);
  expect(failing(25)).toEqual(['central_notifications_failing critical']);
  expect(failing(33)).toEqual(['central_notifications_lost critical']);
  expect(failing(100)).toEqual([]);
});
