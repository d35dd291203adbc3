import type { LiveEntity, RuleRuntime } from '../engine/rule-runtime.ts';
import type { AlertRecord, AlertWrite } from '../history/alert-record.ts';
import type { AlertEvent } from '../history/alert.ts';
import { LiveLog } from './live-log.ts';
import type { TrackedAlert } from './reconcile.ts';

/** Lines of the timeline of an alert that the backlog tells of. */
const MAX_LINES = 100;
/** Alerts of one entity in its backlog; beyond, the oldest are left out. */
const MAX_ENDED = 50;

interface EndedAlert {
  readonly record: AlertRecord;
  readonly lines: readonly AlertEvent[];
}

export type About = Pick<LiveEntity, 'entity' | 'location' | 'tags'>;

/** What EntityTrack keeps beside its entity, as JSON. */
export interface TrackProgress {
  readonly knownId?: string;
  readonly caughtUpMs: number;
  readonly isHealthyLive: boolean;
  readonly paceMs: number;
  /** What it is, where live judging told of it first. */
  readonly about?: About;
  readonly silentFromMs?: readonly number[];
  readonly ended: readonly EndedAlert[];
  readonly lines: readonly AlertEvent[];
}

/** One entity of one rule on the track of the backlog. Its state is in the runtime, under its key. */
export class EntityTrack {
  readonly runtime: RuleRuntime;
  readonly key: string;
  readonly log: LiveLog;
  /** The alert that was open when the cut began. */
  readonly #knownId: string | undefined;
  /** Up to when what was judged live is judged here, too. */
  caughtUpMs: number;
  /** Live judging finds nothing to say of it there: samples that it does not tell of are clear, and not missing. */
  isHealthyLive: boolean;
  /** Usual time between its samples. */
  paceMs: number;
  isDirty = true;
  about: About | undefined;
  /** Begins of times in which its agent was heard, and live judging knew of no breach of it. */
  #silentFromMs: readonly number[];
  #ended: EndedAlert[];
  #lines: AlertEvent[];

  constructor(
    runtime: RuleRuntime,
    key: string,
    { knownId, caughtUpMs, isHealthyLive, paceMs, about, silentFromMs, ended, lines }: TrackProgress,
    log = new LiveLog(),
  ) {
    this.runtime = runtime;
    this.key = key;
    this.log = log;
    this.caughtUpMs = caughtUpMs;
    this.isHealthyLive = isHealthyLive;
    this.paceMs = paceMs;
    this.about = about;
    this.#silentFromMs = silentFromMs ?? [];
    this.#knownId = knownId;
    this.#ended = [...ended];
    this.#lines = [...lines];
  }

  get live(): LiveEntity | undefined {
    return this.runtime.entities.get(this.key);
  }

  get progress(): TrackProgress {
    return {
      ...(this.#knownId !== undefined && { knownId: this.#knownId }),
      caughtUpMs: this.caughtUpMs,
      isHealthyLive: this.isHealthyLive,
      paceMs: this.paceMs,
      ...(this.about !== undefined && { about: this.about }),
      ...(this.#silentFromMs.length > 0 && { silentFromMs: this.#silentFromMs }),
      ended: this.#ended,
      lines: this.#lines,
    };
  }

  /** Nothing was found in the backlog, and nothing is in breach there. */
  get isClear(): boolean {
    return this.#ended.length === 0 && this.live?.state === undefined;
  }

  /** And nothing was told live. */
  get isEmpty(): boolean {
    return this.isClear && this.log.runs.length === 0;
  }

  /** Its agent is heard again from then on, and live judging knows of no breach of it. */
  noteSilent(fromMs: number): void {
    this.#silentFromMs = [...this.#silentFromMs, fromMs];
    this.isDirty = true;
  }

  /** Whether it did not at the begin of that time; what is told of earlier ones is done with. */
  takeSilent(fromMs: number): boolean {
    const isSilent = this.#silentFromMs.includes(fromMs);
    if (this.#silentFromMs.length > 0)
      this.#silentFromMs = this.#silentFromMs.filter((otherMs) => otherMs > fromMs);
    return isSilent;
  }

  /** A step of its alert on this track. */
  record({ record, events }: AlertWrite): void {
    this.isDirty = true;
    const isEnd = record.phase === 'resolved';
    if (isEnd || this.#lines.length + events.length < MAX_LINES) this.#lines.push(...events);
    if (!isEnd) return;
    this.#ended.push({ record, lines: this.#lines });
    if (this.#ended.length > MAX_ENDED) this.#ended.shift();
    this.#lines = [];
  }

  /** Oldest first. */
  alertsAt(nowMs: number): readonly TrackedAlert[] {
    const open = this.live?.alert;
    const ended = this.#ended.map(({ record, lines }): TrackedAlert => {
      const { id, startedAtMs, resolvedAtMs: endedAtMs } = record;
      const write = historyOf(record, lines, nowMs);
      return { id, isKnown: id === this.#knownId, startedAtMs, endedAtMs, write };
    });
    if (open === undefined) return ended;
    const { id, startedAtMs } = open;
    return [...ended, { id, isKnown: id === this.#knownId, startedAtMs, endedAtMs: undefined }];
  }
}

/** As it is written when central learns of it. */
function historyOf(record: AlertRecord, lines: readonly AlertEvent[], nowMs: number): AlertWrite {
  return {
    record: { ...record, openedAtMs: nowMs, updatedAtMs: nowMs, learnedLateAtMs: nowMs },
    events: lines.map((line) => ({ ...line, recordedAtMs: nowMs })),
  };
}
