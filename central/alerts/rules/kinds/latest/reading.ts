import type { FieldValue } from '../../../../../contract/sample.ts';
import type { LookAtSeries, NewestRow } from '../../../../live/latest-cache.ts';
import type { Series } from '../../../../samples/series.ts';
import { UNFINISHED, type EvidenceSources, type ListedDevice, type Unfinished } from '../rule-kind.ts';

/** What counts is not older than so many intervals. */
const FRESH_INTERVALS = 3;
/** A series with a slower pace counts by that, up to so many times the rule's interval: an outage is no pace. */
const MAX_PACE_INTERVALS = 6;

/** Series, or things, that are looked at without a pause: one or two milliseconds. */
export const PART = 1_000;

export type LatestSources = Pick<EvidenceSources, 'latest' | 'devices' | 'liveness'>;

export interface Wanted {
  readonly measurement: string;
  readonly where: Readonly<Record<string, readonly string[]>>;
  /** Usual time between samples. */
  readonly intervalMs: number;
}

/** The newest row of one series. One object stands for one after the other: it is valid until the next. */
export interface Reading {
  readonly agent: string;
  /** By central's clock. */
  readonly measuredAtMs: number;
  readonly isFresh: boolean;
  /** The inventory has its device in the care of another agent. */
  readonly isOfOther: boolean;
  /** `unit` and `site` are those of its device in the inventory, where that has it. */
  tag(name: string): string | undefined;
  valueOf(field: string): FieldValue | undefined;
}

/** The newest row of each series that the inventory expects; what is from the future is no evidence. A sign comes after each part. */
export function* readLatest(
  sources: LatestSources,
  wanted: Wanted,
  nowMs: number,
  look: (reading: Reading) => void,
): Generator<Unfinished, void> {
  const walk = sources.latest.walk(wanted.measurement);
  const lookAt = lookerFor(sources, wanted, nowMs, look);
  while (walk(PART, lookAt)) yield UNFINISHED;
}

function lookerFor(
  { devices, liveness }: LatestSources,
  { where, intervalMs }: Wanted,
  nowMs: number,
  look: (reading: Reading) => void,
): LookAtSeries {
  const wantedTags = Object.entries(where);
  const correctionOf = (agent: string): number => liveness.clockCorrectionOf(agent);
  const reading = new SeriesReading(devices(), correctionOf);
  return (series, row, tagNames) => {
    if (!series.isExpected) return;
    reading.moveTo(series, row, tagNames);
    const isWanted = wantedTags.every(([tag, values]) => values.includes(reading.ownTag(tag) ?? ''));
    if (!isWanted) return;
    const usualMs = Math.max(intervalMs, Math.min(row.paceMs || 0, MAX_PACE_INTERVALS * intervalMs));
    const ageMs = nowMs - reading.measuredAtMs;
    if (-ageMs > FRESH_INTERVALS * usualMs) return;
    reading.isFresh = ageMs <= FRESH_INTERVALS * usualMs;
    look(reading);
  };
}

class SeriesReading implements Reading {
  readonly #devices: ReadonlyMap<string, ListedDevice>;
  readonly #correctionOf: (agent: string) => number;
  #series: Series | undefined;
  #row: NewestRow | undefined;
  #tagNames: readonly string[] = [];
  #listed: ListedDevice | undefined;
  #correctionMs = 0;
  agent = '';
  measuredAtMs = 0;
  isFresh = false;

  constructor(devices: ReadonlyMap<string, ListedDevice>, correctionOf: (agent: string) => number) {
    this.#devices = devices;
    this.#correctionOf = correctionOf;
  }

  moveTo(series: Series, row: NewestRow, tagNames: readonly string[]): void {
    this.#series = series;
    this.#row = row;
    this.#tagNames = tagNames;
    const agent = this.ownTag('agent') ?? '';
    if (agent !== this.agent) {
      this.agent = agent;
      this.#correctionMs = this.#correctionOf(agent);
    }
    this.measuredAtMs = row.timeMs + this.#correctionMs;
    const device = this.ownTag('device');
    this.#listed = device === undefined ? undefined : this.#devices.get(device);
  }

  get isOfOther(): boolean {
    const owner = this.#listed?.agent;
    return owner !== undefined && owner !== this.agent;
  }

  /** As it was sent. */
  ownTag(name: string): string | undefined {
    return this.#series?.tags[this.#tagNames.indexOf(name)];
  }

  tag(name: string): string | undefined {
    if (this.#listed !== undefined && (name === 'unit' || name === 'site')) return this.#listed[name];
    return this.ownTag(name);
  }

  valueOf(field: string): FieldValue | undefined {
    return this.#row?.valueOf(field);
  }
}
