import type { Clock } from '../../runtime/clock.ts';
import type { TokenBucket } from '../../runtime/token-bucket.ts';
import type { SnmpSession } from '../protocols/snmp/session.ts';

/** Each request waits for its turn first: a network that is searched must not notice it. It has no way to write. */
export function pacedSession(session: SnmpSession, bucket: TokenBucket, clock: Clock): SnmpSession {
  const turn = async (signal: AbortSignal): Promise<void> => {
    const waitMs = bucket.take(1, clock.monotonicMs());
    if (waitMs > 0) await clock.sleep(waitMs, signal);
  };
  return {
    get: async (oids, signal) => {
      await turn(signal);
      return session.get(oids, signal);
    },
    getBulk: async (request, signal) => {
      await turn(signal);
      return session.getBulk(request, signal);
    },
    close: () => session.close(),
  };
}
