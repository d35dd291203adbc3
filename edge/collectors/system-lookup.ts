import { readFile } from 'node:fs/promises';
import { createHostLookup } from './service/host-lookup.ts';

/** The first address of a name, from this machine's hosts file or DNS, IPv4 before IPv6. */
export async function lookUpAddress(name: string, signal: AbortSignal): Promise<string> {
  // A machine without such a file has DNS alone.
  const hosts = await readFile('/etc/hosts', 'utf8').catch(() => '');
  const [first] = await createHostLookup({ hosts })(name, signal);
  if (first === undefined) throw new Error(`name ${name} has no address`);
  return first.address;
}
