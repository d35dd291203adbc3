import type { Clock } from '../../../runtime/clock.ts';
import { TAG } from './ber.ts';
import { compareOids, encodeVarbind, findEntry, parseOid, type Entry, type Recording } from './recording.ts';

/** Growth of a counter per second; undefined: none. */
export type Motion = (oid: string) => number | undefined;

const SYS_UP_TIME = '1.3.6.1.2.1.1.3.0';
const TICKS_PER_S = 100;
const BITS: Readonly<Record<number, number>> = {
  [TAG.counter32]: 32,
  [TAG.timeTicks]: 32,
  [TAG.counter64]: 64,
};

/** Encoded once for all agents that replay the same recording. */
const encodedEntries = new WeakMap<Entry, Buffer>();

/** A recording over time: counters grow and wrap, the device restarts, single objects change. */
export class DeviceState {
  readonly #clock: Clock;
  readonly #recording: Recording;
  readonly #motion = new Map<Entry, number>();
  readonly #changed = new Map<Entry, Entry>();
  readonly #gone = new Set<Entry>();
  #sinceMs: number;
  #isRestarted = false;

  constructor(recording: Recording, clock: Clock, motion: Motion = () => undefined) {
    this.#clock = clock;
    this.#recording = recording;
    this.#sinceMs = clock.monotonicMs();
    for (const entry of recording) {
      const oid = entry.oid.join('.');
      const perSecond = oid === SYS_UP_TIME ? TICKS_PER_S : motion(oid);
      if (perSecond !== undefined && BITS[entry.tag] !== undefined) this.#motion.set(entry, perSecond);
    }
  }

  /** The object at `oid`, or with `after` the next one; undefined: none. As an encoded varbind. */
  find(
    oid: readonly number[],
    after: boolean,
  ): { readonly oid: readonly number[]; readonly bytes: Buffer } | undefined {
    for (let at = findEntry(this.#recording, oid, after); at < this.#recording.length; at++) {
      const entry = this.#recording[at];
      if (entry === undefined || (!after && compareOids(entry.oid, oid) !== 0)) return undefined;
      if (!this.#gone.has(entry)) return { oid: entry.oid, bytes: this.#encode(entry) };
    }
    return undefined;
  }

  /** Resets the uptime and every moving counter to zero. */
  restart(): void {
    this.#sinceMs = this.#clock.monotonicMs();
    this.#isRestarted = true;
    for (const entry of this.#motion.keys()) this.#changed.delete(entry);
  }

  /** Sets the value of one object; a moving counter continues from there. */
  set(oid: string, value: bigint | Buffer): void {
    const entry = this.#entry(oid);
    const moved = this.#motion.get(entry);
    const base = typeof value === 'bigint' && moved !== undefined ? value - this.#grown(moved) : value;
    this.#changed.set(entry, { ...entry, value: base });
  }

  /** Removes the objects under `prefix`. */
  remove(prefix: string): void {
    const arcs = parseOid(prefix);
    for (const entry of this.#recording) {
      if (arcs.every((arc, at) => entry.oid[at] === arc)) this.#gone.add(entry);
    }
  }

  #entry(oid: string): Entry {
    const arcs = parseOid(oid);
    const entry = this.#recording[findEntry(this.#recording, arcs, false)];
    if (entry === undefined || compareOids(entry.oid, arcs) !== 0)
      throw new Error(`no object ${oid} in the recording`);
    return entry;
  }

  #encode(recorded: Entry): Buffer {
    const entry = this.#changed.get(recorded) ?? recorded;
    const perSecond = this.#motion.get(recorded);
    if (perSecond === undefined || typeof entry.value !== 'bigint') return encodeOnce(entry);
    const base = this.#isRestarted && entry === recorded ? 0n : entry.value;
    const value = BigInt.asUintN(BITS[entry.tag] ?? 64, base + this.#grown(perSecond));
    return encodeVarbind({ ...entry, value });
  }

  #grown(perSecond: number): bigint {
    return BigInt(Math.round(((this.#clock.monotonicMs() - this.#sinceMs) / 1_000) * perSecond));
  }
}

function encodeOnce(entry: Entry): Buffer {
  let bytes = encodedEntries.get(entry);
  if (bytes === undefined) {
    bytes = encodeVarbind(entry);
    encodedEntries.set(entry, bytes);
  }
  return bytes;
}
