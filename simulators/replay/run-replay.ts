import { join } from 'node:path';
import type { Catalogue } from '../../contract/catalogue.ts';
import { encodeLossBody, encodeSamples } from '../../contract/codec.ts';
import { MAX_BATCH_POINTS } from '../../contract/batch.ts';
import type { Sample } from '../../contract/sample.ts';
import { persistedBirthCounter } from '../../edge/publisher/birth-counter.ts';
import { LOGIN_REFUSED } from '../../edge/publisher/login-refused.ts';
import { openLink, type OpenLink } from '../../edge/publisher/mqtt-link.ts';
import { createPublisher, type PublisherDeps } from '../../edge/publisher/publisher.ts';
import { openQueue } from '../../edge/queue/open-queue.ts';
import type { Queue } from '../../edge/queue/queue.ts';
import type { Clock, Random } from '../../runtime/clock.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import type { Mapping } from './mapping.ts';
import { readSamples, type CsvSource } from './read-samples.ts';
import { RecentSamples } from './recent-samples.ts';
import { ReplayReport } from './replay-report.ts';

/** `original`: samples keep the times of the file. `now`: the first is of now, the others as much later as in the file, by `speed` faster. */
export type ReplayTimes = 'original' | 'now';

export interface ReplayPlan {
  readonly sources: readonly CsvSource[];
  readonly mapping: Mapping;
  readonly catalogue: Catalogue;
  readonly times: ReplayTimes;
  /** Rows are sent at this many times their own pace; undefined: as fast as central takes them. */
  readonly speed: number | undefined;
}

export interface ReplayDeps {
  readonly connection: PublisherDeps['connection'];
  /** Of the queue, which outlives the program. */
  readonly directory: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly signal: AbortSignal;
  readonly onProgress?: (report: ReplayReport, waitingBatches: number) => void;
}

/** So many batches may wait for central's answer: more rows are read then. */
const MAX_WAITING = 16;
const LOOK_EVERY_MS = 50;
/** A batch holds what was measured within this time. */
const BATCH_MS = 1_000;
const COMMIT_DELAY_MS = 20;

/** Reads all rows and sends nothing. */
export async function checkReplay(
  { sources, mapping, catalogue }: ReplayPlan,
  signal: AbortSignal,
): Promise<ReplayReport> {
  const report = new ReplayReport();
  const state = { report, recent: new RecentSamples() };
  for (const source of sources) {
    const rows = readSamples(source, mapping, catalogue, state);
    while ((await rows.next()).done !== true) signal.throwIfAborted();
  }
  return report;
}

/**
 * Sends the rows of CSV files as an agent sends what it measured: by the real queue and publisher. Returns once central has acknowledged all of
 * them; what waits when `signal` ends it is sent by the next run with this directory. No row is read before the broker has taken the login; throws
 * a UserError (exit 1) once it refuses it.
 */
export async function runReplay(plan: ReplayPlan, deps: ReplayDeps): Promise<ReplayReport> {
  const { mapping, sources, catalogue } = plan;
  const { clock, log } = deps;
  const refused = new AbortController();
  const signal = AbortSignal.any([deps.signal, refused.signal]);
  const queue = await openQueue({
    ...{ directory: join(deps.directory, 'queue'), clock, log, commitDelayMs: COMMIT_DELAY_MS },
    encodeLoss: encodeLossBody,
  });
  const publisher = createPublisher({
    ...{ agent: mapping.agent, queue, clock, log },
    ...{ connection: deps.connection, random: deps.random },
    openLink: untilRefused(mapping.agent, (error) => refused.abort(error)),
    nextBirth: persistedBirthCounter(join(deps.directory, 'births'), { clock, log }),
    describe: () => ({
      software: 'replay',
      ...(mapping.site !== undefined && { site: mapping.site }),
      ...(mapping.unit !== undefined && { unit: mapping.unit }),
    }),
  });
  const report = new ReplayReport();
  const state = { report, recent: new RecentSamples() };
  try {
    await publisher.start(signal);
    while (!publisher.status().connected) await clock.sleep(LOOK_EVERY_MS, signal);
    const sender = new Sender(queue, { ...deps, signal }, plan, report);
    for (const source of sources)
      for await (const { timeMs, samples } of readSamples(source, mapping, catalogue, state))
        await sender.add(timeMs, samples);
    await sender.finish();
  } finally {
    await publisher.stop();
    await queue.close();
  }
  return report;
}

/** An agent tries again for ever, since its password may be made later; here somebody waits for the end. */
function untilRefused(agent: string, onRefused: (error: UserError) => void): OpenLink {
  return (options) =>
    openLink({
      ...options,
      onClosed: (reason) => {
        if (LOGIN_REFUSED.test(reason))
          onRefused(
            new UserError(EXIT.failure, [
              `the broker refuses the login of agent "${agent}": ${reason}; expected the password that \`wardwatch agents add ${agent}\` prints`,
            ]),
          );
        options.onClosed(reason);
      },
    });
}

class Sender {
  readonly #queue: Queue;
  readonly #deps: ReplayDeps;
  readonly #plan: ReplayPlan;
  readonly #report: ReplayReport;
  #waiting: Sample[] = [];
  #waitingFromMs = 0;
  #firstMs: number | undefined;
  #startMs = 0;
  #startMonotonicMs = 0;

  constructor(queue: Queue, deps: ReplayDeps, plan: ReplayPlan, report: ReplayReport) {
    this.#queue = queue;
    this.#deps = deps;
    this.#plan = plan;
    this.#report = report;
  }

  async add(timeMs: number, samples: readonly Sample[]): Promise<void> {
    const { clock, signal } = this.#deps;
    const { times, speed } = this.#plan;
    signal.throwIfAborted();
    if (this.#firstMs === undefined) {
      this.#firstMs = timeMs;
      this.#startMs = clock.now();
      this.#startMonotonicMs = clock.monotonicMs();
    }
    const sinceMs = speed === undefined ? 0 : (timeMs - this.#firstMs) / speed;
    if (speed !== undefined) {
      const waitMs = this.#startMonotonicMs + sinceMs - clock.monotonicMs();
      if (waitMs > BATCH_MS || sinceMs - this.#waitingFromMs > BATCH_MS) await this.#flush();
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    }
    if (this.#waiting.length === 0) this.#waitingFromMs = sinceMs;
    for (const sample of samples)
      this.#waiting.push(
        times === 'now' ? { ...sample, timeMs: Math.round(this.#startMs + sinceMs) } : sample,
      );
    if (this.#waiting.length >= MAX_BATCH_POINTS) await this.#flush();
  }

  /** Until central has all. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#until(0);
  }

  async #flush(): Promise<void> {
    const samples = this.#waiting;
    this.#waiting = [];
    const { bodies, oversize } = encodeSamples(samples);
    if (oversize.length > 0) throw new Error(`${oversize.length} samples fit into no batch`);
    for (const { bytes, ...rest } of bodies) {
      await this.#until(MAX_WAITING);
      await this.#queue.append({ body: bytes, ...rest });
    }
    this.#deps.onProgress?.(this.#report, this.#queue.stats().pendingBatches);
  }

  async #until(batches: number): Promise<void> {
    const { clock, signal } = this.#deps;
    while (this.#queue.stats().pendingBatches > batches) await clock.sleep(LOOK_EVERY_MS, signal);
  }
}
