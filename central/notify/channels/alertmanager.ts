import { z } from 'zod';
import { durationSchema } from '../../../runtime/duration.ts';
import type { MessageAlert } from '../message/message.ts';
import type { SendAttempt } from './channel.ts';
import { postableAlerts, type PostableAlert } from './alertmanager-alerts.ts';
import { httpSettings, defineChannelKind } from './channel-kind.ts';
import { httpTarget } from './http-target.ts';

const alertmanagerSettings = z.strictObject({
  kind: z.literal('alertmanager'),
  ...httpSettings,
  /** It is told of all open alerts again this often. */
  repeatEvery: durationSchema
    .refine((ms) => ms >= 5_000 && ms <= 600_000, 'expected 5s to 10m')
    .default(60_000),
  /** The canary posts an empty list: it raises nothing there. */
  canary: z.boolean().default(false),
});

const BATCH_SIZE = 100;
const TEST_MS = 60_000;
/** It groups and limits by itself. */
const LIMITS = { perMinute: 600, digestAbove: 1_000, digestWithinMs: 60_000 };

/** Prometheus Alertmanager, API v2 (`POST /api/v2/alerts`). */
export const alertmanagerKind = defineChannelKind({
  kind: 'alertmanager',
  settingsSchema: alertmanagerSettings,
  create: (settings, context) => {
    const target = httpTarget(settings, context);
    const path = `${target.url.pathname.replace(/\/$/, '')}/api/v2/alerts`;
    target.url.pathname = path;
    const post = (alerts: readonly PostableAlert[], signal: AbortSignal) =>
      target.post({ signal, body: JSON.stringify(alerts), headers: { 'content-type': 'application/json' } });
    const postAll = (alerts: readonly MessageAlert[], { nowMs, signal }: SendAttempt) =>
      post(
        alerts.flatMap((alert) => postableAlerts(alert, nowMs)),
        signal,
      );
    return {
      id: context.id,
      kind: 'alertmanager',
      limits: LIMITS,
      send: ({ kind, alerts }, attempt) =>
        kind === 'test' ? post([testAlert(attempt.nowMs)], attempt.signal) : postAll(alerts, attempt),
      ...(settings.canary && { dryRun: ({ signal }) => post([], signal) }),
      state: { batchSize: BATCH_SIZE, repeatEveryMs: settings.repeatEvery, repeat: postAll },
    };
  },
});

function testAlert(nowMs: number): PostableAlert {
  return {
    labels: { alertname: 'wardwatch_test', severity: 'warning' },
    annotations: { summary: 'Test of Wardwatch: no action is needed' },
    startsAt: new Date(nowMs).toISOString(),
    endsAt: new Date(nowMs + TEST_MS).toISOString(),
  };
}
