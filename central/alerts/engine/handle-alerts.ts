import type { Clock } from '../../../runtime/clock.ts';
import type { HandlingDetails, HandlingKind } from '../history/alert-handling.ts';
import type { AlertJournal } from '../history/alert-journal.ts';
import type { AlertRecord, AlertWrite } from '../history/alert-record.ts';
import type { AlertRepository } from '../history/alert-repository.ts';
import type { AlertEvent } from '../history/alert.ts';
import { closedRecord, updatedRecord } from './alert-record-changes.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

type Handled = Partial<Pick<AlertRecord, 'acknowledgement' | 'assignee' | 'shelf'>>;

/** One line that a person adds to the timeline of an alert, and what of the alert it changes; `undefined` takes away. */
export interface HandlingStep {
  readonly id: string;
  readonly kind: HandlingKind;
  readonly details: HandlingDetails;
  readonly set?: Handled;
}

export interface AlertHandling {
  /** `record`: as it is now. Undefined: there is no such alert, or it is not on disk yet. */
  look(id: string): { readonly record: AlertRecord; readonly isOpen: boolean } | undefined;
  /** Lines of its timeline that are not the engine's. */
  handlingCount(id: string): number;
  /**
   * One durable transaction, with what `alongside` writes, before anything of it can be seen; throws, with nothing changed, when the disk
   * refuses. At most one step of each alert. Steps of what is not there, and closing what is over, are left out.
   */
  handle(steps: readonly HandlingStep[], alongside?: () => void): void;
}

interface HandlingDeps {
  readonly repository: AlertRepository;
  readonly runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly journal: AlertJournal;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWritten?: ((write: AlertWrite) => void) | undefined;
}

interface Handling {
  readonly step: HandlingStep;
  readonly write: AlertWrite;
  /** Of an alert that is open. */
  readonly live: LiveEntity | undefined;
}

export function createAlertHandling(deps: HandlingDeps): AlertHandling {
  const { repository, runtimes, journal, clock, onWritten } = deps;

  const find = (id: string) => {
    const record = repository.get(id);
    if (record === undefined) return undefined;
    const runtime = runtimes.get(record.rule);
    const live = runtime?.entities.get(record.entityKey);
    return { record, runtime, live: live?.alert?.id === id ? live : undefined };
  };

  const plan = (step: HandlingStep, nowMs: number): Handling[] => {
    const found = find(step.id);
    if (found === undefined) return [];
    const { runtime, live } = found;
    if (runtime === undefined || live?.alert === undefined || live.state === undefined) {
      if (step.kind === 'closed') return [];
      const record = { ...found.record, ...step.set };
      return [{ step, write: { record, events: [lineOf(step, record, nowMs)] }, live: undefined }];
    }
    const changed = { ...updatedRecord(live.alert, runtime, live, live.state, nowMs), ...step.set };
    const record = step.kind === 'closed' ? closedRecord(changed, nowMs) : changed;
    return [{ step, write: { record, events: [lineOf(step, record, nowMs)] }, live }];
  };

  return {
    look: (id) => {
      const found = find(id);
      if (found === undefined) return undefined;
      return { record: found.live?.alert ?? found.record, isOpen: found.live !== undefined };
    },
    handlingCount: (id) => repository.handlingCount(id),
    handle: (steps, alongside) => {
      // What happened before comes before it in the timeline.
      if (!journal.flush()) throw new Error('state.db takes no writes at present');
      const nowMs = clock.now();
      const handled = steps.flatMap((step) => plan(step, nowMs));
      const alerts = handled.map(({ write }) => write);
      repository.write({ alerts, pending: [], endedPending: [] }, alongside);
      for (const { step, write, live } of handled) {
        if (live !== undefined) {
          live.alert = step.kind === 'closed' ? undefined : write.record;
          if (step.kind === 'closed') live.closedByHand = write.record;
        }
        onWritten?.(write);
      }
    },
  };
}

function lineOf({ kind, details }: HandlingStep, record: AlertRecord, nowMs: number): AlertEvent {
  const { phase, severity, lastValue: value } = record;
  return { kind, phase, severity, value, atMs: nowMs, recordedAtMs: nowMs, ...details };
}
