import type { Service } from '../../../contract/inventory.ts';

const SERVICE = 'service:';

/** Ids of the services that one cannot do without, directly or over another; those with a stand-in are none. Pure. */
export function servicesNeededBy(
  service: string,
  services: Iterable<Pick<Service, 'id' | 'needs'>>,
): ReadonlySet<string> {
  const needs = new Map([...services].map((each) => [each.id, each.needs]));
  const found = new Set<string>();
  const waiting = [service];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop())
    for (const need of needs.get(next) ?? []) {
      if (typeof need !== 'string' || !need.startsWith(SERVICE)) continue;
      const id = need.slice(SERVICE.length);
      if (id === service || found.has(id)) continue;
      found.add(id);
      waiting.push(id);
    }
  return found;
}

/** What each service cannot do without, worked out once for each inventory. */
export class ServicesNeeded {
  readonly #services: () => ReadonlyMap<string, Pick<Service, 'id' | 'needs'>>;
  /** Of which the answers were found. */
  #known: ReadonlyMap<string, Pick<Service, 'id' | 'needs'>> | undefined;
  readonly #found = new Map<string, ReadonlySet<string>>();

  /** `services`: as they are now; another map when any of them has changed. */
  constructor(services: () => ReadonlyMap<string, Pick<Service, 'id' | 'needs'>>) {
    this.#services = services;
  }

  /** One and the same set as long as the services are the same. */
  neededBy(service: string): ReadonlySet<string> {
    const services = this.#services();
    if (services !== this.#known) this.#found.clear();
    this.#known = services;
    const found = this.#found.get(service) ?? servicesNeededBy(service, services.values());
    this.#found.set(service, found);
    return found;
  }
}
