import { coveredKeys, ownedByAgency, type CoverageDeps, type CoveredKeys } from './coverage.ts';
import { MAX_WITH_DEPENDENTS, type MaintenanceWindow } from './window.ts';

interface Known {
  readonly keys: CoveredKeys;
  readonly version: number;
}

/** In one go: each is a walk over the city, of about a millisecond. As many as one window has at most. */
const MAX_WALKS = MAX_WITH_DEPENDENTS;
/** In one go, where an answer without them is wrong: some tenths of a second, and each window only once. */
const MAX_FIRST_WALKS = 200;

/** What windows cover, remembered: windows are replaced, never changed. */
export class WindowCoverage {
  readonly #deps: CoverageDeps;
  readonly #known = new WeakMap<MaintenanceWindow, Known>();
  #version = 0;
  /** Of a version: what each agency owns. */
  #owned: ReadonlyMap<string, readonly string[]> | undefined;

  constructor(deps: CoverageDeps) {
    this.#deps = deps;
  }

  /** To be called when the inventory, or what of it is in service, has changed. */
  changed(): void {
    this.#version++;
    this.#owned = undefined;
  }

  /** Dependents are as they were last found, until `refresh` finds them anew. */
  keysOf(window: MaintenanceWindow): CoveredKeys {
    const known = this.#known.get(window);
    const isGood = known !== undefined && (window.withDependents || known.version === this.#version);
    return isGood ? known.keys : this.#find(window);
  }

  /** Without dependents where these were never looked for: never walks over the city. */
  keysAtHand(window: MaintenanceWindow): CoveredKeys {
    const isFound = !window.withDependents || this.#known.has(window);
    return isFound ? this.keysOf(window) : new Set(window.covers);
  }

  /** Finds dependents anew, those of the first windows first, of about 20 things; answers with the windows that were looked at. */
  refresh(windows: Iterable<MaintenanceWindow>): readonly MaintenanceWindow[] {
    return this.#walk(windows, MAX_WALKS, (known) => known?.version !== this.#version);
  }

  /** Finds dependents that were never looked for, those of the first windows first, of about 200 things. */
  findUnknown(windows: Iterable<MaintenanceWindow>): void {
    this.#walk(windows, MAX_FIRST_WALKS, (known) => known === undefined);
  }

  #walk(
    windows: Iterable<MaintenanceWindow>,
    maxWalks: number,
    isWanted: (known: Known | undefined) => boolean,
  ): readonly MaintenanceWindow[] {
    const found: MaintenanceWindow[] = [];
    let walks = 0;
    for (const window of windows) {
      if (!window.withDependents || !isWanted(this.#known.get(window))) continue;
      if (walks > 0 && walks + window.covers.length > maxWalks) break;
      this.#find(window);
      found.push(window);
      walks += window.covers.length;
    }
    return found;
  }

  #find(window: MaintenanceWindow): CoveredKeys {
    this.#owned ??= ownedByAgency(this.#deps.inventory);
    const keys = coveredKeys(window, this.#deps.blastRadius, this.#owned);
    this.#known.set(window, { keys, version: this.#version });
    return keys;
  }
}
