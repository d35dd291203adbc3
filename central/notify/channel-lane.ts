import { fullJitterMs } from '../../runtime/backoff.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Channel, Outcome, SendAttempt } from './channels/channel.ts';
import { dropExcess } from './drop-excess.ts';
import { whyOwed, type WhyOwed } from './explain/why-owed.ts';
import type { MessageAlert } from './message/message.ts';
import { madeLately, makeNextMessage, type NextMessageDeps } from './next-message.ts';
import type { OwedAgain } from './outbox/outbox.ts';
import type { Attempt, WaitingMessage } from './outbox/outbox-message.ts';
import type { Telling } from './outbox/telling.ts';

export interface LaneDeps extends NextMessageDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly bounds: OutboxBounds;
}

export interface OutboxBounds {
  /** After which a message is given up. */
  readonly maxAgeMs: number;
  /** Most alerts that one channel is owed. */
  readonly maxOwed: number;
}

export interface LaneCounts {
  sent: number;
  failedAttempts: number;
  /** Alerts of messages that were given up. */
  givenUp: number;
}

const MINUTE_MS = 60_000;
const RETRY = { leastMs: 1_000, baseMs: 2_000, capMs: 5 * MINUTE_MS };
const MAX_RETRY_AFTER_MS = 60 * MINUTE_MS;
/** A receiver may refuse by mistake. What it goes on refusing is owed again later, so that other messages get through. */
const MAX_REFUSALS = 3;
const MAX_ANSWER_CHARS = 300;

/**
 * Sends the messages of one channel, one at a time and in order. The next message is made only when the one before is
 * done: what comes while a channel does not answer is told together, and what began and ended meanwhile is told once.
 */
export class ChannelLane {
  readonly channel: Channel;
  readonly counts: LaneCounts = { sent: 0, failedAttempts: 0, givenUp: 0 };
  readonly #deps: LaneDeps;
  readonly #stopping = new AbortController();
  #sending: Promise<void> | undefined;
  /** The outcome of an attempt that the disk has not taken yet: without it a delivered message would be sent again. */
  #unrecorded: (() => void) | undefined;
  #refusals = { message: 0, count: 0 };
  #repeatAtMs: number;
  #isFailing = false;
  #isStopping = false;

  constructor(channel: Channel, deps: LaneDeps) {
    this.channel = channel;
    this.#deps = deps;
    this.#repeatAtMs = deps.clock.now() + (channel.state?.repeatEveryMs ?? 0);
  }

