import type { Clock } from '../../../runtime/clock.ts';
import type { AlertJournal } from '../history/alert-journal.ts';
import type { AlertRecord, AlertWrite } from '../history/alert-record.ts';
import type { AlertRepository } from '../history/alert-repository.ts';
import type { AlertEvent } from '../history/alert.ts';
import type { CorrectionKind } from '../history/alert-correction.ts';
import type { LiveEntity, RuleRuntime } from './rule-runtime.ts';

/** Sample times, Unix ms. */
export interface Interruption {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What became known of an alert after it was recorded. Its id stays, and nobody is told of it. */
export interface Correction {
  readonly id: string;
  /** When it truly began. */
  readonly beganAtMs?: number | undefined;
  /** When it truly ended; only of one that is over. */
  readonly endedAtMs?: number | undefined;
  /** It was over meanwhile. */
  readonly interruptions: readonly Interruption[];
}

export interface HistoryChanges {
  /** Of alerts that began and ended before central knew: written as they are, and told of to nobody. */
  readonly late: readonly AlertWrite[];
  readonly corrections: readonly Correction[];
}

export interface AlertCorrections {
  /** The newest alerts of one entity, oldest first, as they are now. */
  recordsOf(rule: string, entityKey: string): readonly AlertRecord[];
  /** One durable transaction, with what `alongside` writes; throws, with nothing changed, when the disk refuses. */
  correct(changes: HistoryChanges, alongside: () => void): void;
}

interface CorrectionDeps {
  readonly repository: AlertRepository;
  readonly runtimes: ReadonlyMap<string, RuleRuntime>;
  readonly journal: AlertJournal;
  readonly clock: Pick<Clock, 'now'>;
  readonly onWritten?: ((write: AlertWrite) => void) | undefined;
}

export function createAlertCorrections(deps: CorrectionDeps): AlertCorrections {
  const { repository, runtimes, journal, clock, onWritten } = deps;
  const liveOf = ({ id, rule, entityKey }: AlertRecord): LiveEntity | undefined => {
    const live = runtimes.get(rule)?.entities.get(entityKey);
    return live?.alert?.id === id ? live : undefined;
  };
  return {
    recordsOf: (rule, entityKey) =>
      repository.ofEntity(rule, entityKey).map((record) => liveOf(record)?.alert ?? record),
    correct: ({ late, corrections }, alongside) => {
      // What happened before comes before it in the timeline.
      if (!journal.flush()) throw new Error('state.db takes no writes at present');
      const nowMs = clock.now();
      const corrected = corrections.flatMap((correction) => {
        const stored = repository.get(correction.id);
        if (stored === undefined) return [];
        const live = liveOf(stored);
        return [{ live, write: correctedWrite(live?.alert ?? stored, correction, nowMs) }];
      });
      const alerts = [...late, ...corrected.map(({ write }) => write)];
      repository.write({ alerts, pending: [], endedPending: [] }, alongside);
      for (const { live, write } of corrected) {
        if (live !== undefined) live.alert = write.record;
        onWritten?.(write);
      }
    },
  };
}

/** Pure. */
function correctedWrite(record: AlertRecord, correction: Correction, nowMs: number): AlertWrite {
  const { beganAtMs, endedAtMs, interruptions } = correction;
  const lines: [CorrectionKind, number | undefined][] = [
    ['begin_corrected', beganAtMs],
    ...interruptions.flatMap(({ fromMs, toMs }): [CorrectionKind, number][] => [
      ['interrupted', fromMs],
      ['resumed', toMs],
    ]),
    ['end_corrected', endedAtMs],
  ];
  return {
    record: {
      ...record,
      startedAtMs: beganAtMs ?? record.startedAtMs,
      ...(endedAtMs !== undefined && { resolvedAtMs: endedAtMs }),
      updatedAtMs: nowMs,
    },
    events: lines.flatMap(([kind, atMs]) => (atMs === undefined ? [] : [lineOf(kind, atMs, record, nowMs)])),
  };
}

function lineOf(kind: CorrectionKind, atMs: number, record: AlertRecord, nowMs: number): AlertEvent {
  const { phase, severity, lastValue: value } = record;
  return { kind, phase, severity, value, atMs, recordedAtMs: nowMs };
}
