import type { PresentStates } from '../../health/present-states.ts';
import type { ServiceView } from '../../health/services/service-view.ts';
import type { OwnedThings } from '../../inventory/agency-of.ts';
import type { Places } from '../suppression/subjects.ts';
import type { IncidentBook } from './book.ts';
import { placesOf } from './count-cut-off.ts';
import { cutOffBy } from './cut-off.ts';
import { isWithin, type Incident } from './incident.ts';
import { isOver } from './staying.ts';
import type { CutOffPlaces } from './incident-view.ts';

export interface CutOffWatchDeps {
  readonly states: Pick<PresentStates, 'list'>;
  readonly services: () => readonly ServiceView[];
  readonly places: Pick<Places, 'siteOfDevice'>;
  readonly inventory: OwnedThings;
}

/** A cut spreads over minutes. */
const CUT_OFF_MS = 5_000;

/** What is cut off because of the root of each incident. */
export class CutOffWatch {
  readonly #deps: CutOffWatchDeps;
  /** What is cut off because of it was looked for. */
  readonly #counted = new WeakSet<Incident>();
  /** As of how many things that are cut off: they only become more. */
  readonly #places = new WeakMap<Incident, { readonly size: number; readonly places: CutOffPlaces }>();
  #isOld = true;
  #lookedAtMs = -Infinity;

  constructor(deps: CutOffWatchDeps) {
    this.#deps = deps;
  }

  /** States have changed. */
  noteStates(): void {
    this.#isOld = true;
  }

  /** As of now, of all incidents that have a root: once for all of them. */
  look(book: Pick<IncidentBook, 'incidents' | 'rootOf' | 'noteCutOff'>, nowMs: number): void {
    const rooted = [...book.incidents].filter(
      (incident) => incident.root !== undefined && !isOver(incident, nowMs),
    );
    if (rooted.length === 0) return;
    const isNew = rooted.some((incident) => !this.#counted.has(incident));
    if (!isNew && (!this.#isOld || isWithin(this.#lookedAtMs, CUT_OFF_MS, nowMs))) return;
    for (const incident of rooted) this.#counted.add(incident);
    this.#isOld = false;
    this.#lookedAtMs = nowMs;
    const roots = new Set(rooted.flatMap(({ root }) => root ?? []));
    const withoutPower = new Set(
      rooted.flatMap(({ root, members }) =>
        [...members].some(({ place }) => place?.kind === 'power') ? (root ?? []) : [],
      ),
    );
    const rootOf = (ref: string): string => book.rootOf(ref);
    const found = cutOffBy({ roots, withoutPower }, { ...this.#deps, rootOf });
    for (const incident of rooted) book.noteCutOff(incident, found.get(incident.root ?? '') ?? []);
  }

  /** Where that is. */
  placesOf(incident: Incident): CutOffPlaces {
    const { size } = incident.cutOff;
    const known = this.#places.get(incident);
    if (known?.size === size) return known.places;
    const places = placesOf(incident.cutOff, this.#deps.inventory);
    this.#places.set(incident, { size, places });
    return places;
  }
}
