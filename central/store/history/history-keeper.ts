import { Semaphore } from '../../../runtime/semaphore.ts';
import { MeasurementError, nextPiece, standingOf, stayBehind } from './behind.ts';
import { LateHours, type LateHour } from './late-hours.ts';
import type { HistoryView } from './segments.ts';
import {
  HOUR_MS,
  hourOf,
  MINUTE_MS,
  type HistoryStanding,
  type LevelName,
  type RetentionLimits,
} from './levels.ts';

export interface Window {
  readonly level: LevelName;
  /** Inclusive, a whole bucket. */
  readonly fromMs: number;
  /** Exclusive, a whole bucket. */
  readonly toMs: number;
}

/** Work that is done as a whole, or again. */
export interface RollWork {
  /** In this order: minutes come from samples, hours from minutes. */
  readonly windows: readonly Window[];
  /** Of these alone; undefined: of all. */
  readonly agents: readonly string[] | undefined;
  /** Of these measurements alone. */
  readonly takes: (measurement: string) => boolean;
  /** Done with. */
  readonly late: readonly LateHour[];
  readonly standing: HistoryStanding;
}

/** How one store rolls up and remembers how far it is. */
export interface HistoryTables {
  /** Fewest and most minutes rolled up at a time. */
  readonly stepMinutes: { readonly least: number; readonly most: number };
  /** Resolves when every write that began before is over. */
  settleWrites(): Promise<void>;
  /** Time of the oldest sample from `sinceMs` on; undefined: there is none. Throws a MeasurementError where only one cannot be read. */
  oldestSampleMs(sinceMs: number, signal: AbortSignal): Promise<number | undefined>;
  /** Makes rows in place of those that are there; resolves with their number. Throws a MeasurementError where only one stands in the way. */
  roll(work: RollWork, signal: AbortSignal): Promise<number>;
  /** Remembers the standing first, then deletes what is older than it says. */
  deleteBefore(standing: HistoryStanding, signal: AbortSignal): Promise<void>;
}

/** Told when a measurement falls behind the others (`error`), and when it has caught up. */
export type OnBehind = (measurement: string, error: unknown) => void;

/** Rows rolled up at a time: the memory that it takes grows with them. */
const ROWS_A_STEP = 100_000;
/** To look for the end of shorter ones takes as long as to roll them up. */
const LONG_GAP_MS = 3 * HOUR_MS;

/**
 * Rolls samples up into minutes and minutes into hours, a piece at a time and each time once; again where rows came late. What is deleted was
 * rolled up before.
 */
export class HistoryKeeper {
  readonly #tables: HistoryTables;
  readonly #late: LateHours;
  readonly #working = new Semaphore(1);
  #standing: HistoryStanding;
  /** Rows before it may be missed by the roll under way, so that they count as late. */
  #sealedMs: number;
  #stepMinutes: number;
  /** Begin of the hour that is rolled up again. */
  #repairing: number | undefined;
  /** The last minutes had no rows: more such time may follow. */
  #wasEmpty = false;
  readonly #onBehind: OnBehind;
  /** Behind, and tried in vain since there was nothing else to do. */
  readonly #resting = new Set<string>();

  constructor(
    tables: HistoryTables,
    standing: HistoryStanding,
    late: readonly LateHour[],
    onBehind: OnBehind = () => undefined,
  ) {
    this.#onBehind = onBehind;
    this.#tables = tables;
    this.#standing = standing;
    this.#late = new LateHours(late);
    this.#sealedMs = standing.minute.rolledToMs ?? 0;
    this.#stepMinutes = tables.stepMinutes.least;
  }

  get standing(): HistoryStanding {
    return this.#standing;
  }

