import { DIGESTS_WITHIN, type SendingLimits } from '../outbox/plan-message.ts';
import type { Telling } from '../outbox/telling.ts';

/** Why a channel has not been told yet of what it is owed; of several the one that holds for longest. */
export const OWED_WAITS = [
  'pause',
  'quiet_hours',
  'earlier_message',
  'rate_limit',
  'storm_digest',
  'group_window',
  'next',
] as const;
export type OwedWait = (typeof OWED_WAITS)[number];

export interface WhyOwed {
  readonly waitsFor: OwedWait;
  readonly reason: string;
  /** Unix ms; where it is known. */
  readonly untilMs?: number;
}

/** What the channel is at. */
export interface ChannelStanding {
  readonly limits: SendingLimits;
  /** It hears of each change at once, and groups by itself. */
  readonly isStateful: boolean;
  readonly groupWindowMs: number;
  /** When its messages of the last `digestWithinMs`, and at least of the last minute, were made, oldest first. Unix ms. */
  readonly madeAtMs: readonly number[];
  /** When the next attempt of a message before is due, Unix ms; undefined: none waits. */
  readonly nextAttemptAtMs: number | undefined;
  /** Whether its last message of the alert was given up. */
  readonly wasGivenUp: boolean;
}

const MINUTE_MS = 60_000;

/** Pure. */
export function whyOwed(
  { owedSinceMs, notBeforeMs }: Pick<Telling, 'owedSinceMs' | 'notBeforeMs'>,
  channel: ChannelStanding,
  nowMs: number,
): WhyOwed {
  const { limits, groupWindowMs, isStateful, madeAtMs, nextAttemptAtMs } = channel;
  if (notBeforeMs > nowMs) {
    if (channel.wasGivenUp)
      return {
        waitsFor: 'pause',
        reason: 'a pause, because the message before was given up',
        untilMs: notBeforeMs,
      };
    return { waitsFor: 'quiet_hours', reason: 'quiet hours', untilMs: notBeforeMs };
  }
  if (nextAttemptAtMs !== undefined) {
    const reason = 'the message before is not delivered yet; what comes meanwhile is told together';
    return { waitsFor: 'earlier_message', reason, untilMs: nextAttemptAtMs };
  }
  const ofMinute = madeAtMs.filter((atMs) => atMs > nowMs - MINUTE_MS);
  const oldestMs = ofMinute.at(-limits.perMinute);
  if (oldestMs !== undefined) {
    const reason = `its limit of messages a minute, ${limits.perMinute}, is reached`;
    return { waitsFor: 'rate_limit', reason, untilMs: oldestMs + MINUTE_MS };
  }
  const { digestAbove, digestWithinMs } = limits;
  const lastMs = madeAtMs.at(-1);
  const isStorm = madeAtMs.filter((atMs) => atMs > nowMs - digestWithinMs).length >= digestAbove;
  const nextDigestMs = (lastMs ?? 0) + digestWithinMs / DIGESTS_WITHIN;
  if (!isStateful && isStorm && nextDigestMs > nowMs) {
    const reason = 'a storm of alerts: digests are told from time to time';
    return { waitsFor: 'storm_digest', reason, untilMs: nextDigestMs };
  }
  if (!isStateful && owedSinceMs + groupWindowMs > nowMs) {
    const reason = 'alerts that belong to it are waited for, so that all are one message';
    return { waitsFor: 'group_window', reason, untilMs: owedSinceMs + groupWindowMs };
  }
  return { waitsFor: 'next', reason: 'the next message has it' };
}
