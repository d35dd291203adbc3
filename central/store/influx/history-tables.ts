import type { Catalogue } from '../../../contract/catalogue.ts';
import type { HistoryTables, RollWork } from '../history/history-keeper.ts';
import type { LateHour } from '../history/late-hours.ts';
import type { HistoryStanding, LevelName } from '../history/levels.ts';
import type { AnswerSeries } from './answer.ts';
import {
  knownTime,
  lateLines,
  oldestStatement,
  readLateStatement,
  readStandingStatement,
  rollUpStatement,
  standingLines,
} from './history-statements.ts';

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
    return {
      standing: { rawFromMs: knownTime(find('raw')[1]), minute: level('minute'), hour: level('hour') },
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
    for (const [measurement, fields] of await this.#numberFields(signal)) {
      for (const field of fields) {
        const [found] = await this.#server.ask(oldestStatement(measurement, field, sinceMs), signal);
        const timeMs = found?.values[0]?.[0];
        if (typeof timeMs === 'number') oldest = Math.min(oldest ?? timeMs, timeMs);
      }
    }
    return oldest;
  }

  async roll({ windows, agents, late, standing }: RollWork, signal: AbortSignal): Promise<number> {
    let rows = 0;
    for (const [measurement, fields] of await this.#numberFields(signal)) {
      for (const window of windows) {
        for (const field of fields) {
          const [written] = await this.#server.ask(
            rollUpStatement(measurement, field, window, agents),
            signal,
          );
          rows += Number(written?.values[0]?.[1] ?? 0);
        }
      }
    }
    // After the points: a kill in between rolls them up again.
    await this.#server.remember(standingLines(standing) + lateLines(late, 'done'), signal);
    return rows;
  }

  deleteBefore(standing: HistoryStanding, signal: AbortSignal): Promise<void> {
    return this.#server.deleteRows(standing, signal);
  }

  /** Those that were ever stored, by measurement. */
  async #numberFields(signal: AbortSignal): Promise<readonly (readonly [string, readonly string[]])[]> {
    const all = await this.#server.ask('SHOW FIELD KEYS', signal);
    return all.flatMap(({ name = '', values }) => {
      const definition = this.#catalogue.get(name);
      if (definition === undefined) return [];
      const fields = values
        .map(([field]) => String(field))
        .filter((field) => {
          const type = Object.hasOwn(definition.fields, field) ? definition.fields[field]?.type : undefined;
          return type === 'float' || type === 'int';
        });
      return [[name, fields] as const];
    });
  }
}
