import type { Evaluation } from '../lifecycle/alert-state.ts';
import type { AlertValue } from '../lifecycle/alert-value.ts';

/** One sample that was judged live, or is assumed to have been. */
export interface LiveSample {
  /** Which of those who tell of the entity. */
  readonly part: string;
  readonly timeMs: number;
  /** Of each level, mildest first. */
  readonly evaluations: readonly Evaluation[];
  readonly value: AlertValue;
}

/** Samples of one part that say the same, one after the other. */
export interface Run extends Omit<LiveSample, 'timeMs'> {
  readonly fromMs: number;
  toMs: number;
  count: number;
}

const MAX_RUNS = 100;

/** What live judging found of one entity while its backlog is not judged yet: few runs in place of many samples. */
export class LiveLog {
  #runs: Run[];
  /** It went back and forth too often: what is kept is no longer the whole. */
  isFull = false;

  constructor(runs: readonly Run[] = []) {
    this.#runs = runs.map((run) => ({ ...run }));
  }

  get runs(): readonly Run[] {
    return this.#runs;
  }

  /** `gapMs`: a longer time between two samples is kept as one. */
  add({ part, timeMs, evaluations, value }: LiveSample, gapMs: number): void {
    if (this.isFull) return;
    const last = this.#runs.findLast((run) => run.part === part);
    if (last !== undefined && timeMs <= last.toMs) return;
    const goesOn =
      last !== undefined &&
      timeMs - last.toMs <= gapMs &&
      last.evaluations.every((one, at) => one === evaluations[at]);
    if (goesOn) {
      last.toMs = timeMs;
      last.count++;
    } else if (this.#runs.length < MAX_RUNS) {
      this.#runs.push({ part, fromMs: timeMs, toMs: timeMs, count: 1, evaluations, value });
    } else {
      this.isFull = true;
    }
  }

  /** Takes the samples up to a time, oldest first. Those of a run are spread evenly. */
  take(untilMs: number): readonly LiveSample[] {
    const taken: LiveSample[] = [];
    const left: Run[] = [];
    for (const run of this.#runs) {
      const samples = run.fromMs <= untilMs ? samplesOf(run) : [];
      const from = samples.findIndex(({ timeMs }) => timeMs > untilMs);
      taken.push(...(from < 0 ? samples : samples.slice(0, from)));
      if (samples.length === 0) left.push(run);
      else if (from >= 0)
        left.push({ ...run, fromMs: samples[from]?.timeMs ?? run.toMs, count: run.count - from });
    }
    this.#runs = left;
    return taken.sort((a, b) => a.timeMs - b.timeMs);
  }
}

function samplesOf({ part, fromMs, toMs, count, evaluations, value }: Run): LiveSample[] {
  const stepMs = count > 1 ? (toMs - fromMs) / (count - 1) : 0;
  return Array.from({ length: count }, (_, at) => {
    const timeMs = at === count - 1 ? toMs : Math.round(fromMs + at * stepMs);
    return { part, timeMs, evaluations, value };
  });
}
