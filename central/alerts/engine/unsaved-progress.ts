import type { AlertSteps } from '../history/alert-journal.ts';
import type { PendingRecord } from '../history/alert-record.ts';
import { closedInBreach, pendingRecord, updatedRecord } from './alert-record-changes.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

/** Progress of `for` and `clearFor` that is not on disk yet: it makes no step, and is written every few seconds. */
export class UnsavedProgress {
  readonly #journal: Pick<AlertSteps, 'add' | 'flush' | 'endPending'>;
  readonly #dirty = new Map<LiveEntity, RuleRuntime>();

  constructor(journal: Pick<AlertSteps, 'add' | 'flush' | 'endPending'>) {
    this.#journal = journal;
  }

  note(runtime: RuleRuntime, live: LiveEntity): void {
    this.#dirty.set(live, runtime);
  }

  /** It is pending no more. */
  end(runtime: RuleRuntime, live: LiveEntity): void {
    this.#dirty.delete(live);
    if (live.pendingSaved) this.#journal.endPending({ rule: runtime.rule.id, entityKey: live.key });
    live.pendingSaved = false;
  }

  /** So that `for` and `clearFor` continue after a restart. `all`: instead of what is noted. False when the disk refuses. */
  write(nowMs: number, all?: Iterable<readonly [LiveEntity, RuleRuntime]>): boolean {
    if (!this.#journal.flush()) return false;
    const pending: PendingRecord[] = [];
    const saved: LiveEntity[] = [];
    for (const [live, runtime] of all ?? this.#dirty) {
      if (live.state === undefined) continue;
      if (live.alert !== undefined) {
        live.alert = updatedRecord(live.alert, runtime, live, live.state, nowMs);
        this.#journal.add({ record: live.alert, events: [] });
      } else if (live.closedByHand !== undefined) {
        live.closedByHand = closedInBreach(live.closedByHand, runtime, live, live.state);
        this.#journal.add({ record: live.closedByHand, events: [] });
      } else {
        pending.push(pendingRecord(runtime, live, live.state));
        saved.push(live);
      }
    }
    if (!this.#journal.flush(pending)) return false;
    for (const live of saved) live.pendingSaved = true;
    this.#dirty.clear();
    return true;
  }
}
