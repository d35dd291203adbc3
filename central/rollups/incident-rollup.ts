import type { Sample } from '../../contract/sample.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Incidents } from '../alerts/incidents/incidents.ts';
import type { RuleLookup } from '../alerts/rules/rule.ts';
import type { OwnSamples } from '../samples/own-samples.ts';
import { incidentSample } from './incident-sample.ts';

export interface IncidentRollupDeps {
  readonly incidents: Pick<Incidents, 'openWithRoot' | 'get' | 'page'>;
  readonly rules: Pick<RuleLookup, 'get'>;
  /** What began longer ago cannot be written any more: the store deletes such rows. */
  readonly rawRetentionMs: number;
  readonly own: OwnSamples;
  readonly clock: Pick<Clock, 'now'>;
}

/** The rows of those that began so shortly before they would be too old are not worth a refusal. */
const MARGIN_MS = 3_600_000;
/** A city has less; of more the first. */
const MAX_OPEN = 1_000;
/** More do not end within a minute. */
const ENDED_LATELY = 200;

/**
 * Writes each incident with a root as one point at its begin, and again when it has changed or is over. Not each minute: stores make minutes and hours
 * of old rows anew.
 */
export class IncidentRollup {
  readonly #deps: IncidentRollupDeps;
  /** What was written last of those that are open or ended lately. */
  #known: ReadonlyMap<string, string> = new Map();
  #wereOpen: readonly string[] = [];

  constructor(deps: IncidentRollupDeps) {
    this.#deps = deps;
  }

  /** Each minute. */
  write(): void {
    const { incidents, rules, own, clock, rawRetentionMs } = this.#deps;
    const nowMs = clock.now();
    const known = new Map<string, string>();
    const samples: Sample[] = [];
    const open = incidents.openWithRoot().slice(0, MAX_OPEN);
    for (const id of new Set([...open, ...this.#endedLately(), ...this.#wereOpen])) {
      const record = incidents.get(id);
      const sample = record && incidentSample(record, rules);
      if (sample === undefined) continue;
      const written = JSON.stringify(sample.fields);
      known.set(id, written);
      const isKept = sample.timeMs > nowMs - rawRetentionMs + MARGIN_MS;
      if (isKept && this.#known.get(id) !== written) samples.push(sample);
    }
    this.#known = known;
    this.#wereOpen = open;
    if (samples.length > 0) own.write(samples);
  }

  /** One may begin and end between two looks, or end just before central does. */
  #endedLately(): readonly string[] {
    const query = { state: 'ended', order: 'newest', limit: ENDED_LATELY } as const;
    return this.#deps.incidents.page(query).flatMap(({ id, root }) => (root === undefined ? [] : [id]));
  }
}
