/** Timeouts and intervals of the publisher, ms. */
export interface PublisherTimings {
  /** A batch without an ack by then is sent again; doubles with each resend of that batch up to the maximum. */
  readonly ackTimeoutMs: number;
  readonly ackTimeoutMaxMs: number;
  /** From connecting to the answered subscription. */
  readonly connectTimeoutMs: number;
  /** MQTT keepalive; rounded up to whole seconds on the wire. */
  readonly keepaliveMs: number;
  /** The first connection waits a random part of this, so that a city that is switched on does not connect at once. */
  readonly firstConnectMaxMs: number;
  /** The backlog waits a random part of this after each connect. */
  readonly backlogDelayMaxMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** A connection that lasted this long resets the backoff. */
  readonly stableAfterMs: number;
  /** A batch younger than this is live and sent first; older ones are backlog. */
  readonly freshForMs: number;
  /** A broker may lose its retained messages, so the state is published again this often. */
  readonly stateEveryMs: number;
  /** A batch is set aside after this many resends, if later batches were acknowledged each time. */
  readonly stuckAfterResends: number;
  /** Connected with batches waiting, and nothing acknowledged for so long: reported in the log. */
  readonly silentAfterMs: number;
  /** How long stop() waits for the last message to be delivered. */
  readonly stopWaitMs: number;
}

export const DEFAULT_TIMINGS: PublisherTimings = {
  ackTimeoutMs: 10_000,
  ackTimeoutMaxMs: 120_000,
  connectTimeoutMs: 20_000,
  keepaliveMs: 30_000,
  firstConnectMaxMs: 10_000,
  backlogDelayMaxMs: 30_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 60_000,
  stableAfterMs: 60_000,
  freshForMs: 30_000,
  stateEveryMs: 300_000,
  stuckAfterResends: 5,
  silentAfterMs: 60_000,
  stopWaitMs: 2_000,
};
