import type { FastifyRequest } from 'fastify';
import { addressPrefix } from '../../runtime/address-prefix.ts';
import type { Clock } from '../../runtime/clock.ts';
import { TokenBuckets } from '../../runtime/token-bucket.ts';
import { ApiError } from './problem.ts';

const REQUESTS_PER_MINUTE = 1_200;
const MAX_ADDRESSES = 10_000;

/**
 * Limits the requests of each address (IPv6: of each /64) that is not exempt, whatever they ask for. To be the first hook of the server,
 * so that also a request that is refused, or leads nowhere, counts.
 */
export function limitRequests(clock: Pick<Clock, 'monotonicMs'>, isExempt: (address: string) => boolean) {
  const refillPerS = REQUESTS_PER_MINUTE / 60;
  const buckets = new TokenBuckets({ capacity: REQUESTS_PER_MINUTE, refillPerS, maxKeys: MAX_ADDRESSES });
  return async (request: FastifyRequest): Promise<void> => {
    if (request.routeOptions.config.unlimited === true || isExempt(request.ip)) return;
    if (buckets.tryTake(addressPrefix(request.ip), 1, clock.monotonicMs())) return;
    const limit = `${REQUESTS_PER_MINUTE.toLocaleString('en')} requests a minute`;
    throw new ApiError('TOO_MANY_REQUESTS', `this address has sent more than ${limit}`, {
      retryAfterS: Math.ceil(1 / refillPerS),
    });
  };
}
