/** When the publisher does what; all durations in ms. Sources: transport study, sections 6 and 8. */
export interface PublisherTimings {
  /** Without an ack by then a batch is sent again; doubles with each resend of that batch up to the maximum. */
  readonly ackTimeoutMs: number;
  readonly ackTimeoutMaxMs: number;
  /** From dialling to the answered subscription. */
  readonly connectTimeoutMs: number;
  /** MQTT keepalive; rounded up to whole seconds on the wire. */
  readonly keepaliveMs: number;
  /** The first connection waits a random part of this, so that a city that is switched on does not dial at once. */
  readonly firstConnectMaxMs: number;
  /** The backlog waits a random part of this after each connect. */
  readonly backlogDelayMaxMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  /** A connection that lasted this long starts the backoff anew. */
  readonly stableAfterMs: number;
  /** A batch younger than this is live: it goes first and may page; older ones are backlog. */
  readonly freshForMs: number;
  /** Retained state dies with the broker, so it is published again this often. */
  readonly stateEveryMs: number;
  /** So many resends of one batch, with later ones acknowledged each time, and it is set aside. */
  readonly stuckAfterResends: number;
  /** How long a stop waits for the goodbye to arrive. */
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
  stopWaitMs: 2_000,
};
