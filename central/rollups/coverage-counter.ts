import type { Inventory } from '../inventory/inventory.ts';
import type { LatestCache, NewestRow } from '../live/latest-cache.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { Series } from '../samples/series.ts';
import { CountedDips } from './counted-dips.ts';
import { isCovered, isNetwork } from './radio-sample.ts';

export interface CoverageCounterDeps {
  readonly latest: Pick<LatestCache, 'visit'>;
  readonly registry: Pick<AgentRegistry, 'clockCorrectionOf'>;
  readonly inventory: Pick<Inventory, 'devices'>;
}

/** Of the modems of one unit in one network. */
export interface CoverageCount {
  readonly unit: string;
  readonly operator: string | undefined;
  readonly rat: string | undefined;
  samples: number;
  covered: number;
  /** That were in this network last: each modem counts once, in one network. */
  modems: number;
  dips: number;
  /** Of those that ended. */
  dipS: number;
  fallBacks: number;
}

interface ModemCounts {
  readonly counts: Set<CoverageCount>;
  newest: CoverageCount;
  newestMs: number;
}

/** What is older came late, and is no news of this minute. */
const MAX_AGE_MS = 300_000;
/** A modem that changes its network more often within a minute makes its names up. */
const MAX_NETWORKS_A_MODEM = 8;

/**
 * Counts what the modems of the inventory measured, by unit, operator and technology, from the newest values: nothing is done when a row
 * arrives. Of each series every look counts one new row at most, so look as often as modems report. What agents send late is in no count. Bounded
 * by the modems of the inventory.
 */
export class CoverageCounter {
  readonly #deps: CoverageCounterDeps;
  /** When the row was measured that was counted last. */
  readonly #seenMs = new WeakMap<Series, number>();
  readonly #dips = new CountedDips();
  /** Of each modem: while it has no network, it is missed in this one. */
  readonly #operators = new Map<string, string>();
  #counts = new Map<string, CoverageCount>();
  #modems = new Map<string, ModemCounts>();

  constructor(deps: CoverageCounterDeps) {
    this.#deps = deps;
  }

  look(nowMs: number): void {
    const { latest } = this.#deps;
    latest.visit('cellular', (series, row, tagNames) => {
      if (this.#seenMs.get(series) === row.timeMs) return;
      this.#seenMs.set(series, row.timeMs);
      this.#addSample(readTags(series, tagNames), row, nowMs);
    });
    latest.visit('signal_dip', (series, row, tagNames) => {
      if (this.#dips.hasSeen(series, row)) return;
      const tags = readTags(series, tagNames);
      const dip = this.#dips.see(series, row, this.#isRecent(tags, row.timeMs, nowMs));
      if (!dip.isNew && dip.endedS === 0) return;
      const count = this.#countOf(tags, row.timeMs);
      if (count === undefined) return;
      if (dip.isNew && tags('kind') === 'fall_back') count.fallBacks++;
      else if (dip.isNew) count.dips++;
      if (tags('kind') !== 'fall_back') count.dipS += dip.endedS;
    });
  }

  /** What was counted since the call before. */
  take(): readonly CoverageCount[] {
    for (const { newest } of this.#modems.values()) newest.modems++;
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    this.#modems = new Map();
    const { devices } = this.#deps.inventory;
    for (const device of this.#operators.keys()) if (!devices.has(device)) this.#operators.delete(device);
    return counts;
  }

  #addSample(tags: ReadTag, row: NewestRow, nowMs: number): void {
    if (!this.#isRecent(tags, row.timeMs, nowMs)) return;
    const covered = isCovered(tags('rat'), (field) => row.valueOf(field));
    if (covered === undefined) return;
    const count = this.#countOf(tags, row.timeMs);
    if (count === undefined) return;
    count.samples++;
    if (covered) count.covered++;
  }

  #isRecent(tags: ReadTag, timeMs: number, nowMs: number): boolean {
    const measuredMs = timeMs + this.#deps.registry.clockCorrectionOf(tags('agent') ?? '');
    return Math.abs(nowMs - measuredMs) <= MAX_AGE_MS;
  }

  /** undefined: it is of nothing that is counted. */
  #countOf(tags: ReadTag, timeMs: number): CoverageCount | undefined {
    const id = tags('device') ?? '';
    const device = this.#deps.inventory.devices.get(id);
    const [ownOperator, rat] = [tags('operator'), tags('rat')];
    if (device === undefined || !isNetwork(ownOperator, rat)) return undefined;
    if (ownOperator !== undefined) this.#operators.set(id, ownOperator);
    const operator = ownOperator ?? this.#operators.get(id);
    const { unit } = device;
    const key = `${unit} ${operator ?? ''} ${rat ?? ''}`;
    const known = this.#counts.get(key);
    const count = known ?? {
      unit,
      operator,
      rat,
      samples: 0,
      covered: 0,
      modems: 0,
      dips: 0,
      dipS: 0,
      fallBacks: 0,
    };
    const modem = this.#modems.get(id);
    if (modem === undefined) {
      this.#modems.set(id, { counts: new Set([count]), newest: count, newestMs: timeMs });
    } else {
      if (!modem.counts.has(count) && modem.counts.size >= MAX_NETWORKS_A_MODEM) return undefined;
      modem.counts.add(count);
      if (timeMs >= modem.newestMs) Object.assign(modem, { newest: count, newestMs: timeMs });
    }
    if (known === undefined) this.#counts.set(key, count);
    return count;
  }
}

type ReadTag = (name: string) => string | undefined;

function readTags({ tags }: Series, names: readonly string[]): ReadTag {
  return (name) => tags[names.indexOf(name)];
}
