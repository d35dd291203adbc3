import type { Link } from '../../../contract/inventory.ts';
import type { Inventory } from '../../inventory/inventory.ts';
import { pairKey } from './measured-edges.ts';

export interface WiringEnd {
  readonly device: string;
  readonly site: string;
}

/** Which connections the inventory has already: links that are not retired, also those to come. */
export class DeclaredWiring {
  readonly #links = new Map<string, [Link, ...Link[]]>();

  /** `day`: such as 2025-07-01. */
  constructor({ links }: Pick<Inventory, 'links'>, day: string) {
    for (const link of links.values()) {
      if (link.retiredOn !== undefined && link.retiredOn <= day) continue;
      const [a, b] = link.ends;
      const key = pairKey(a.site, b.site);
      const known = this.#links.get(key);
      if (known === undefined) this.#links.set(key, [link]);
      else known.push(link);
    }
  }

  /** Whether a link may be the one between two devices: an end that names no device may be at any of its site. */
  has(a: WiringEnd, b: WiringEnd): boolean {
    const links = this.#links.get(pairKey(a.site, b.site)) ?? [];
    return links.some(
      ({ ends: [one, other] }) => (fits(one, a) && fits(other, b)) || (fits(one, b) && fits(other, a)),
    );
  }

  *ends(): Iterable<Link['ends']> {
    for (const links of this.#links.values()) for (const { ends } of links) yield ends;
  }

  /** Each two sites that a link connects. */
  *sitePairs(): Iterable<readonly [string, string]> {
    for (const [{ ends }] of this.#links.values()) yield [ends[0].site, ends[1].site];
  }
}

function fits(end: Link['ends'][number], { device, site }: WiringEnd): boolean {
  return end.site === site && (end.device === undefined || end.device === device);
}
