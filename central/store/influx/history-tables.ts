import type { Catalogue, FieldType } from '../../../contract/catalogue.ts';
import type { FieldValue } from '../../../contract/sample.ts';
import { behindRows, MeasurementError, readBehind } from '../history/behind.ts';
import type { HistoryTables, RollWork } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import type { HistoryStanding, LevelName } from '../history/levels.ts';
import { StoreUnavailableError } from '../sample-store.ts';
import type { AnswerSeries } from './answer.ts';
import { MAX_STATES } from '../state-shares.ts';
import {
  anySourceStatement,
  countStateStatement,
  fieldKeysStatement,
  knownTime,
  lateLines,
  markManyStatement,
  oldestStatement,
  readLateStatement,
  readStandingStatement,
  rollUpStatement,
  standingLines,
  statesStatement,
  sumCountsStatement,
  type RollTarget,
} from './history-statements.ts';
import { manyField, stateField, stateOf } from './names.ts';

/** Each state of a field is a key of InfluxDB's index, and a statement of each roll. Agents choose the texts, so that both need a limit. */
const MAX_FIELD_STATES = 100;
const MAX_STATE_LENGTH = 256;

const ANY_TYPE: readonly FieldType[] = ['float', 'int', 'bool', 'string'];

/** What the tables need of the store. */
export interface HistoryServer {
  ask(statement: string, signal: AbortSignal): Promise<readonly AnswerSeries[]>;
  /** Lines with times in ms into the policy that keeps everything. */
  remember(lines: string, signal: AbortSignal): Promise<void>;
  settleWrites(): Promise<void>;
  deleteRows(standing: HistoryStanding, signal: AbortSignal): Promise<void>;
}

/** InfluxDB rolls up by itself (SELECT INTO); what is written again is the same point. */
export class InfluxHistoryTables implements HistoryTables {
  /** What a statement costs is its series more than its time: an hour at once is the cheapest. */
  readonly stepMinutes = { least: 60, most: 60 };
  readonly #catalogue: Catalogue;
  readonly #server: HistoryServer;

  /** Stored beside the levels. */
  #behind: readonly string[] = [];

  constructor(catalogue: Catalogue, server: HistoryServer) {
    this.#catalogue = catalogue;
    this.#server = server;
  }

  async load(
    signal: AbortSignal,
  ): Promise<{ readonly standing: HistoryStanding; readonly late: readonly LateHour[] }> {
    const stored = await this.#server.ask(readStandingStatement, signal);
    const find = (resolution: string): readonly unknown[] =>
      stored.find(({ tags }) => tags['resolution'] === resolution)?.values[0] ?? [];
    const level = (name: LevelName) => {
      const [, fromMs, rolledToMs] = find(name);
      return { fromMs: knownTime(fromMs), rolledToMs: knownTime(rolledToMs) };
    };
    const late = await this.#server.ask(readLateStatement, signal);
    const behind = readBehind(
      stored.map(({ tags, values }) => [tags['resolution'] ?? '', knownTime(values[0]?.[2])]),
    );
    const standing = {
      rawFromMs: knownTime(find('raw')[1]),
      minute: level('minute'),
      hour: level('hour'),
      ...behind,
    };
    this.#behind = behindRows(standing).map(([name]) => name);
    return {
      standing,
      late: late.flatMap(({ tags, values }) =>
        values.flatMap(([hourMs, id, done]) =>
          Number(done ?? 0) >= Number(id)
            ? []
            : [{ agent: tags['agent'] ?? '', hourMs: Number(hourMs), id: Number(id) }],
        ),
      ),
    };
  }

  settleWrites(): Promise<void> {
    return this.#server.settleWrites();
  }

  async oldestSampleMs(sinceMs: number, signal: AbortSignal): Promise<number | undefined> {
    let oldest: number | undefined;
    for (const [measurement, fields] of await this.#fields(signal, ANY_TYPE)) {
      if (fields.length === 0) continue;
      const statement = oldestStatement(measurement, fields, sinceMs);
      const [found] = await this.#apart(measurement, () => this.#server.ask(statement, signal), signal);
      const timeMs = found?.values[0]?.[0];
      if (typeof timeMs === 'number') oldest = Math.min(oldest ?? timeMs, timeMs);
    }
    return oldest;
  }