  /** Begins to send what is due. Throws when `state.db` cannot be used. */
  pump(): void {
    if (this.#sending !== undefined || this.#isStopping) return;
    this.#unrecorded?.();
    this.#unrecorded = undefined;
    const work = this.#next();
    if (work === undefined) return;
    this.#sending = work().finally(() => {
      this.#sending = undefined;
    });
    this.#sending.then(
      () => this.#pumpAgain(),
      (err: unknown) => this.#deps.log.error({ channel: this.channel.id, err }, 'a channel failed'),
    );
  }

  /** Why the channel has not been told yet of what it is owed. */
  whyOwed(telling: Telling): WhyOwed {
    const { clock, outbox, groupWindowMs } = this.#deps;
    const { id, limits, state } = this.channel;
    const nowMs = clock.now();
    const { messages } = outbox;
    const standing = {
      limits,
      isStateful: state !== undefined,
      groupWindowMs,
      madeAtMs: madeLately(this.channel, outbox, nowMs),
      nextAttemptAtMs: messages.waiting(id)?.nextAttemptAtMs,
      wasGivenUp: messages.lastStateOf(telling.facts.id, id) === 'given_up',
    };
    return whyOwed(telling, standing, nowMs);
  }

  /** Ends what is being sent, at the latest after `graceMs`. */
  async stop(graceMs: number): Promise<void> {
    this.#isStopping = true;
    const isSent = new AbortController();
    const sending = this.#sending?.catch(() => undefined).then(() => isSent.abort(new Error('sent')));
    if (sending === undefined) return;
    await Promise.race([sending, this.#deps.clock.sleep(graceMs, isSent.signal).catch(() => undefined)]);
    this.#stopping.abort(new Error('central stops'));
    await sending;
  }

  /** Errors are told at the next tick, which meets them as well. */
  #pumpAgain(): void {
    try {
      this.pump();
    } catch {
      return;
    }
  }

  #next(): (() => Promise<void>) | undefined {
    const { clock, outbox } = this.#deps;
    const { id } = this.channel;
    this.#dropExcess();
    let waiting = outbox.messages.waiting(id);
    if (waiting !== undefined && waiting.madeAtMs + this.#deps.bounds.maxAgeMs <= clock.now()) {
      this.#giveUp(waiting, 'it could not be delivered in time', 'now');
      waiting = undefined;
    }
    waiting ??= makeNextMessage(this.channel, this.#deps, clock.now());
    if (waiting !== undefined) {
      const message = waiting;
      const waitMs = message.nextAttemptAtMs - clock.now();
      // A longer wait was written while central's time was ahead.
      const isDue = waitMs <= 0 || waitMs > MAX_RETRY_AFTER_MS;
      return isDue ? () => this.#attempt(message) : undefined;
    }
    return this.#repetition();
  }

  async #attempt(waiting: WaitingMessage): Promise<void> {
    const { clock, outbox } = this.#deps;
    const message = {
      ...waiting,
      alerts: outbox.messages.alertsOf(waiting.number),
      follows: outbox.messages.followedBy(waiting.number),
    };
    const atMs = clock.now();
    const startMs = clock.monotonicMs();
    const outcome = await this.#outcomeOf((attempt) => this.channel.send(message, attempt));
    const tookMs = Math.round(clock.monotonicMs() - startMs);
    const attempt = { atMs, tookMs, outcome: outcome.kind, answer: outcome.answer };
    const record = (): void => this.#record(message, attempt, outcome);
    try {
      record();
    } catch (err) {
      this.#unrecorded = record;
      throw err;
    }
  }

  #record(message: WaitingMessage, attempt: Attempt, outcome: Outcome): void {
    const { outbox, clock, random } = this.#deps;
    const { id } = this.channel;
    if (outcome.kind === 'delivered') {
      outbox.recordDelivered(message.number, id, attempt);
      this.counts.sent++;
      this.#report(undefined);
      return;
    }
    const backOffMs = RETRY.leastMs + fullJitterMs(message.attempts, RETRY, random);
    const askedMs = outcome.kind === 'failed' ? Math.min(outcome.retryAfterMs ?? 0, MAX_RETRY_AFTER_MS) : 0;
    outbox.recordFailed(message.number, attempt, clock.now() + Math.max(backOffMs, askedMs));
    this.counts.failedAttempts++;
    this.#report(attempt.answer);
    if (outcome.kind === 'refused' && this.#countRefusal(message.number) >= MAX_REFUSALS)
      this.#giveUp(message, `the receiver does not take it: ${attempt.answer}`, 'later');
  }

  #countRefusal(message: number): number {
    const count = this.#refusals.message === message ? this.#refusals.count + 1 : 1;
    this.#refusals = { message, count };
    return count;
  }

  #giveUp(message: WaitingMessage, reason: string, again: OwedAgain): void {
    const { outbox, clock, log } = this.#deps;
    const { id } = this.channel;
    const alerts = outbox.giveUp(message, id, { reason, atMs: clock.now(), again });
    this.counts.givenUp += alerts;
    log.error({ channel: id, notification: message.number, alerts, reason }, 'a notification was given up');
  }

  #dropExcess(): void {
    const { outbox, bounds, clock, log } = this.#deps;
    const { id: channel } = this.channel;
    const dropped = dropExcess(channel, bounds.maxOwed, outbox, clock.now());
    if (dropped === undefined) return;
    this.counts.givenUp += dropped.alerts;
    log.error({ channel, ...dropped }, 'notifications were given up');
  }

  #repetition(): (() => Promise<void>) | undefined {
    const { outbox, clock } = this.#deps;
    const { id, state } = this.channel;
    if (state === undefined || clock.now() < this.#repeatAtMs) return undefined;
    this.#repeatAtMs = clock.now() + state.repeatEveryMs;
    const alerts = outbox.tellings.toldAsOpen(id).map(asToldBefore);
    if (alerts.length === 0) return undefined;
    return async () => {
      let failure: string | undefined;
      for (let start = 0; start < alerts.length; start += state.batchSize) {
        const part = alerts.slice(start, start + state.batchSize);
        const outcome = await this.#outcomeOf((attempt) => state.repeat(part, attempt));
        if (outcome.kind !== 'delivered') failure = outcome.answer;
        // One batch that is refused says nothing of the others.
        if (outcome.kind === 'failed') break;
      }
      this.#report(failure);
    };
  }

  async #outcomeOf(send: (attempt: SendAttempt) => Promise<Outcome>): Promise<Outcome> {
    try {
      const outcome = await send({ nowMs: this.#deps.clock.now(), signal: this.#stopping.signal });
      return { ...outcome, answer: outcome.answer.slice(0, MAX_ANSWER_CHARS) };
    } catch (error) {
      return { kind: 'failed', answer: messageOf(error).slice(0, MAX_ANSWER_CHARS) };
    }
  }

  /** Once for each change. */
  #report(failure: string | undefined): void {
    const { log } = this.#deps;
    const { id: channel } = this.channel;
    if (failure !== undefined && !this.#isFailing)
      log.warn({ channel, answer: failure }, 'a notification could not be delivered; it is tried again');
    if (failure === undefined && this.#isFailing) log.info({ channel }, 'notifications are delivered again');
    this.#isFailing = failure !== undefined;
  }
}

function asToldBefore({ facts, toldSeverity }: Telling): MessageAlert {
  return { what: 'begin', facts: { ...facts, severity: toldSeverity ?? facts.severity } };
}
