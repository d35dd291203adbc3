import { isIP } from 'node:net';
import type { LookUp } from './address.ts';
import { permittedAddresses, type TargetGuard } from './target-guard.ts';

/**
 * What to give to a program that looks names up by itself: without a guard the host as it is, else one of its addresses that
 * the guard permits. Rejects with a RefusedTargetError.
 */
export async function permittedAddress(
  host: string,
  guard: TargetGuard | undefined,
  signal: AbortSignal,
  lookUp: LookUp,
): Promise<string> {
  if (guard === undefined) return host;
  const family = isIP(host);
  const addresses =
    family === 4 || family === 6 ? [{ address: host, family } as const] : await lookUp(host, signal);
  const [first] = permittedAddresses(guard, { host, port: undefined }, addresses);
  if (first === undefined) throw new Error(`name ${host} has no address`);
  return first.address;
}
