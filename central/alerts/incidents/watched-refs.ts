import type { OpenAlert } from './incident.ts';
import { siteOf, subjectsOf, type Places } from '../suppression/subjects.ts';

/** Whatever has changed. */
export const ANY = 'any';

/** Which open alerts a state matters to, so that a change of one does not mean to look at all of them. */
export class WatchedRefs {
  readonly #places: Places;
  readonly #alerts = new Map<string, Set<OpenAlert>>();
  readonly #refs = new Map<OpenAlert, ReadonlySet<string>>();

  constructor(places: Places) {
    this.#places = places;
  }

  /** Also what has another place now. */
  add(alert: OpenAlert): void {
    this.remove(alert);
    const refs = this.#refsOf(alert);
    this.#refs.set(alert, refs);
    for (const ref of refs) {
      const known = this.#alerts.get(ref);
      if (known === undefined) this.#alerts.set(ref, new Set([alert]));
      else known.add(alert);
    }
  }

  remove(alert: OpenAlert): void {
    for (const ref of this.#refs.get(alert) ?? []) {
      const known = this.#alerts.get(ref);
      known?.delete(alert);
      if (known?.size === 0) this.#alerts.delete(ref);
    }
    this.#refs.delete(alert);
  }

  of(ref: string): Iterable<OpenAlert> {
    return this.#alerts.get(ref) ?? [];
  }

  /** What `causeOf` reads; of a city service, which may need anything, just that. */
  #refsOf({ facts }: OpenAlert): ReadonlySet<string> {
    if (facts.entity['service'] !== undefined) return new Set([ANY]);
    const refs = new Set(subjectsOf(facts, this.#places).map(({ ref }) => ref));
    const site = siteOf(facts, this.#places);
    if (site === undefined) return refs;
    refs.add(`site:${site}`);
    for (const node of this.#places.nodesAt(site)) refs.add(`device:${node}`);
    return refs;
  }
}
