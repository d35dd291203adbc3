import { isIP } from 'node:net';

/** The IP address of a name. */
export type AddressOf = (nameOrAddress: string, signal: AbortSignal) => Promise<string>;

/** The result of `lookUp`, or its last one when it fails now: a dead name server is no dead path. */
export function createAddressCache(lookUp: AddressOf): AddressOf {
  const known = new Map<string, string>();
  return async (name, signal) => {
    if (isIP(name.split('%')[0] ?? '') !== 0) return name;
    try {
      const address = await lookUp(name, signal);
      known.set(name, address);
      return address;
    } catch (error) {
      const address = known.get(name);
      if (address === undefined) throw error;
      return address;
    }
  };
}
