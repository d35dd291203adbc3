import type { LiveInventory } from '../../inventory/live-inventory.ts';
import type { BatchContext, BatchObserver } from '../../samples/batch-observer.ts';
import type { SampleBatch } from '../../samples/sample-table.ts';
import { usualNote } from '../../samples/series.ts';
import type { StateDatabase } from '../../state/database.ts';
import {
  openSightingRepository,
  type SavedSighting,
  type SightingRepository,
} from './sighting-repository.ts';

/** What was seen of one device of the inventory. */
export interface Sighting {
  readonly listedAtMs: number;
  /** The last calendar day on which anything of it arrived; undefined: never. */
  readonly seenDay: string | undefined;
  /** Since central started; undefined: nothing yet. */
  readonly lastAtMs: number | undefined;
  /** Of one measurement, alike. */
  lastOf(measurement: string): number | undefined;
}

export interface DeviceSightingsDeps {
  readonly inventory: LiveInventory;
  readonly database: StateDatabase;
  readonly nowMs: number;
  /** The calendar day of the city at a time, such as 2025-07-01. */
  readonly dayOf: (timeMs: number) => string;
}

/** When one measurement of one device was last made. */
interface Mark {
  lastAtMs: number;
}

interface Note {
  readonly generation: number;
  /** undefined: it is of no device of the inventory. */
  readonly mark: Mark | undefined;
}

interface Known {
  saved: SavedSighting;
  readonly marks: Map<string, Mark>;
}

/**
 * Which devices of the inventory were ever seen, and when each of their measurements was last made. Bounded by the inventory; which day
 * a device was last seen is kept in state.db.
 */
export class DeviceSightings implements BatchObserver {
  readonly #deps: DeviceSightingsDeps;
  readonly #repository: SightingRepository;
  readonly #notes = usualNote<Note>('sighting');
  readonly #known = new Map<string, Known>();
  readonly #unsaved = new Set<string>();
  /** Grows with each change of the inventory: what a series is of must be found out again. */
  #generation = 0;
  /** Made last: the series of one measurement of one device share it, and so do those of no device of the inventory. */
  #lastNote: Note = { generation: 0, mark: undefined };

  constructor(deps: DeviceSightingsDeps) {
    this.#deps = deps;
    this.#repository = openSightingRepository(deps.database);
    for (const [device, saved] of this.#repository.all())
      this.#known.set(device, { saved, marks: new Map() });
    this.#follow(deps.nowMs);
  }

  /** The inventory has changed. */
  follow(nowMs: number): void {
    this.#generation++;
    this.#follow(nowMs);
  }

  observe({ agent, tables }: SampleBatch, { receivedAtMs, backfill }: BatchContext): void {
    for (const { measurement, tags, rows } of tables) {
      for (const { series, timeMs } of rows) {
        let note = this.#notes.of(series);
        if (note?.generation !== this.#generation) {
          // A server is measured by the agent on it, which has its name.
          const device = series.tags[tags.indexOf('device')] ?? agent;
          note = this.#noteOf(device, measurement);
          this.#notes.set(series, note);
        }
        const atMs = backfill ? Math.min(timeMs, receivedAtMs) : receivedAtMs;
        if (note.mark !== undefined && atMs > note.mark.lastAtMs) note.mark.lastAtMs = atMs;
      }
    }
  }

  /** undefined: it is not in the inventory. */
  of(device: string): Sighting | undefined {
    const known = this.#known.get(device);
    if (known === undefined) return undefined;
    const lastAtMs = lastOf(known);
    return {
      listedAtMs: known.saved.listedAtMs,
      seenDay: this.#seenDay(known, lastAtMs),
      lastAtMs,
      lastOf: (measurement) => finite(known.marks.get(measurement)?.lastAtMs),
    };
  }

  /** Writes which devices were seen on another day than before. Call it each minute, and in the end. */
  save(): void {
    for (const [device, known] of this.#known) {
      const seenDay = this.#seenDay(known, lastOf(known));
      if (seenDay === known.saved.seenDay) continue;
      known.saved = { ...known.saved, seenDay };
      this.#unsaved.add(device);
    }
    if (this.#unsaved.size === 0) return;
    this.#repository.save(
      new Map([...this.#unsaved].map((device) => [device, this.#known.get(device)?.saved])),
    );
    this.#unsaved.clear();
  }

  #seenDay({ saved }: Known, lastAtMs: number | undefined): string | undefined {
    if (lastAtMs === undefined) return saved.seenDay;
    const day = this.#deps.dayOf(lastAtMs);
    return saved.seenDay === undefined || day > saved.seenDay ? day : saved.seenDay;
  }

  #follow(nowMs: number): void {
    const { devices } = this.#deps.inventory;
    for (const device of this.#known.keys()) {
      if (devices.has(device)) continue;
      this.#known.delete(device);
      this.#unsaved.add(device);
    }
    for (const device of devices.keys()) {
      if (this.#known.has(device)) continue;
      this.#known.set(device, { saved: { listedAtMs: nowMs, seenDay: undefined }, marks: new Map() });
      this.#unsaved.add(device);
    }
  }

  #noteOf(device: string, measurement: string): Note {
    const generation = this.#generation;
    const mark = this.#markOf(device, measurement);
    const last = this.#lastNote;
    if (last.generation !== generation || last.mark !== mark) this.#lastNote = { generation, mark };
    return this.#lastNote;
  }

  #markOf(device: string, measurement: string): Mark | undefined {
    const marks = this.#known.get(device)?.marks;
    if (marks === undefined) return undefined;
    let mark = marks.get(measurement);
    if (mark === undefined) {
      // Begins as a double: V8 then changes it in place.
      mark = { lastAtMs: -Infinity };
      marks.set(measurement, mark);
    }
    return mark;
  }
}

function lastOf({ marks }: Known): number | undefined {
  let lastAtMs = -Infinity;
  for (const mark of marks.values()) if (mark.lastAtMs > lastAtMs) lastAtMs = mark.lastAtMs;
  return finite(lastAtMs);
}

function finite(timeMs: number | undefined): number | undefined {
  return timeMs === undefined || timeMs === -Infinity ? undefined : timeMs;
}
