import type { Clock } from '../../runtime/clock.ts';
import type { TokenBucket } from '../../runtime/token-bucket.ts';
import type { SnmpSession } from '../protocols/snmp/session.ts';

/** Limits the request rate, so that discovery does not load the network. Read-only: it has no set(). */
export function pacedSession(session: SnmpSession, bucket: TokenBucket, clock: Clock): SnmpSession {
  const waitForToken = async (signal: AbortSignal): Promise<void> => {
    const waitMs = bucket.take(1, clock.monotonicMs());
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  };
  return {
    get: async (oids, signal) => {
      await waitForToken(signal);
      return session.get(oids, signal);
    },
    getBulk: async (request, signal) => {
      await waitForToken(signal);
      return session.getBulk(request, signal);
    },
    close: () => session.close(),
  };
}
