import type { FieldValue } from '../../../../../contract/sample.ts';
import type { SampleRow, SampleTable } from '../../../../samples/sample-table.ts';
import type { Evaluation } from '../../../lifecycle/alert-state.ts';
import type { Direction, LevelLimits } from '../../limit-levels.ts';
import type { RowPlan } from '../rule-kind.ts';
import { CounterTrack, GaugeTrack, type Increase, type TrackShape } from './track.ts';
import { TrackStore } from './track-store.ts';

interface Names {
  readonly field: string;
  readonly of: 'gauge' | 'counter';
  readonly divideBy?: string | undefined;
  /** The time that the limits are for, ms; the window if not given. */
  readonly per?: number | undefined;
  readonly op: Direction;
  readonly holdsAt?: number | undefined;
}

/** Without a row for so many windows, a series has nothing left that counts. */
const QUIET_WINDOWS = 2;

/** One rule's memory and how it reads tables of each shape. */
export function planRate(
  names: Names,
  shape: TrackShape,
  limits: LevelLimits,
): (table: SampleTable) => RowPlan | undefined {
  const { of, divideBy, op, per: perMs = shape.windowMs, holdsAt } = names;
  const isHeld = holdOf(op, holdsAt);
  const quietMs = QUIET_WINDOWS * shape.windowMs;
  const gauges = new TrackStore(() => new GaugeTrack(shape), quietMs);
  const counters = new TrackStore(() => new CounterTrack(shape, divideBy === undefined ? 1 : 2), quietMs);
  return ({ tags, fields }) => {
    const columns = {
      fieldAt: fields.indexOf(names.field),
      divideAt: divideBy === undefined ? -1 : fields.indexOf(divideBy),
      agentAt: tags.indexOf('agent'),
    };
    if (columns.fieldAt < 0 || (divideBy !== undefined && columns.divideAt < 0)) return undefined;
    return of === 'gauge'
      ? new GaugePlan(columns, limits, gauges, { perMs, isHeld })
      : new CounterPlan(columns, limits, counters, { perMs, ...shape, op });
  };
}

interface Columns {
  readonly fieldAt: number;
  /** -1: not divided. */
  readonly divideAt: number;
  readonly agentAt: number;
}

/** Of a device that the inventory lacks nothing is kept: it raises no alert. */
function trackOf<T>(
  store: TrackStore<T>,
  { agentAt }: Columns,
  { series }: SampleRow,
  arrivedAtMs: number,
): T | undefined {
  return series.isExpected ? store.of(series.tags[agentAt] ?? '', series, arrivedAtMs) : undefined;
}

type IsHeld = (value: FieldValue | undefined) => boolean;

/** Whether the value itself keeps an alert from its end. */
function holdOf(op: Direction, holdsAt: number | undefined): IsHeld {
  if (holdsAt === undefined) return () => false;
  return (value) => (op === 'above' ? Number(value) > holdsAt : Number(value) < holdsAt);
}

interface GaugeScale {
  readonly perMs: number;
  readonly isHeld: IsHeld;
}

class GaugePlan implements RowPlan {
  readonly #columns: Columns;
  readonly #limits: LevelLimits;
  readonly #tracks: TrackStore<GaugeTrack>;
  readonly #scale: GaugeScale;

  constructor(columns: Columns, limits: LevelLimits, tracks: TrackStore<GaugeTrack>, scale: GaugeScale) {
    this.#columns = columns;
    this.#limits = limits;
    this.#tracks = tracks;
    this.#scale = scale;
  }

  readValue(row: SampleRow, arrivedAtMs: number): number | undefined {
    const value = row.values[this.#columns.fieldAt];
    if (value === undefined) return undefined;
    const slope = trackOf(this.#tracks, this.#columns, row, arrivedAtMs)?.read(row.timeMs, Number(value));
    return slope === undefined ? undefined : slope * this.#scale.perMs;
  }

  isBreach(value: FieldValue): boolean {
    return this.#limits.isBreach(value);
  }

  evaluate(value: FieldValue, row: SampleRow): readonly Evaluation[] {
    const evaluations = this.#limits.evaluate(value);
    if (!this.#scale.isHeld(row.values[this.#columns.fieldAt])) return evaluations;
    return evaluations.map((one) => (one === 'clear' ? 'between' : one));
  }
}

interface CounterScale {
  readonly perMs: number;
  readonly windowMs: number;
  readonly op: Direction;
}

class CounterPlan implements RowPlan {
  readonly #columns: Columns;
  readonly #limits: LevelLimits;
  readonly #tracks: TrackStore<CounterTrack>;
  readonly #scale: CounterScale;
  /** Of the row that was read last: each row is judged before the next is read. */
  #isWhole = true;

  constructor(columns: Columns, limits: LevelLimits, tracks: TrackStore<CounterTrack>, scale: CounterScale) {
    this.#columns = columns;
    this.#limits = limits;
    this.#tracks = tracks;
    this.#scale = scale;
  }

  readValue(row: SampleRow, arrivedAtMs: number): number | undefined {
    const { fieldAt, divideAt } = this.#columns;
    const value = countOf(row.values[fieldAt]);
    const divisor = divideAt < 0 ? 0 : countOf(row.values[divideAt]);
    if (value === undefined || divisor === undefined) return undefined;
    const read = trackOf(this.#tracks, this.#columns, row, arrivedAtMs)?.read(row.timeMs, value, divisor);
    return read && this.#valueOf(read, divideAt >= 0);
  }

  isBreach(value: FieldValue): boolean {
    return this.#limits.isBreach(value);
  }

  evaluate(value: FieldValue): readonly Evaluation[] {
    const evaluations = this.#limits.evaluate(value);
    return this.#isWhole ? evaluations : evaluations.map((one) => (one === 'breach' ? one : 'between'));
  }

  /** Counted for less than the window, it can only become more: that may be a breach already, but is no end. */
  #valueOf({ increase, divisor, spanMs, isWhole }: Increase, isDivided: boolean): number | undefined {
    const { perMs, windowMs, op } = this.#scale;
    this.#isWhole = isWhole;
    if (isDivided) return isWhole && divisor > 0 ? increase / divisor : undefined;
    const value = (increase * perMs) / Math.max(spanMs, windowMs);
    return isWhole || (op === 'above' && this.#limits.isBreach(value)) ? value : undefined;
  }
}

/** Counts are whole numbers; of a float the fraction counts too. */
function countOf(value: FieldValue | undefined): number | bigint | undefined {
  return typeof value === 'number' || typeof value === 'bigint' ? value : undefined;
}
