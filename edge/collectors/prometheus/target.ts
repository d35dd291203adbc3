import type { Sample } from '../../../contract/sample.ts';
import type { Clock } from '../../../runtime/clock.ts';
import type { TargetReading } from './capacity-samples.ts';
import { readPools } from './capacity.ts';
import type { TargetConfig } from './config.ts';
import { fieldSamples } from './fields.ts';
import { counterMetrics, wantedMetrics, type Mapping } from './mapping.ts';
import { ratesBetween, readCounters, type CounterReading } from './rates.ts';
import type { Scraper } from './scrape.ts';
import { toScrape } from './series.ts';

/** Samples of one target in one run. */
const MAX_SAMPLES = 5_000;

export interface TargetResult {
  readonly reading: TargetReading;
  readonly samples: readonly Sample[];
}

/** One exporter, with its counters of the previous scrape. */
export class Target {
  /** For errors: without the query, which may contain a secret. */
  readonly name: string;
  /** Its reading when it could not be scraped. */
  readonly silent: TargetReading;
  readonly #config: TargetConfig;
  readonly #mapping: Mapping;
  readonly #tags: Sample['tags'];
  readonly #wanted: ReadonlySet<string>;
  readonly #counters: ReadonlySet<string>;
  #before: CounterReading | undefined;

  constructor(config: TargetConfig, mapping: Mapping, commonTags: Sample['tags']) {
    this.#config = config;
    this.#mapping = mapping;
    this.#tags = { ...commonTags, ...config.tags };
    this.#wanted = wantedMetrics(mapping);
    this.#counters = counterMetrics(mapping);
    this.name = config.url.replace(/[?#].*$/s, '');
    // A pool belongs to its site, not to the machine that scrapes it.
    const place = Object.fromEntries(Object.entries(commonTags).filter(([tag]) => tag !== 'host'));
    this.silent = {
      mapping: config.mapping,
      capacity: mapping.capacity,
      pool: config.pool ?? '',
      tags: { ...place, ...config.tags },
      readings: undefined,
    };
  }

  async read(scraper: Scraper, clock: Clock, signal: AbortSignal): Promise<TargetResult> {
    const metrics = await scraper(new URL(this.#config.url), this.#wanted, signal);
    const counters = readCounters(metrics, this.#counters, clock.monotonicMs());
    const scrape = toScrape(metrics, this.#mapping, ratesBetween(this.#before, counters));
    this.#before = counters;
    const samples = fieldSamples(this.#mapping.fields, scrape, this.#tags, clock.now());
    if (samples.length > MAX_SAMPLES) {
      throw new Error(`its mapping makes ${samples.length} samples, at most ${MAX_SAMPLES} are allowed`);
    }
    const place = { pool: this.silent.pool, host: this.#config.url };
    const readings = readPools(this.#mapping.capacity, scrape, place);
    return { reading: { ...this.silent, readings }, samples };
  }
}
