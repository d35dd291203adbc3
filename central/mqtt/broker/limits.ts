import type { ConnectionLimits } from '../../../runtime/gate/connection-bounds.ts';
import type { GuardLimits } from './connection-guard.ts';

export interface BrokerLimits extends GuardLimits, ConnectionLimits {
  /** What one client may send, over all its connections; above it, central reads from it more slowly but does not disconnect it. */
  readonly clientBurstBytes: number;
  readonly clientBytesPerS: number;
  /** A client that connects more often has its address pay for it, as if it had not logged in. */
  readonly clientConnectBurst: number;
  readonly clientConnectsPerS: number;
  /** Wrong logins of one address that are told that they are wrong: a burst, then a rate. The others are told to come again later. */
  readonly wrongLoginBurst: number;
  readonly wrongLoginsPerS: number;
  /** Topics that one client may be subscribed to. */
  readonly maxSubscriptions: number;
  readonly maxTopicChars: number;
  /** A TLS handshake, and then a CONNECT, must be complete after this time. */
  readonly connectTimeoutMs: number;
  /** A client that takes no bytes for this long is closed. */
  readonly drainTimeoutMs: number;
  readonly heartbeatMs: number;
  readonly maxKeepaliveS: number;
}

/** A whole city may connect at once from one address: a carrier's NAT, or this machine in a simulation. */
export const DEFAULT_BROKER_LIMITS: BrokerLimits = {
  maxFrameBytes: 64 * 1024,
  maxUnprovenBytes: 16 * 1024,
  maxOpen: 8_000,
  maxOpenPerAddress: 6_000,
  maxUnproven: 4_000,
  maxUnprovenPerAddress: 2_500,
  newBurst: 2_500,
  newPerS: 100,
  proveWithinMs: 20_000,
  crowdedFrom: 200,
  proveWithinCrowdedMs: 3_000,
  clientBurstBytes: 8 * 1024 * 1024,
  clientBytesPerS: 2 * 1024 * 1024,
  clientConnectBurst: 20,
  clientConnectsPerS: 0.2,
  wrongLoginBurst: 200,
  wrongLoginsPerS: 10,
  maxSubscriptions: 64,
  maxTopicChars: 256,
  connectTimeoutMs: 10_000,
  drainTimeoutMs: 15_000,
  heartbeatMs: 60_000,
  maxKeepaliveS: 120,
};
