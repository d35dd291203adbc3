import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import type { Logger } from '../../../runtime/logger.ts';
import { errorOf, readSeries, unexpectedAnswer, type AnswerSeries, type Cell } from './answer.ts';
import { InfluxHttp, type InfluxAddress, type InfluxAnswer } from './http.ts';
import {
  createDatabaseStatement,
  deleteStatement,
  fieldValue,
  latestStatement,
  matchesNothing,
  seriesStatement,
} from './queries.ts';
import { LineEncoder } from './encode-lines.ts';
import type { PreparedLines } from './prepared-lines.ts';
import { writeLines } from './writer.ts';
import type {
  LatestQuery,
  LatestRow,
  SampleStore,
  SeriesQuery,
  SeriesResult,
  StoreRejection,
} from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { assembleSeries, planLatest, planQuery, presentTags, type PointRow } from '../series-query.ts';

export interface InfluxStoreOptions extends InfluxAddress {
  readonly database: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
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
  readonly name = 'influx';
  /** InfluxDB's documentation advises 5,000 to 10,000 points per request. */
  readonly grouping = { delayMs: 200, maxPoints: 5_000 };
  readonly #options: InfluxStoreOptions;
  readonly #http: InfluxHttp;
  readonly #encoder: LineEncoder;

  constructor(options: InfluxStoreOptions) {
    this.#options = options;
    this.#http = new InfluxHttp(options);
    this.#encoder = new LineEncoder(options.catalogue);
  }

  async open(signal: AbortSignal): Promise<void> {
    const answer = await this.#ask(createDatabaseStatement(this.#options.database), signal);
    if (answer.status !== 403) {
      readSeries(answer);
      return;
    }
    // A user without the right to create databases can still use an existing one.
    readSeries(await this.#ask('SHOW MEASUREMENTS LIMIT 1', signal));
  }

  prepare(batch: SampleBatch): PreparedLines {
    return this.#encoder.encode(batch);
  }

  async write(batches: readonly PreparedLines[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    const refused = await writeLines(batches, (body) => this.#postLines(body, signal));
    if (refused.length > 0) {
      this.#options.log.warn({ rows: refused.length, reason: refused[0]?.reason }, 'InfluxDB refused rows');
    }
    return [...batches.flatMap(({ rejections }) => rejections), ...refused];
  }

  async query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    const plan = planQuery(this.#options.catalogue, query);
    if (query.fromMs >= query.toMs || matchesNothing(query.tags)) return { series: [], truncated: false };
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
    for (const measurement of this.#options.catalogue.keys()) {
      readSeries(await this.#ask(deleteStatement(measurement, beforeMs), signal, timeoutMs));
    }
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  async #postLines(body: Buffer, signal: AbortSignal): Promise<InfluxAnswer> {
    const { database, timeoutMs } = this.#options;
    const path = `/write?precision=ms&db=${encodeURIComponent(database)}`;
    const request = { path, body, contentType: 'text/plain; charset=utf-8', timeoutMs, signal };
    const answer = await this.#http.post(request);
    if (answer.status !== 404) return answer;
    if (errorOf(answer)?.startsWith('database not found') !== true) throw unexpectedAnswer(answer);
    this.#options.log.warn({ database }, 'database is missing in InfluxDB, creating it');
    await this.open(signal);
    return await this.#http.post(request);
  }

  #ask(statement: string, signal: AbortSignal, timeoutMs = this.#options.timeoutMs): Promise<InfluxAnswer> {
    const { database: db } = this.#options;
    const form = new URLSearchParams({ db, epoch: 'ms', chunked: 'true', q: statement });
    const contentType = 'application/x-www-form-urlencoded';
    return this.#http.post({ path: '/query', body: form.toString(), contentType, timeoutMs, signal });
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
