import { createHostLookup, readHosts } from './host-lookup.ts';

/** The first address of a name, from this machine's hosts file or DNS, IPv4 before IPv6. */
export async function lookUpAddress(name: string, signal: AbortSignal): Promise<string> {
  const [first] = await createHostLookup({ hosts: await readHosts() })(name, signal);
  if (first === undefined) throw new Error(`name ${name} has no address`);
  return first.address;
}
