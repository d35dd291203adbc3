import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import { historyMeasurement } from '../../../contract/influx-history.ts';
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
  partsStatement,
  seriesStatement,
} from './queries.ts';
import {
  createPolicyStatement,
  LATE,
  lateLines,
  MEMORY_POLICY,
  standingLines,
} from './history-statements.ts';
import { InfluxHistoryTables } from './history-tables.ts';
import { standingOf } from '../history/behind.ts';
import { HistoryKeeper } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import { toldBehind } from '../history/told-behind.ts';
import { LEVELS, type HistoryStanding, type RetentionLimits } from '../history/levels.ts';
import { numeric, type SeriesPart } from '../history/parts.ts';
import type { HistoryView } from '../history/segments.ts';
import { readSums } from '../history/sums.ts';
import { readHistory, type SegmentReader } from '../history/tiled-query.ts';
import { LineEncoder } from './encode-lines.ts';
import { readCounts } from './state-counts.ts';
import { sumsParts, sumsStatement } from './sums.ts';
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
  type SumsQuery,
  type SumsResult,
} from '../sample-store.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import {
  planLatest,
  planQuery,
  planSums,
  presentTags,
  type PlannedQuery,
  type PointRow,
} from '../series-query.ts';

export interface InfluxStoreOptions extends InfluxAddress {
  readonly database: string;
  readonly catalogue: Catalogue;
  readonly log: Logger;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  /** Unix time, ms. */
  readonly now: () => number;
}

/** Rolling up an hour reads it all, deleting a day of data rewrites files: both may take long. */
const LONG_TIMEOUT_FACTOR = 10;

