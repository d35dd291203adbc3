import type { CauseView } from './cause.ts';

/** Of one site, as its states are now. */
interface SiteOutage {
  readonly isRoot: boolean;
  /** Since when anything there is down, Unix ms. */
  readonly sinceMs: number;
}

/**
 * Where nothing at a site is up and several devices are down by themselves, the site is one root in place of each of them: a site that lost
 * its power is one fault. Where one of them is up, each is a fault of its own, and where one explains the others (the ways in the inventory
 * say so), that one is the root.
 */
export class SiteRoots {
  readonly #view: Pick<CauseView, 'states' | 'places'>;
  /** By reference. Whoever asks asks for many alerts of one site. */
  readonly #outages = new Map<string, SiteOutage | undefined>();

  constructor(view: Pick<CauseView, 'states' | 'places'>) {
    this.#view = view;
  }

  /** States or the inventory may be others now. */
  forget(): void {
    this.#outages.clear();
  }

  /** The root that stands for one that the states name: the device itself, or its site. */
  rootOf(ref: string): string {
    const site = this.siteOf(ref);
    return site !== undefined && this.#outageOf(site)?.isRoot === true ? site : ref;
  }

  /** Such as `site:s-1`; undefined: it is no device of the inventory. */
  siteOf(ref: string): string | undefined {
    if (!ref.startsWith('device:')) return undefined;
    const site = this.#view.places.siteOfDevice(ref.slice('device:'.length));
    return site === undefined ? undefined : `site:${site}`;
  }

  /** Since when a root is down or cut; of a site, since the first device there is down. undefined: nobody knows it. */
  sinceMsOf(root: string): number | undefined {
    const sinceMs = this.#view.states.momentOf(root)?.sinceMs;
    const outage = root.startsWith('site:') ? this.#outageOf(root) : undefined;
    return sinceMs === undefined || outage === undefined ? sinceMs : Math.min(sinceMs, outage.sinceMs);
  }

  /** undefined: it is not down. */
  #outageOf(site: string): SiteOutage | undefined {
    if (!this.#outages.has(site)) this.#outages.set(site, this.#find(site));
    return this.#outages.get(site);
  }

  #find(site: string): SiteOutage | undefined {
    const { states, places } = this.#view;
    const own = states.momentOf(site);
    if (own?.state !== 'down') return undefined;
    const id = site.slice('site:'.length);
    const momentsOf = (devices: readonly string[]) =>
      devices.flatMap((device) => states.momentOf(`device:${device}`) ?? []);
    const all = momentsOf(places.devicesAt(id));
    const nodes = momentsOf(places.nodesAt(id));
    const areStopped = nodes.every(({ state }) => state === 'down' || state === 'unreachable');
    // What else is there hangs on the nodes, where they are what is down.
    const down = (nodes.length > 0 && areStopped ? nodes : all).filter(({ state }) => state === 'down');
    const isRoot = !all.some(({ state }) => state === 'up') && (nodes.length === 0 || down.length > 1);
    return { isRoot, sinceMs: Math.min(own.sinceMs, ...down.map(({ sinceMs }) => sinceMs)) };
  }
}
