import { isPhone } from '../../contract/survey-topics.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { LatestCache, NewestRow } from '../live/latest-cache.ts';
import type { AgentRegistry } from '../liveness/agent-registry.ts';
import type { Series } from '../samples/series.ts';
import { CountedDips } from './counted-dips.ts';
import { LevelCounts } from './level-counts.ts';
import { isCovered, isNetwork } from './radio-sample.ts';

export interface CoverageCounterDeps {
  readonly latest: Pick<LatestCache, 'visit'>;
  readonly registry: Pick<AgentRegistry, 'clockCorrectionOf'>;
  readonly inventory: Pick<Inventory, 'devices' | 'units'>;
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
  /** To 1 dB, of the samples that have one. */
  readonly rsrpP50Dbm?: number | undefined;
  readonly sinrP50Db?: number | undefined;
}

interface Counting extends CoverageCount {
  readonly rsrp: LevelCounts;
  readonly sinr: LevelCounts;
}

interface ModemCounts {
  readonly counts: Set<Counting>;
  newest: Counting;
  newestMs: number;
}

/** What is older came late, and is no news of this minute. */
const MAX_AGE_MS = 300_000;
/** A modem that changes its network more often within a minute makes its names up. */
const MAX_NETWORKS_A_MODEM = 8;
/** The same of a phone with two SIMs that crosses into another unit. */
const MAX_NETWORKS_A_PHONE = 2 * MAX_NETWORKS_A_MODEM;
/** What all phones may add in a minute: were every name new, it is 12,000 series an hour, and those of modems have room. */
const MAX_NETWORKS_OF_PHONES = 200;

/**
 * Counts what the modems of the inventory measured, by unit, operator and technology, from the newest values: nothing is done when a row
 * arrives. Of each series every look counts one new row at most, so look as often as modems report. What agents send late is in no count. Bounded
 * by the modems of the inventory, and a bound for phones. What these measure on their way counts in the unit where they were.
 */
export class CoverageCounter {
  readonly #deps: CoverageCounterDeps;
  /** When the row was measured that was counted last. */
  readonly #seenMs = new WeakMap<Series, number>();
  readonly #dips = new CountedDips();
  /** Of each modem: while it has no network, it is missed in this one. */
  readonly #operators = new Map<string, string>();
  #counts = new Map<string, Counting>();
  #modems = new Map<string, ModemCounts>();
  /** How many networks are counted because of each phone, by its id. */
  #addedByPhones = new Map<string, number>();
  #addedByAllPhones = 0;

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
    latest.visit('drive_test', (series, row, tagNames) => {
      if (this.#seenMs.get(series) === row.timeMs) return;
      this.#seenMs.set(series, row.timeMs);
      this.#addDriveTest(readTags(series, tagNames), row, nowMs);
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
    const counts = [...this.#counts.values()].map(({ rsrp, sinr, ...count }) => ({
      ...count,
      rsrpP50Dbm: rsrp.median,
      sinrP50Db: sinr.median,
    }));
    this.#counts = new Map();
    this.#modems = new Map();
    this.#addedByPhones = new Map();
    this.#addedByAllPhones = 0;
    const { devices } = this.#deps.inventory;
    for (const device of this.#operators.keys()) if (!devices.has(device)) this.#operators.delete(device);
    return counts;
  }

  #addSample(tags: ReadTag, row: NewestRow, nowMs: number): void {
    if (!this.#isRecent(tags, row.timeMs, nowMs)) return;
    const covered = isCovered(tags('rat'), (field) => row.valueOf(field));
    if (covered === undefined) return;
    const count = this.#countOf(tags, row.timeMs);
    if (count !== undefined) addTo(count, row, covered);
  }

  /** Central itself has made it, and says in which unit: from an agent it proves nothing. It is none of the unit's modems. */
  #addDriveTest(tags: ReadTag, row: NewestRow, nowMs: number): void {
    const [phone, unit] = [tags('agent') ?? '', tags('unit') ?? ''];
    const [operator, rat] = [tags('operator'), tags('rat')];
    if (!isPhone(phone) || !this.#deps.inventory.units.has(unit)) return;
    if (!isNetwork(operator, rat) || !this.#isRecent(tags, row.timeMs, nowMs)) return;
    const covered = isCovered(rat, (field) => row.valueOf(field));
    if (covered === undefined) return;
    if (!this.#counts.has(keyOf(unit, operator, rat)) && !this.#mayAdd(phone)) return;
    addTo(this.#network(unit, operator, rat), row, covered);
  }

  /** Notes that the phone adds a network, if it may. */
  #mayAdd(phone: string): boolean {
    const added = this.#addedByPhones.get(phone) ?? 0;
    if (added >= MAX_NETWORKS_A_PHONE) return false;
    if (this.#addedByAllPhones >= MAX_NETWORKS_OF_PHONES) return false;
    this.#addedByPhones.set(phone, added + 1);
    this.#addedByAllPhones++;
    return true;
  }

  #isRecent(tags: ReadTag, timeMs: number, nowMs: number): boolean {
    const measuredMs = timeMs + this.#deps.registry.clockCorrectionOf(tags('agent') ?? '');
    return Math.abs(nowMs - measuredMs) <= MAX_AGE_MS;
  }

  /** undefined: it is of nothing that is counted. */
  #countOf(tags: ReadTag, timeMs: number): Counting | undefined {
    const id = tags('device') ?? '';
    const device = this.#deps.inventory.devices.get(id);
    const [ownOperator, rat] = [tags('operator'), tags('rat')];
    if (device === undefined || !isNetwork(ownOperator, rat)) return undefined;
    if (ownOperator !== undefined) this.#operators.set(id, ownOperator);
    const operator = ownOperator ?? this.#operators.get(id);
    const { unit } = device;
    const modem = this.#modems.get(id);
    if (modem !== undefined && modem.counts.size >= MAX_NETWORKS_A_MODEM) {
      const known = this.#counts.get(keyOf(unit, operator, rat));
      if (known === undefined || !modem.counts.has(known)) return undefined;
    }
    const count = this.#network(unit, operator, rat);
    if (modem === undefined) {
      this.#modems.set(id, { counts: new Set([count]), newest: count, newestMs: timeMs });
    } else {
      modem.counts.add(count);
      if (timeMs >= modem.newestMs) Object.assign(modem, { newest: count, newestMs: timeMs });
    }
    return count;
  }

  #network(unit: string, operator: string | undefined, rat: string | undefined): Counting {
    const key = keyOf(unit, operator, rat);
    let count = this.#counts.get(key);
    if (count === undefined) {
      const none = { samples: 0, covered: 0, modems: 0, dips: 0, dipS: 0, fallBacks: 0 };
      count = { unit, operator, rat, ...none, rsrp: new LevelCounts(), sinr: new LevelCounts() };
      this.#counts.set(key, count);
    }
    return count;
  }
}

function addTo(count: Counting, row: NewestRow, covered: boolean): void {
  count.samples++;
  if (covered) count.covered++;
  count.rsrp.add(row.valueOf('rsrp_dbm'));
  count.sinr.add(row.valueOf('sinr_db'));
}

function keyOf(unit: string, operator: string | undefined, rat: string | undefined): string {
  return `${unit} ${operator ?? ''} ${rat ?? ''}`;
}

type ReadTag = (name: string) => string | undefined;

function readTags({ tags }: Series, names: readonly string[]): ReadTag {
  return (name) => tags[names.indexOf(name)];
}