const NONE = { fromMs: undefined, rolledToMs: undefined };
const NOTHING_ROLLED: HistoryView = {
  standing: { rawFromMs: undefined, minute: NONE, hour: NONE },
  lateHoursMs: [],
};

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
  readonly #historyTables: InfluxHistoryTables;
  /** undefined: not opened, or central may not make what it needs. */
  #history: HistoryKeeper | undefined;
  /** To be stored before the rows that made them. */
  readonly #unsavedLate = new Set<LateHour>();
  readonly #writes = new Set<Promise<unknown>>();

  constructor(options: InfluxStoreOptions) {
    this.#options = options;
    this.#http = new InfluxHttp(options);
    this.#encoder = new LineEncoder(options.catalogue);
    this.#historyTables = new InfluxHistoryTables(options.catalogue, {
      ask: async (statement, signal) => readSeries(await this.#ask(statement, signal, this.#longMs)),
      remember: (lines, signal) => this.#remember(lines, signal),
      settleWrites: async () => {
        await Promise.allSettled(this.#writes);
      },
      deleteRows: (standing, signal) => this.#deleteRows(standing, signal),
    });
  }

  async open(signal: AbortSignal): Promise<void> {
    await unlessUnavailable(() => this.#open(signal));
  }

  prepare(batch: SampleBatch): PreparedLines {
    return this.#encoder.encode(batch);
  }

  write(batches: readonly PreparedLines[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    const write = unlessUnavailable(() => this.#write(batches, signal)).finally(() => {
      this.#writes.delete(write);
    });
    this.#writes.add(write);
    return write;
  }

  async query(query: SeriesQuery, signal: AbortSignal): Promise<SeriesResult> {
    const plan = planQuery(this.#options.catalogue, query);
    if (query.fromMs >= query.toMs || matchesNothing(query.tags)) return { series: [], truncated: false };
    return readHistory(
      plan,
      this.#history?.viewOf(query.measurement) ?? NOTHING_ROLLED,
      this.#segmentReader(signal),
    );
  }

  async sums(query: SumsQuery, signal: AbortSignal): Promise<SumsResult> {
    const plan = planSums(this.#options.catalogue, query);
    if (query.fromMs >= query.toMs || matchesNothing(query.tags)) return { groups: [], truncated: false };
    return readSums(plan, this.#history?.viewOf(query.measurement) ?? NOTHING_ROLLED, async (segment) =>
      sumsParts(readSeries(await this.#ask(sumsStatement(plan, segment), signal)), plan),
    );
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

  async rollUp(upToMs: number, signal: AbortSignal): Promise<boolean> {
    return await unlessUnavailable(async () => (await this.#openHistory(signal)).rollUp(upToMs, signal));
  }

  async deleteBefore(limits: RetentionLimits, signal: AbortSignal): Promise<void> {
    await unlessUnavailable(async () => (await this.#openHistory(signal)).deleteBefore(limits, signal));
  }

  close(): Promise<void> {
    this.#http.close();
    return Promise.resolve();
  }

  async #open(signal: AbortSignal): Promise<void> {
    this.#checked = undefined;
    await this.#createDatabase(signal);
    await this.#checkEngine(signal);
    await this.#openHistoryIfAllowed(signal);
  }

  async #openHistoryIfAllowed(signal: AbortSignal): Promise<void> {
    this.#history = undefined;
    try {
      await this.#openHistory(signal);
    } catch (error) {
      // Without the right to make policies, or without the policies, nothing is rolled up, so that no row is late.
      if (!(error instanceof StoreUnavailableError) || !isAboutPolicies(error)) throw error;
      this.#options.log.warn({ err: error }, 'nothing is rolled up, and nothing old is deleted');
    }
  }

  async #openHistory(signal: AbortSignal): Promise<HistoryKeeper> {
    if (this.#history !== undefined) return this.#history;
    for (const { name } of LEVELS) {
      const answer = await this.#ask(createPolicyStatement(this.#options.database, name), signal);
      // There already, with another duration of shards, for example.
      if (errorOf(answer) === undefined) readSeries(answer);
    }
    const { standing, late } = await this.#historyTables.load(signal);
    this.#history = new HistoryKeeper(this.#historyTables, standing, late, toldBehind(this.#options.log));
    return this.#history;
  }

  #segmentReader(signal: AbortSignal): SegmentReader {
    return {
      rows: async (plan, segment) => {
        const found = readSeries(await this.#ask(seriesStatement(plan, segment), signal));
        return [...pointRows(found, plan.resultType)];
      },
      parts: async (plan, segment) => {
        const found = readSeries(await this.#ask(partsStatement(plan, segment), signal));
        return found.flatMap((one) => seriesParts(one, plan));
      },
      counts: (plan, segment) =>
        readCounts(plan, segment, async (statement) => readSeries(await this.#ask(statement, signal))),
    };
  }

  /** Before the rows: a kill in between only makes more work. */
  async #saveLate(batches: readonly PreparedLines[], signal: AbortSignal): Promise<void> {
    const history = this.#history;
    if (history === undefined) return;
    for (const { agent, newestMs } of batches.flatMap(({ hours }) => hours)) {
      const late = history.isLate(newestMs) ? history.noteLate(agent, newestMs) : undefined;
      if (late !== undefined) this.#unsavedLate.add(late);
    }
    const unsaved = [...this.#unsavedLate];
    if (unsaved.length === 0) return;
    await this.#remember(lateLines(unsaved, 'id'), signal);
    for (const late of unsaved) this.#unsavedLate.delete(late);
  }

  async #remember(lines: string, signal: AbortSignal): Promise<void> {
    const answer = await this.#post(Buffer.from(lines), signal, MEMORY_POLICY);
    if (answer.status !== 204) throw unexpectedAnswer(answer);
  }

  async #deleteRows(standing: HistoryStanding, signal: AbortSignal): Promise<void> {
    const remove = async (measurement: string, beforeMs: number | undefined): Promise<void> => {
      if (beforeMs === undefined) return;
      readSeries(await this.#ask(deleteStatement(measurement, beforeMs), signal, this.#longMs));
    };
    await this.#remember(standingLines(standing), signal);
    for (const measurement of this.#options.catalogue.keys()) {
      const own = standingOf(standing, measurement);
      await remove(measurement, own.rawFromMs);
      for (const { name } of LEVELS) await remove(historyMeasurement(measurement, name), own[name].fromMs);
    }
    for (const own of [PROBE, LATE]) await remove(own, standing.rawFromMs);
  }

  get #longMs(): number {
    return this.#options.timeoutMs * LONG_TIMEOUT_FACTOR;
  }

  async #write(batches: readonly PreparedLines[], signal: AbortSignal): Promise<readonly StoreRejection[]> {
    if (this.#checked === undefined) await this.#open(signal);
    await this.#saveLate(batches, signal);
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
      await this.#openHistoryIfAllowed(signal);
      answer = await this.#post(body, signal);
    }
    // A new connection may lead to another engine; what that one said does not count before it is known.
    if (answer.isFirst || answer.version !== this.#checked?.version) await this.#checkEngine(signal);
    return answer;
  }

  #post(body: Buffer, signal: AbortSignal, policy?: string): Promise<InfluxAnswer> {
    const { database, timeoutMs } = this.#options;
    const into = policy === undefined ? '' : `&rp=${policy}`;
    const path = `/write?precision=ms&db=${encodeURIComponent(database)}${into}`;
    return this.#http.post({ path, body, contentType: 'text/plain; charset=utf-8', timeoutMs, signal });
  }

  #ask(statement: string, signal: AbortSignal, timeoutMs = this.#options.timeoutMs): Promise<InfluxAnswer> {
    const { database: db } = this.#options;
    const form = new URLSearchParams({ db, epoch: 'ms', chunked: 'true', q: statement });
    const contentType = 'application/x-www-form-urlencoded';
    return this.#http.post({ path: '/query', body: form.toString(), contentType, timeoutMs, signal });
  }
}

function isAboutPolicies({ limit }: StoreUnavailableError): boolean {
  return limit === 'access' || limit === 'retention policy';
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

function seriesParts({ tags, values }: AnswerSeries, { fieldType, allTags }: PlannedQuery): SeriesPart[] {
  const tagValues = allTags.map((tag) => tags[tag] ?? '');
  return values.flatMap(([, count, ...rest]): SeriesPart[] => {
    const [sum, min, max] = rest.map((cell) =>
      cell === null ? undefined : numeric(fieldValue(fieldType, cell)),
    );
    if (sum === undefined || min === undefined || max === undefined) return [];
    return [{ tagValues, count: Number(count), sum, min, max }];
  });
}

function textOf(cell: Cell): string {
  return cell === null ? '' : String(cell);
}
