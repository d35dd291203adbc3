import type { Sample } from '../../../contract/sample.ts';
import { TOLD_AFTER_END_MS } from './event-limits.ts';

/** Of all senders of a collector. */
export const MAX_STATES = 2_000;
/** Of one sender, so that it cannot take the place of the others. */
export const MAX_STATES_OF_A_DEVICE = 128;
/** Rules with `for` need a value again and again. */
const EVERY_MS = 60_000;
/** A state whose end was lost on the way is not known any more: nobody says that it is over. */
const FORGET_AFTER_MS = 7 * 86_400_000;

export interface StateName {
  readonly device: string;
  readonly event: string;
  readonly subject?: string | undefined;
}

/** Times are Unix times, so that they stay valid through a restart. */
export interface EventState extends StateName {
  readonly isActive: boolean;
  readonly changedAtMs: number;
  /** Missing: not told yet. */
  readonly saidAtMs?: number | undefined;
}

/** States between two events, such as linkDown and linkUp: held and told each minute while they last. */
export class EventStates {
  readonly #states = new Map<string, EventState>();
  /** Since the last takeChange(). */
  #isChanged = false;

  /** States from before a restart: told again at once. Those that nothing can end any more (`canEnd`) are over. */
  restore(states: readonly EventState[], canEnd: (state: StateName) => boolean, nowMs: number): void {
    for (const state of states) {
      this.#states.set(keyOf(state), { ...state, saidAtMs: 0 });
      if (!canEnd(state)) this.set(state, false, nowMs);
    }
  }

  get all(): readonly EventState[] {
    return [...this.#states.values()];
  }

  /** False: there are too many already. */
  set({ device, event, subject }: StateName, isActive: boolean, nowMs: number): boolean {
    const key = keyOf({ device, event, subject });
    const before = this.#states.get(key);
    if (before?.isActive === isActive) return true;
    if (before === undefined && !this.#hasRoom(device)) return false;
    this.#states.set(key, { device, event, subject, isActive, changedAtMs: nowMs });
    this.#isChanged = true;
    return true;
  }

  /** A device that has started anew is in none of the states of before. */
  endAllOf(device: string, nowMs: number): void {
    for (const state of this.all) {
      if (state.device === device && state.isActive) this.set(state, false, nowMs);
    }
  }

  /** Whether anything began or ended since the last call: what is kept on disk is out of date. */
  takeChange(): boolean {
    const isChanged = this.#isChanged;
    this.#isChanged = false;
    return isChanged;
  }

  /** Rows that are due; `tags`: of every row. */
  report(source: string, tags: Sample['tags'], nowMs: number): readonly Sample[] {
    return [...this.#states].flatMap(([key, state]): readonly Sample[] => {
      const ageMs = Math.abs(nowMs - state.changedAtMs);
      if (ageMs > (state.isActive ? FORGET_AFTER_MS : TOLD_AFTER_END_MS) && state.saidAtMs !== undefined) {
        this.#states.delete(key);
        this.#isChanged = true;
        return [];
      }
      if (state.saidAtMs !== undefined && Math.abs(nowMs - state.saidAtMs) < EVERY_MS) return [];
      this.#states.set(key, { ...state, saidAtMs: nowMs });
      const { device, event, subject, isActive } = state;
      return [
        {
          measurement: 'event_state',
          tags: { ...tags, device, source, event, ...(subject !== undefined && { subject }) },
          fields: { active: isActive },
          timeMs: state.saidAtMs === undefined ? state.changedAtMs : nowMs,
        },
      ];
    });
  }

  /** Makes room for a new one at the cost of one that is over. */
  #hasRoom(device: string): boolean {
    const ofDevice = this.all.filter((state) => state.device === device);
    const crowd =
      ofDevice.length >= MAX_STATES_OF_A_DEVICE ? ofDevice : this.#states.size >= MAX_STATES ? this.all : [];
    if (crowd.length === 0) return true;
    const over = crowd.find(({ isActive, saidAtMs }) => !isActive && saidAtMs !== undefined);
    if (over !== undefined) this.#states.delete(keyOf(over));
    return over !== undefined;
  }
}

function keyOf({ device, event, subject }: StateName): string {
  return JSON.stringify([device, event, subject ?? '']);
}
