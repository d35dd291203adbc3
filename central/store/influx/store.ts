import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { Semaphore } from '../../../runtime/semaphore.ts';
import { errorOf, readSeries, unexpectedAnswer, type AnswerSeries, type Cell } from './answer.ts';
import { InfluxHttp, type InfluxAddress, type InfluxAnswer } from './http.ts';
import { checkEngine, PROBE } from './engine-check.ts';
import {
  createDatabaseStatement,
  deleteStatement,
  fieldValue,
  latestStatement,
  matchesNothing,
  seriesStatement,
} from './queries.ts';
import { LineEncoder } from './encode-lines.ts';
import { readShares } from './state-counts.ts';
import type { PreparedLines } from './prepared-lines.ts';
import { writeLines } from './writer.ts';
import {
  StoreLimitError,
  StoreQueryError,
  StoreUnavailableError,
  type LatestQuery,
  type LatestRow,
  type SampleStore,
  type SeriesQuery,
  type SeriesResult,
  type StoreRejection,
} from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { assembleSeries, planLatest, planQuery, presentTags, type PointRow } from '../series-query.ts';

export interface InfluxStoreOptions extends InfluxAddress {
  readonly database: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** Unix time, ms. */
  readonly now: () => number;
}

/** Deleting a day of data rewrites files and may take long. */
const DELETE_TIMEOUT_FACTOR = 10;

/**
 * Samples in InfluxDB 1.x over its HTTP API. A point is identified by measurement, tags and time, so writing a batch
 * again changes nothing. Uses HTTP directly, because the `influx` package reads 64-bit integers as doubles, does not
 * escape backslashes in literals, and hides the status that tells a refusal from an outage.
 */
export function createInfluxStore(options: InfluxStoreOptions): SampleStore {
  return new InfluxStore(options);
}

class InfluxStore implements SampleStore {
  readonly kind = 'influx';
  readonly name = 'influx';
  /** InfluxDB's documentation advises 5,000 to 10,000 points per request. */
  readonly grouping = { delayMs: 200, maxPoints: 5_000 };
  readonly #options: InfluxStoreOptions;
  readonly #http: InfluxHttp;
  readonly #encoder: LineEncoder;
  readonly #checking = new Semaphore(1);
  /** The engine that was found to be InfluxDB. */
  #checked: { readonly version: string | undefined } | undefined;

  constructor(options: InfluxStoreOptions) {
    this.#options = options;
    this.#http = new InfluxHttp(options);
    this.#encoder = new LineEncoder(options.catalogue);
  }