  viewOf(measurement: string): HistoryView {
    const hours = this.#late.hours();
    if (this.#repairing !== undefined) hours.add(this.#repairing);
    return {
      standing: standingOf(this.#standing, measurement),
      lateHoursMs: [...hours].sort((left, right) => left - right),
    };
  }

  /** Rows of this time have to be told to `noteLate`. */
  isLate(timeMs: number): boolean {
    return timeMs < this.#sealedMs;
  }

  /** The hour if it has to be stored with the row, or before it. */
  noteLate(agent: string, timeMs: number): LateHour | undefined {
    const { rawFromMs = 0 } = this.#standing;
    // Of what was deleted nothing is left to be rolled up with it.
    if (timeMs < rawFromMs) return undefined;
    return this.#late.note(agent, hourOf(timeMs));
  }

  /** Rolls up one more piece of what is older than `upToMs`. False: there is none for now. */
  rollUp(upToMs: number, signal: AbortSignal): Promise<boolean> {
    return this.#working.run(async () => {
      if (await this.#repair(signal)) return true;
      if (await this.#rollHour(signal)) return true;
      if (await this.#passGap(upToMs, signal)) return true;
      if (await this.#rollMinutes(upToMs, signal)) return true;
      if (await this.#catchUp(signal)) return true;
      this.#late.pass();
      return false;
    }, signal);
  }

  /** Deletes what is older, as far as the next level has it, and no level earlier than the one that it was made from. */
  deleteBefore(limits: RetentionLimits, signal: AbortSignal): Promise<void> {
    return this.#working.run(async () => {
      const { minute, hour } = this.#standing;
      const waits = this.#late.oldestMs ?? Infinity;
      const rawFromMs = later(
        this.#standing.rawFromMs,
        Math.min(limits.rawMs, minute.rolledToMs ?? 0, waits),
      );
      const minuteMs = hourOf(Math.min(limits.minuteMs, hour.rolledToMs ?? 0, rawFromMs ?? 0));
      const hourMs = Math.min(hourOf(limits.hourMs), minuteMs);
      this.#standing = {
        ...this.#standing,
        rawFromMs,
        minute: { ...minute, fromMs: later(minute.fromMs, minuteMs) },
        hour: { ...hour, fromMs: later(hour.fromMs, hourMs) },
      };
      await this.#tables.deleteBefore(this.#standing, signal);
    }, signal);
  }

  async #repair(signal: AbortSignal): Promise<boolean> {
    const late = this.#late.take();
    const [first] = late;
    if (first === undefined) return false;
    const agents = late.map(({ agent }) => agent);
    this.#repairing = first.hourMs;
    try {
      // A write under way that noted them before they were taken has to be over, since it notes them no more.
      await this.#tables.settleWrites();
      const windows = this.#windowsOf(first.hourMs);
      const stay = (now: HistoryStanding, measurement: string): HistoryStanding => ({
        ...now,
        behind: stayBehind(now, measurement, first.hourMs),
      });
      // What is behind gets this hour, too, when it catches up.
      const standing = [...(this.#standing.behind?.keys() ?? [])].reduce(stay, this.#standing);
      await this.#rollApart({ windows, agents, late }, standing, stay, signal);
    } catch (error) {
      this.#late.putBack(late);
      throw error;
    } finally {
      this.#repairing = undefined;
    }
    return true;
  }

  /** What of this hour was rolled up and can be again: minutes whose samples are all there, and the hour. */
  #windowsOf(hourMs: number): readonly Window[] {
    const { rawFromMs = 0, minute, hour } = this.#standing;
    const fromMs = Math.ceil(Math.max(hourMs, rawFromMs) / MINUTE_MS) * MINUTE_MS;
    const toMs = Math.min(hourMs + HOUR_MS, minute.rolledToMs ?? 0);
    if (fromMs >= toMs) return [];
    const minutes: Window = { level: 'minute', fromMs, toMs };
    if ((hour.rolledToMs ?? 0) <= hourMs) return [minutes];
    return [minutes, { level: 'hour', fromMs: hourMs, toMs: hourMs + HOUR_MS }];
  }

  async #rollHour(signal: AbortSignal): Promise<boolean> {
    const { minute, hour } = this.#standing;
    const minutesToMs = minute.rolledToMs ?? 0;
    const fromMs = hour.rolledToMs ?? 0;
    const toMs = fromMs + HOUR_MS;
    if (hour.rolledToMs === undefined || toMs > minutesToMs) return false;
    const standing = { ...this.#standing, hour: { ...hour, rolledToMs: toMs } };
    await this.#roll({ level: 'hour', fromMs, toMs }, standing, signal);
    return true;
  }

  async #rollMinutes(upToMs: number, signal: AbortSignal): Promise<boolean> {
    const begun = await this.#begin(signal);
    if (begun === undefined) return false;
    const fromMs = begun.minute.rolledToMs ?? 0;
    const { least, most } = this.#tables.stepMinutes;
    const leastMs = least * MINUTE_MS;
    const closedMs = Math.floor((upToMs - fromMs) / leastMs) * leastMs;
    // Not beyond the hour: then it can be made at once, and what follows may be passed over.
    const leftMs = hourOf(fromMs) + HOUR_MS - fromMs;
    const toMs = fromMs + Math.min(this.#stepMinutes * MINUTE_MS, closedMs, leftMs);
    if (toMs <= fromMs) return false;
    const standing = (rolledToMs: number): HistoryStanding => ({
      ...begun,
      minute: { ...begun.minute, rolledToMs },
    });
    const rows = await this.#roll({ level: 'minute', fromMs, toMs }, standing(toMs), signal);
    this.#wasEmpty = rows === 0;
    const minutes = Math.floor((ROWS_A_STEP * (toMs - fromMs)) / MINUTE_MS / Math.max(rows, 1));
    this.#stepMinutes = least * Math.min(Math.max(Math.floor(minutes / least), 1), most / least);
    return true;
  }

  /** Hours in which nothing was stored, such as days in which central was off, are passed over at once. */
  async #passGap(upToMs: number, signal: AbortSignal): Promise<boolean> {
    const { minute, hour } = this.#standing;
    const fromMs = minute.rolledToMs ?? Infinity;
    if (!this.#wasEmpty || hour.rolledToMs !== fromMs || upToMs - fromMs < LONG_GAP_MS) return false;
    this.#wasEmpty = false;
    const foundMs = await this.#gapEndMs(fromMs, upToMs, signal);
    if (foundMs <= fromMs) return false;
    // What is written from now on is late; what is being written may lie in the gap.
    this.#sealedMs = Math.max(this.#sealedMs, foundMs);
    await this.#tables.settleWrites();
    const rolledToMs = Math.min(foundMs, await this.#gapEndMs(fromMs, upToMs, signal));
    if (rolledToMs <= fromMs) return false;
    const standing = {
      ...this.#standing,
      minute: { ...minute, rolledToMs },
      hour: { ...hour, rolledToMs },
    };
    const nothing = { windows: [], agents: undefined, takes: () => false, late: [] };
    await this.#tables.roll({ ...nothing, standing }, signal);
    this.#standing = standing;
    return true;
  }

  /** `fromMs` where one measurement cannot be read: hour by hour the others go on without it. */
  async #gapEndMs(fromMs: number, upToMs: number, signal: AbortSignal): Promise<number> {
    try {
      const oldestMs = (await this.#tables.oldestSampleMs(fromMs, signal)) ?? Infinity;
      return hourOf(Math.min(upToMs, oldestMs));
    } catch (error) {
      if (error instanceof MeasurementError) return fromMs;
      throw error;
    }
  }

  /** Where nothing is rolled up yet: from the oldest sample on. undefined: there is none. */
  async #begin(signal: AbortSignal): Promise<HistoryStanding | undefined> {
    if (this.#standing.minute.rolledToMs !== undefined) return this.#standing;
    const oldestMs = await this.#tables.oldestSampleMs(0, signal);
    if (oldestMs === undefined) return undefined;
    const rolledToMs = hourOf(oldestMs);
    const { minute, hour } = this.#standing;
    return { ...this.#standing, minute: { ...minute, rolledToMs }, hour: { ...hour, rolledToMs } };
  }

  async #roll(window: Window, standing: HistoryStanding, signal: AbortSignal): Promise<number> {
    this.#sealedMs = Math.max(this.#sealedMs, standing.minute.rolledToMs ?? 0);
    await this.#tables.settleWrites();
    const before = {
      minuteMs: (window.level === 'minute' ? window.fromMs : standing.minute.rolledToMs) ?? 0,
      hourMs: (window.level === 'hour' ? window.fromMs : standing.hour.rolledToMs) ?? 0,
    };
    const stay = (now: HistoryStanding, measurement: string): HistoryStanding => ({
      ...now,
      behind: new Map(now.behind).set(measurement, before),
    });
    return this.#rollApart({ windows: [window], agents: undefined, late: [] }, standing, stay, signal);
  }

  /** Of all but those that are behind. One that cannot be rolled up falls behind as `stay` says, and the others go on. */
  async #rollApart(
    work: Pick<RollWork, 'windows' | 'agents' | 'late'>,
    standing: HistoryStanding,
    stay: (now: HistoryStanding, measurement: string) => HistoryStanding,
    signal: AbortSignal,
  ): Promise<number> {
    const failed = new Map<string, unknown>();
    for (let next = standing; ;) {
      const { behind } = next;
      const takes = (measurement: string): boolean => behind?.has(measurement) !== true;
      try {
        const rows = await this.#tables.roll({ ...work, takes, standing: next }, signal);
        this.#standing = next;
        for (const [measurement, error] of failed) this.#onBehind(measurement, error);
        return rows;
      } catch (error) {
        if (!(error instanceof MeasurementError) || !takes(error.measurement)) throw error;
        failed.set(error.measurement, error.cause);
        next = stay(next, error.measurement);
      }
    }
  }

  /** One more piece of one that is behind. False: none is, or they fail still. */
  async #catchUp(signal: AbortSignal): Promise<boolean> {
    for (const [measurement, before] of this.#standing.behind ?? []) {
      if (this.#resting.has(measurement)) continue;
      const { window, progress } = nextPiece(this.#standing, before);
      const behind = new Map(this.#standing.behind);
      if (progress === undefined) behind.delete(measurement);
      else behind.set(measurement, progress);
      const standing = { ...this.#standing, behind };
      const takes = (name: string): boolean => name === measurement;
      await this.#tables.settleWrites();
      try {
        await this.#tables.roll({ windows: [window], agents: undefined, takes, late: [], standing }, signal);
      } catch (error) {
        if (!(error instanceof MeasurementError)) throw error;
        this.#resting.add(measurement);
        continue;
      }
      this.#standing = standing;
      if (progress === undefined) this.#onBehind(measurement, undefined);
      return true;
    }
    this.#resting.clear();
    return false;
  }
}

function later(oneMs: number | undefined, otherMs: number): number | undefined {
  return otherMs <= 0 ? oneMs : Math.max(oneMs ?? 0, otherMs);
}
