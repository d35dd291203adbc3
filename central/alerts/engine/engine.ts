import type { AgentState } from '../../../contract/state.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Logger } from '../../../runtime/logger.ts';
import type { BatchObserver } from '../../samples/batch-observer.ts';
import type { StateDatabase } from '../../state/database.ts';
import { AlertBook } from './active-alerts.ts';
import type { AlertDetail, AlertPage, AlertQuery, AlertTransition, AlertView } from '../history/alert.ts';
import { createAlertQueries } from './alert-queries.ts';
import { openAlertRepository } from '../history/alert-repository.ts';
import { BatchJudge } from './evaluate-batch.ts';
import type { LatencySnapshot } from '../../../runtime/latency-histogram.ts';
import { Outbox } from '../history/alert-journal.ts';
import { restoreEntities } from './restore.ts';
import type { AlertRule } from '../rules/rule.ts';
import { createRuntimes } from './rule-runtime.ts';
import type { Severity } from '../rules/severity.ts';
import { judgeSilence } from '../rules/kinds/absence.ts';
import { SilenceWatch } from '../../liveness/absence.ts';
import type { Location } from '../../samples/location.ts';
import type { EventKind } from '../lifecycle/transition.ts';

export interface AlertEngineDeps {
  readonly rules: readonly AlertRule[];
  readonly database: StateDatabase;
  readonly clock: Clock;
  readonly log: Logger;
  /** Called for each transition once it is on disk. */
  readonly onTransition?: (transition: AlertTransition) => void;
  /** Nobody is called silent for so long after central began to listen; default 60 s. */
  readonly warmUpMs?: number;
}

export interface AlertStats {
  readonly rules: number;
  readonly pending: number;
  readonly firing: number;
  readonly recovering: number;
  readonly activeBySeverity: Readonly<Record<Severity, number>>;
  readonly transitions: Readonly<Partial<Record<EventKind, number>>>;
  /** Values compared with a rule's levels. */
  readonly judgedValues: number;
  readonly backfillBatches: number;
  /** Left out because a newer sample of the same entity or measurement was judged before. */
  readonly lateSamples: number;
  /** Entities beyond what is kept at once. */
  readonly refusedEntities: number;
  /** Steps the disk has not taken yet, and those given up for it. */
  readonly unsavedSteps: number;
  readonly droppedSteps: number;
  /** Batches whose judging failed: a fault of ours, in the log. */
  readonly failedBatches: number;
  /** From a batch's arrival to its transition being on disk. */
  readonly latency: LatencySnapshot;
}

export interface AlertEngine extends BatchObserver {
  /** A birth or clean stop; a last will is no proof of anything and changes nothing. */
  observeState(agent: string, state: AgentState, receivedAtMs: number): void;
  /** An agent to be waited for, last heard of at `heardAtMs` (0: never). Not for those that said goodbye. */
  noteAgent(agent: string, intervalMs: number, heardAtMs: number, place?: Location): void;
  /** It cannot have been heard before `untilMs`: what was not heard until then is no silence, and no news either. */
  excuseAgent(agent: string, untilMs: number): void;
  /** Each second: silence, writing what waits, forgetting what is old. */
  tick(nowMs: number): void;
  /** False while agents cannot be heard, or were told to hold: their silence says nothing then. */
  setListening(isListening: boolean): void;
  /** Writes everything; before the database closes. False when the disk refused. */
  save(): boolean;
  /** Firing and recovering: gravest first, then newest. */
  active(): readonly AlertView[];
  /** Active alerts of each unit that has any, by its code. */
  countByUnit(): ReadonlyMap<string, number>;
  list(query: AlertQuery): AlertPage;
  get(id: string): AlertDetail | undefined;
  stats(): AlertStats;
}

const DEFAULT_WARM_UP_MS = 60_000;
/** Served time that a crash may cost. */
const CHECKPOINT_MS = 5_000;
const FORGET_MS = 60_000;

export function createAlertEngine(deps: AlertEngineDeps): AlertEngine {
  const { clock, log } = deps;
  const startedAtMs = clock.now();
  const warmUpMs = deps.warmUpMs ?? DEFAULT_WARM_UP_MS;
  const repository = openAlertRepository(deps.database);
  const outbox = new Outbox({ repository, clock, log, onTransition: deps.onTransition });
  const runtimes = createRuntimes(deps.rules);
  restoreEntities(repository, runtimes, outbox, startedAtMs);
  const book = new AlertBook(runtimes, outbox);
  const judge = new BatchJudge(runtimes.values(), book);
  const watch = new SilenceWatch(startedAtMs);
  const silenceRuntimes = [...runtimes.values()].filter(({ rule }) => rule.kind === 'silence');
  const queries = createAlertQueries(repository, runtimes);
  let backfillBatches = 0;
  let failedBatches = 0;
  let checkpointAtMs = startedAtMs;
  let forgetAtMs = startedAtMs;

  return {
    observe: (batch, context) => {
      watch.hear(batch.agent, context.receivedAtMs);
      if (context.backfill) {
        backfillBatches++;
        return;
      }
      try {
        judge.judge(batch, context.receivedAtMs, clock.now());
        outbox.flush();
      } catch (error) {
        failedBatches++;
        log.error({ agent: batch.agent, seq: batch.seq, error: messageOf(error) }, 'judging a batch failed');
      }
    },
    observeState: (agent, state, receivedAtMs) => {
      if (!state.online && state.reason !== 'stop') return;
      watch.hear(agent, receivedAtMs);
      watch.describe(agent, state.intervalMs, placeOf(state));
      if (!state.online) watch.dismiss(agent);
    },
    noteAgent: (agent, intervalMs, heardAtMs, place = {}) => {
      watch.hear(agent, heardAtMs);
      watch.describe(agent, intervalMs, place);
    },
    excuseAgent: (agent, untilMs) => watch.excuse(agent, untilMs),
    tick: (nowMs) => {
      const { listensSinceMs } = watch;
      if (listensSinceMs !== undefined) {
        judgeSilence(silenceRuntimes, watch, book, { nowMs, mayStart: nowMs >= listensSinceMs + warmUpMs });
      }
      outbox.flush();
      if (nowMs - checkpointAtMs >= CHECKPOINT_MS) {
        checkpointAtMs = nowMs;
        book.checkpoint(nowMs, false);
      }
      if (nowMs - forgetAtMs >= FORGET_MS) {
        forgetAtMs = nowMs;
        book.forgetOld(nowMs);
      }
    },
    setListening: (isListening) => watch.setListening(isListening, clock.now()),
    save: () => book.checkpoint(clock.now(), true),
    ...queries,
    stats: () => ({
      rules: runtimes.size,
      ...queries.phaseCounts(),
      transitions: Object.fromEntries(book.transitions),
      judgedValues: judge.judgedValues,
      backfillBatches,
      lateSamples: book.lateSamples + judge.overtakenSamples,
      refusedEntities: book.refusedEntities,
      unsavedSteps: outbox.waiting,
      droppedSteps: outbox.dropped,
      failedBatches,
      latency: outbox.latency.snapshot(),
    }),
  };
}

function placeOf(state: AgentState): Location {
  return {
    ...(state.unit !== undefined && { unit: state.unit }),
    ...(state.site !== undefined && { site: state.site }),
  };
}
