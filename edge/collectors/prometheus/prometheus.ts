import { setMaxListeners } from 'node:events';
import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { webEndpoint } from '../../../runtime/dial/http-agent.ts';
import { messageOf } from '../../../runtime/errors.ts';
import type { Collected, CollectorKind } from '../collector.ts';
import { capacitySamples, type TargetReading } from './capacity-samples.ts';
import { configSchema, findMapping, type PrometheusConfig } from './config.ts';
import { createScraper, type Scraper } from './scrape.ts';
import { Target } from './target.ts';

const MAX_PARALLEL = 8;

/** Exporters of other systems, by mappings to the catalogue. */
export const prometheusKind: CollectorKind<PrometheusConfig> = {
  kind: 'prometheus',
  configSchema,
  defaultIntervalMs: 60_000,
  minimumIntervalMs: ({ targets, deadlineMs }) => Math.ceil(targets.length / MAX_PARALLEL) * deadlineMs,
  needs: ({ targets }) => ({ hosts: targets.map(({ url }) => new URL(url).hostname) }),
  reaches: ({ targets }) => ({
    targets: targets.map(({ url }, at) => ({
      setting: `targets[${at}].url`,
      use: 'http',
      ...webEndpoint(new URL(url)),
    })),
    files: [],
  }),
  create: (config, deps) => {
    const targets = config.targets.flatMap((target) => {
      const mapping = findMapping(config.mappings, target.mapping);
      return mapping === undefined ? [] : [new Target(target, mapping, deps.commonTags)];
    });
    const scraper = createScraper(deps.guard);
    return {
      name: 'prometheus',
      collect: (signal) =>
        scrapeAll({ targets, scraper, deadlineMs: config.deadlineMs, clock: deps.clock, signal }),
      close: async () => undefined,
    };
  },
};

interface Run {
  readonly targets: readonly Target[];
  readonly scraper: Scraper;
  readonly deadlineMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** All targets, some at a time. One that fails is an error; its pool is computed without it. */
export async function scrapeAll(run: Run): Promise<Collected> {
  const { targets, clock } = run;
  setMaxListeners(MAX_PARALLEL + 2, run.signal);
  const errors: Error[] = [];
  const samples: (readonly Sample[])[] = targets.map(() => []);
  const readings: TargetReading[] = targets.map(({ silent }) => silent);
  const waiting = [...targets.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, target] = next;
      try {
        const result = await readWithin(target, run);
        readings[index] = result.reading;
        samples[index] = result.samples;
      } catch (error) {
        errors.push(new Error(`prometheus ${target.name}: ${messageOf(error)}`, { cause: error }));
      }
    }
  };
  await Promise.all(Array.from({ length: MAX_PARALLEL }, work));
  // Pools of an aborted run are incomplete.
  const pools = run.signal.aborted ? [] : capacitySamples(readings, clock.now());
  return { samples: [...samples.flat(), ...pools], errors };
}

async function readWithin(
  target: Target,
  { scraper, deadlineMs, clock, signal }: Run,
): ReturnType<Target['read']> {
  const own = new AbortController();
  const done = new AbortController();
  const onAbort = (): void => own.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  clock.sleep(deadlineMs, done.signal).then(
    () => own.abort(new Error(`no complete answer within ${deadlineMs} ms`)),
    () => undefined,
  );
  try {
    signal.throwIfAborted();
    return await target.read(scraper, clock, own.signal);
  } finally {
    done.abort();
    signal.removeEventListener('abort', onAbort);
  }
}
