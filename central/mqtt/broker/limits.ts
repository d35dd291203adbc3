import type { ConnectionLimits } from './connection-guard.ts';

export interface BrokerLimits extends ConnectionLimits {
  readonly maxConnections: number;
  /** New connections of one address: a burst, then a rate. Enough for a whole fleet behind one address. */
  readonly connectionBurst: number;
  readonly connectionsPerS: number;
  /** What one client may publish; above it, central reads from it more slowly but does not disconnect it. */
  readonly clientBurstBytes: number;
  readonly clientBytesPerS: number;
  /** A connection without a complete CONNECT (or TLS handshake) after this time is closed. */
  readonly connectTimeoutMs: number;
  /** A client that takes no bytes for this long is closed. */
  readonly drainTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxKeepaliveS: number;
}

export const DEFAULT_BROKER_LIMITS: BrokerLimits = {
  maxFrameBytes: 64 * 1024,
  maxUnprovenBytes: 16 * 1024,
  maxConnections: 8_000,
  connectionBurst: 5_000,
  connectionsPerS: 200,
  clientBurstBytes: 16 * 1024 * 1024,
  clientBytesPerS: 4 * 1024 * 1024,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 15_000,
  heartbeatMs: 60_000,
  maxKeepaliveS: 120,
};
