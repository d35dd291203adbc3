import type { LookUp } from '../../../runtime/dial/address.ts';
import { createHostLookup, readHosts } from './host-lookup.ts';

/** All addresses of a name, from this machine's hosts file or DNS, without search domains. */
export const lookUpAddresses: LookUp = async (name, signal) =>
  createHostLookup({ hosts: await readHosts() })(name, signal);

/** The first address of a name, from this machine's hosts file or DNS, IPv4 before IPv6. */
export async function lookUpAddress(name: string, signal: AbortSignal): Promise<string> {
  const [first] = await lookUpAddresses(name, signal);
  if (first === undefined) throw new Error(`name ${name} has no address`);
  return first.address;
}