  async open(signal: AbortSignal): Promise<void> {
    await unlessUnavailable(() => this.#open(signal));
  }

  prepare(batch: SampleBatch): PreparedLines {
    return this.#encoder.encode(batch);
  }

  write(batches: readonly PreparedLines[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    return unlessUnavailable(() => this.#write(batches, signal));
  }

  async query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    const plan = planQuery(this.#options.catalogue, query);
    if (query.fromMs >= query.toMs || matchesNothing(query.tags)) return { series: [], truncated: false };
    if (plan.states !== undefined)
      return readShares(plan, async (statement) => readSeries(await this.#ask(statement, signal)));
    const found = readSeries(await this.#ask(seriesStatement(plan), signal));
    return assembleSeries([...pointRows(found, plan.resultType)], plan);
  }

  async latest(query: LatestQuery, signal: AbortSignal): Promise<readonly LatestRow[]> {
    const { fields } = planLatest(this.#options.catalogue, query);
    if (matchesNothing(query.tags)) return [];
    const found = readSeries(await this.#ask(latestStatement(query), signal));
    return found.slice(0, query.maxRows).flatMap(({ tags, columns, values }) =>
      values.map((cells): LatestRow => ({
        tags: presentTags(Object.keys(tags), Object.values(tags)),
        timeMs: Number(cells[0]),
        fields: Object.fromEntries(
          columns.flatMap((name, index): [string, FieldValue][] => {
            const type = Object.hasOwn(fields, name) ? fields[name]?.type : undefined;
            const cell = cells[index] ?? null;
            return type === undefined || cell === null ? [] : [[name, fieldValue(type, cell)]];
          }),
        ),
      })),
    );
  }

  async deleteBefore(beforeMs: number, signal: AbortSignal): Promise<void> {
    const timeoutMs = this.#options.timeoutMs * DELETE_TIMEOUT_FACTOR;
    for (const measurement of [...this.#options.catalogue.keys(), PROBE]) {
      readSeries(await this.#ask(deleteStatement(measurement, beforeMs), signal, timeoutMs));
    }
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#checked = undefined;
    await this.#createDatabase(signal);
    await this.#checkEngine(signal);
  }

  async #write(batches: readonly PreparedLines[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    if (this.#checked === undefined) await this.#open(signal);
    const {
      rejections: refused,
      held,
      limit,
    } = await writeLines(batches, (body) => this.#postLines(body, signal));
    if (refused.length > 0) {
      this.#options.log.warn({ rows: refused.length, reason: refused[0]?.reason }, 'InfluxDB refused rows');
    }
    const rejections = [...batches.flatMap((batch) => batch.rejections), ...refused];
    if (limit !== undefined) {
      throw new StoreLimitError(`InfluxDB: ${limit.reason}`, limit.name, { held, rejections });
    }
    return rejections;
  }

  async #createDatabase(signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(createDatabaseStatement(this.#options.database), signal);
    // A user without the right to create databases can still use an existing one.
    readSeries(answer.status === 403 ? await this.#ask('SHOW MEASUREMENTS LIMIT 1', signal) : answer);
  }

  /** One at a time: two probes at the same time would be one point. */
  #checkEngine(signal: AbortSignal): Promise<void> {
    return this.#checking.run(() => this.#probe(signal), signal);
  }

  async #probe(signal: AbortSignal): Promise<void> {
    this.#checked = undefined;
    const { protocol, host, pathname } = new URL(this.#options.url);
    let version: string | undefined;
    await checkEngine({
      url: `${protocol}//${host}${pathname}`,
      nowMs: this.#options.now(),
      write: async (line) => {
        const answer = await this.#post(Buffer.from(line), signal);
        version = answer.version;
        return answer;
      },
      ask: (statement) => this.#ask(statement, signal),
    });
    this.#checked = { version };
  }

  async #postLines(body: Buffer, signal: AbortSignal): Promise<InfluxAnswer> {
    let answer = await this.#post(body, signal);
    if (answer.status === 404) {
      const { database } = this.#options;
      if (errorOf(answer)?.startsWith('database not found') !== true) throw unexpectedAnswer(answer);
      this.#options.log.warn({ database }, 'database is missing in InfluxDB, creating it');
      await this.#createDatabase(signal);
      answer = await this.#post(body, signal);
    }
    // A new connection may lead to another engine; what that one said does not count before it is known.
    if (answer.isFirst || answer.version !== this.#checked?.version) await this.#checkEngine(signal);
    return answer;
  }

  #post(body: Buffer, signal: AbortSignal): Promise<InfluxAnswer> {
    const { database, timeoutMs } = this.#options;
    const path = `/write?precision=ms&db=${encodeURIComponent(database)}`;
    return this.#http.post({ path, body, contentType: 'text/plain; charset=utf-8', timeoutMs, signal });
  }

  #ask(statement: string, signal: AbortSignal, timeoutMs = this.#options.timeoutMs): Promise<InfluxAnswer> {
    const { database: db } = this.#options;
    const form = new URLSearchParams({ db, epoch: 'ms', chunked: 'true', q: statement });
    const contentType = 'application/x-www-form-urlencoded';
    return this.#http.post({ path: '/query', body: form.toString(), contentType, timeoutMs, signal });
  }
}

/** What an engine says of a question of our own is never about the data. */
async function unlessUnavailable<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreQueryError)) throw error;
    throw new StoreUnavailableError(error.message, { cause: error });
  }
}

function* pointRows(found: readonly AnswerSeries[], type: FieldType): Generator<PointRow> {
  for (const { values } of found) {
    for (const [time, value, ...tags] of values) {
      if (value === null || value === undefined) continue;
      yield [Number(time), fieldValue(type, value), ...tags.map(textOf)];
    }
  }
}

function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
