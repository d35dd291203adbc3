import type { Address } from './address.ts';

/** Where a connection goes: one address of a host. */
export interface Destination {
  /** As configured: a name, or an address without brackets. */
  readonly host: string;
  /** In digits: what the name was looked up to, just now. */
  readonly address: string;
  /** Undefined: none, as for ICMP. */
  readonly port: number | undefined;
}

/**
 * Decides which addresses may be connected to, for those whose targets others decide. It is asked with the address that is
 * connected to, and not with the name: a name may lead elsewhere at any time.
 */
export interface TargetGuard {
  /** Why not, as one sentence; undefined: it may. */
  refusal(to: Destination): string | undefined;
}

/** Nothing was sent. */
export class RefusedTargetError extends Error {
  override readonly name = 'RefusedTargetError';
}

/** Those that may be connected to. Throws a RefusedTargetError when there were some and none of them may. */
export function permittedAddresses(
  guard: TargetGuard | undefined,
  { host, port }: Pick<Destination, 'host' | 'port'>,
  addresses: readonly Address[],
): readonly Address[] {
  if (guard === undefined) return addresses;
  const refusals: string[] = [];
  const permitted = addresses.filter(({ address }) => {
    const refusal = guard.refusal({ host, address, port });
    if (refusal !== undefined) refusals.push(refusal);
    return refusal === undefined;
  });
  if (permitted.length === 0 && refusals[0] !== undefined) throw new RefusedTargetError(refusals[0]);
  return permitted;
}