  async roll({ windows, agents, takes, late, standing }: RollWork, signal: AbortSignal): Promise<number> {
    let rows = 0;
    for (const [measurement, fields] of await this.#fields(signal, ['float', 'int'])) {
      if (!takes(measurement)) continue;
      for (const window of windows) {
        const target = { measurement, window, agents };
        rows += await this.#apart(measurement, () => this.#rollNumbers(target, fields, signal), signal);
      }
    }
    for (const [measurement, fields] of await this.#fields(signal, ['bool', 'string'])) {
      if (!takes(measurement)) continue;
      for (const window of windows) {
        const target = { measurement, window, agents };
        rows += await this.#apart(measurement, () => this.#rollStates(target, fields, signal), signal);
      }
    }
    const behind = behindRows(standing).map(([name]) => name);
    const forgotten = this.#behind.filter((name) => !behind.includes(name));
    // After the points: a kill in between rolls them up again.
    await this.#server.remember(standingLines(standing, forgotten) + lateLines(late, 'done'), signal);
    this.#behind = behind;
    return rows;
  }

  /** Where the server answers a question that costs nothing, the failure is about the measurement: a conflict of types, or too much at once. */
  async #apart<T>(measurement: string, work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof StoreUnavailableError && error.limit !== undefined) throw error;
      await this.#server.ask('SHOW MEASUREMENTS LIMIT 1', signal);
      throw new MeasurementError(measurement, error);
    }
  }

  deleteBefore(standing: HistoryStanding, signal: AbortSignal): Promise<void> {
    return this.#server.deleteRows(standing, signal);
  }

  async #rollNumbers(
    target: Omit<RollTarget, 'field'>,
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<number> {
    if (fields.length === 0) return 0;
    const found = await this.#server.ask(anySourceStatement(target, fields), signal);
    if (found.length === 0) return 0;
    let rows = 0;
    for (const field of fields) rows += await this.#make(rollUpStatement({ ...target, field }), signal);
    return rows;
  }

  async #rollStates(
    target: Omit<RollTarget, 'field'>,
    fields: readonly string[],
    signal: AbortSignal,
  ): Promise<number> {
    let rows = 0;
    const stored = await this.#server.ask(fieldKeysStatement(target.measurement, 'minute'), signal);
    const counts = stored.flatMap(({ values }) => values.map(([name]) => String(name)));
    if (target.window.level !== 'minute') {
      const own = counts.filter((name) =>
        fields.some((field) => stateOf(field, name) !== undefined || name === manyField(field)),
      );
      for (const name of own) rows += await this.#make(sumCountsStatement(target, [name]), signal);
      return rows;
    }
    for (const field of fields) {
      const found = await this.#server.ask(statesStatement({ ...target, field }), signal);
      const states = found.flatMap(({ values }) => values.flatMap(([, value]) => value ?? []));
      if (areTooMany(field, states, counts))
        rows += await this.#make(markManyStatement({ ...target, field }), signal);
      else
        for (const state of states)
          rows += await this.#make(countStateStatement({ ...target, field }, state), signal);
    }
    return rows;
  }

  /** Resolves with the number of points that a statement has made. */
  async #make(statement: string, signal: AbortSignal): Promise<number> {
    const [written] = await this.#server.ask(statement, signal);
    return Number(written?.values[0]?.[1] ?? 0);
  }

  /** Those of these types that were ever stored, by measurement. */
  async #fields(
    signal: AbortSignal,
    types: readonly FieldType[],
  ): Promise<readonly (readonly [string, readonly string[]])[]> {
    const all = await this.#server.ask('SHOW FIELD KEYS', signal);
    return all.flatMap(({ name = '', values }) => {
      const definition = this.#catalogue.get(name);
      if (definition === undefined) return [];
      const fields = values
        .map(([field]) => String(field))
        .filter((field) => {
          const type = Object.hasOwn(definition.fields, field) ? definition.fields[field]?.type : undefined;
          return type !== undefined && types.includes(type);
        });
      return [[name, fields] as const];
    });
  }
}

/** `stored`: names of all counts that the measurement has. */
function areTooMany(field: string, states: readonly FieldValue[], stored: readonly string[]): boolean {
  if (states.length > MAX_STATES) return true;
  if (states.some((state) => String(state).length > MAX_STATE_LENGTH)) return true;
  const known = new Set(stored.filter((name) => stateOf(field, name) !== undefined));
  const more = states.filter((state) => !known.has(stateField(field, state)));
  return more.length > 0 && known.size + more.length > MAX_FIELD_STATES;
}
