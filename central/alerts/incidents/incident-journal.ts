import type { AlertTransition } from '../history/alert-transitions.ts';
import { isWithin } from './incident.ts';
import type { IncidentRecord } from './incident-record.ts';
import type { IncidentStep } from './incident-step.ts';
import type { IncidentStore } from './incident-store.ts';

/** What is waiting for a disk that refuses; alerts are not followed beyond it. */
const MAX_UNSAVED = 50_000;
const SAVE_MS = 5_000;

/** Incidents on their way to `state.db`, and how far the alerts are followed: in memory until the disk has taken them. */
export class IncidentJournal {
  readonly #store: Pick<IncidentStore, 'save'>;
  #incidents = new Map<string, IncidentRecord>();
  #steps: IncidentStep[] = [];
  #sequence: number;
  #savedSequence: number;
  #savedAtMs = -Infinity;

  /** `saved`: up to which step of alerts incidents are known; undefined: none was ever followed. */
  constructor(store: Pick<IncidentStore, 'save'>, saved: number | undefined, newest: number) {
    this.#store = store;
    this.#sequence = saved ?? newest;
    this.#savedSequence = saved ?? -1;
  }

  /** The last step of alerts that is followed. */
  get sequence(): number {
    return this.#sequence;
  }

  get isFull(): boolean {
    return this.#steps.length > MAX_UNSAVED;
  }

  noteFollowed(steps: readonly Pick<AlertTransition, 'sequence'>[]): void {
    this.#sequence = steps.at(-1)?.sequence ?? this.#sequence;
  }

  /** As it is now. */
  add(incident: IncidentRecord): void {
    this.#incidents.set(incident.id, incident);
  }

  addSteps(steps: readonly IncidentStep[]): void {
    this.#steps.push(...steps);
  }

  /** Throws, with nothing lost, when the disk refuses. */
  save(nowMs: number): void {
    const incidents = [...this.#incidents.values()];
    const isNothingNew = incidents.length === 0 && this.#steps.length === 0;
    // How far alone is not worth a transaction a second: after a kill the steps since then are read once more.
    if (isNothingNew && (this.#sequence === this.#savedSequence || isWithin(this.#savedAtMs, SAVE_MS, nowMs)))
      return;
    this.#savedAtMs = nowMs;
    this.#store.save({ incidents, steps: this.#steps, sequence: this.#sequence });
    this.#savedSequence = this.#sequence;
    this.#incidents = new Map();
    this.#steps = [];
  }
}
