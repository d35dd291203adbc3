import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The IP address of a name. */
export type AddressOf = (nameOrAddress: string, signal: AbortSignal) => Promise<string>;

/** As `lookUp` says, or as it said last time where it cannot say now: a dead name server is no dead path. */
export function createAddressBook(lookUp: AddressOf): AddressOf {
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

export function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((all) => all?.map(({ address }) => address) ?? []);
}
