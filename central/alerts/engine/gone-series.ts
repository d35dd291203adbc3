import type { SampleBatch, SampleRow, SampleTable } from '../../samples/sample-table.ts';
import { gapLimitOf } from '../lifecycle/next-alert-state.ts';
import type { SeriesEvaluator } from '../rules/kinds/rule-kind.ts';
import { entityKey, findEntityColumns } from './entity-columns.ts';
import { deviceOf, type LiveEntity, type RuleRuntime } from './rule-runtime.ts';

/** Not evaluated for so long, and for three of its intervals: it is looked for. */
const QUIET_MS = 300_000;
/** What stands beside it went on for so long, and for three of its intervals, while it was looked for: it is gone. */
const MISSED_MS = 600_000;
/** Where nothing of its measurement is left to stand beside it: the machine itself went on for so long. */
const NOTHING_LEFT_MS = 86_400_000;

interface Watch {
  readonly runtime: RuleRuntime<SeriesEvaluator>;
  readonly live: LiveEntity;
  readonly sinceMs: number;
}

/** Alerts about series of one measurement and one device or machine, all quiet. */
interface Neighbourhood {
  readonly measurement: string;
  readonly source: Source;
  readonly watches: Map<LiveEntity, Watch>;
  /** Any row of that measurement and source. */
  rowSeenAtMs: number;
  /** Any row of that machine. */
  machineSeenAtMs: number;
}

/** Of one agent. */
interface Watched {
  /** Any batch of it. */
  seenAtMs: number;
  readonly byName: Map<string, Neighbourhood>;
  /** The same, by the tag and the value of their source: an agent may have thousands of them. */
  readonly bySource: Map<Source['tag'], Map<string, Neighbourhood[]>>;
}

interface Found {
  readonly watch: Watch;
  readonly neighbourhood: Neighbourhood;
  readonly agentSeenAtMs: number;
}

interface Source {
  readonly tag: 'device' | 'host' | undefined;
  readonly value: string;
}

/**
 * Finds alerts about series that their agent no longer has, though it lives: a removed container, the operator of the SIM
 * before, a disk that was pulled. Silence proves nothing: what is gone is told from what cannot be reached by its neighbours,
 * the other series of the same measurement and the same device or machine. Costs nothing as long as no alert is quiet.
 */
export class GoneSeries {
  #runtimes: readonly RuleRuntime<SeriesEvaluator>[];
  readonly #isListed: (device: string) => boolean;
  readonly #isInService: (device: string) => boolean;
  readonly #byAgent = new Map<string, Watched>();

  constructor(
    runtimes: readonly RuleRuntime<SeriesEvaluator>[],
    isListed: (device: string) => boolean,
    isInService: (device: string) => boolean,
  ) {
    this.#runtimes = runtimes;
    this.#isListed = isListed;
    this.#isInService = isInService;
  }

  use(runtimes: readonly RuleRuntime<SeriesEvaluator>[]): void {
    this.#runtimes = runtimes;
  }

  /** A live batch, after it was evaluated. */
  observe(batch: SampleBatch, nowMs: number): void {
    const watched = this.#byAgent.get(batch.agent);
    if (watched === undefined) return;
    watched.seenAtMs = nowMs;
    for (const table of batch.tables) {
      for (const [tag, byValue] of watched.bySource) {
        for (const [value, rows] of rowsBySource(table, tag, byValue)) {
          for (const neighbourhood of byValue.get(value) ?? []) {
            lookAt(neighbourhood, table, rows, batch.agent, nowMs);
          }
        }
      }
    }
  }

  /** Every minute or so; returns the alerts to withdraw. */
  findGone(nowMs: number): readonly Watch[] {
    const gone: Watch[] = [];
    const before = new Map(this.#byAgent);
    this.#byAgent.clear();
    for (const runtime of this.#runtimes) {
      for (const live of runtime.entities.values()) {
        if ((live.alert ?? live.closedByHand) === undefined || live.state === undefined) continue;
        const slackMs = gapLimitOf(runtime.stateRule, live.state);
        if (nowMs - live.touchedAtMs < Math.max(QUIET_MS, slackMs)) continue;
        const found = this.#watch(runtime, live, before, nowMs);
        if (this.#isUnwanted(found) || isGone(found, slackMs, nowMs)) gone.push(found.watch);
      }
    }
    return gone;
  }

  #watch(
    runtime: RuleRuntime<SeriesEvaluator>,
    live: LiveEntity,
    before: ReadonlyMap<string, Watched>,
    nowMs: number,
  ): Found {
    const { measurement } = runtime.evaluator;
    const source = this.#sourceOf(live);
    const name = `${measurement} ${source.tag ?? ''} ${source.value}`;
    const agentBefore = before.get(live.agent);
    const known = agentBefore?.byName.get(name);
    let ofAgent = this.#byAgent.get(live.agent);
    if (ofAgent === undefined) {
      ofAgent = { seenAtMs: agentBefore?.seenAtMs ?? -Infinity, byName: new Map(), bySource: new Map() };
      this.#byAgent.set(live.agent, ofAgent);
    }
    let neighbourhood = ofAgent.byName.get(name);
    if (neighbourhood === undefined) {
      const { rowSeenAtMs = -Infinity, machineSeenAtMs = -Infinity } = known ?? {};
      neighbourhood = { measurement, source, watches: new Map(), rowSeenAtMs, machineSeenAtMs };
      addNeighbourhood(ofAgent, name, neighbourhood);
    }
    const watch = known?.watches.get(live) ?? { runtime, live, sinceMs: nowMs };
    neighbourhood.watches.set(live, watch);
    return { watch, neighbourhood, agentSeenAtMs: ofAgent.seenAtMs };
  }

  /** A device that the inventory no longer has: its agent goes on, and says nothing of it. The device of a machine may be a disk. */
  #isUnwanted({ watch, neighbourhood: { source }, agentSeenAtMs }: Found): boolean {
    const device = source.tag === 'device' ? deviceOf(watch.live) : undefined;
    return device !== undefined && agentSeenAtMs > watch.sinceMs && !this.#isInService(device);
  }

  /** A device that is in the inventory, else a machine; of agents that send neither, all they send. */
  #sourceOf({ tags = {}, entity }: LiveEntity): Source {
    const device = tags['device'] ?? entity['device'];
    const host = tags['host'] ?? entity['host'];
    if (device !== undefined && (host === undefined || this.#isListed(device))) {
      return { tag: 'device', value: device };
    }
    return host === undefined ? { tag: undefined, value: '' } : { tag: 'host', value: host };
  }
}

function addNeighbourhood({ byName, bySource }: Watched, name: string, neighbourhood: Neighbourhood): void {
  const { tag, value } = neighbourhood.source;
  byName.set(name, neighbourhood);
  let byValue = bySource.get(tag);
  if (byValue === undefined) bySource.set(tag, (byValue = new Map<string, Neighbourhood[]>()));
  const beside = byValue.get(value);
  if (beside === undefined) byValue.set(value, [neighbourhood]);
  else beside.push(neighbourhood);
}

/** The rows of each of the sources, in one pass; none of a source that has none. */
function rowsBySource(
  { tags, rows }: SampleTable,
  tag: Source['tag'],
  sources: ReadonlyMap<string, unknown>,
): ReadonlyMap<string, readonly SampleRow[]> {
  const found = new Map<string, SampleRow[]>();
  const at = tag === undefined ? -1 : tags.indexOf(tag);
  if (tag !== undefined && at < 0) return found;
  for (const row of rows) {
    const value = tag === undefined ? '' : row.series.tags[at];
    if (value === undefined || !sources.has(value)) continue;
    const known = found.get(value);
    if (known === undefined) found.set(value, [row]);
    else known.push(row);
  }
  return found;
}

function lookAt(
  neighbourhood: Neighbourhood,
  table: SampleTable,
  rows: readonly SampleRow[],
  agent: string,
  nowMs: number,
): void {
  const { measurement, watches } = neighbourhood;
  neighbourhood.machineSeenAtMs = nowMs;
  if (table.measurement !== measurement) return;
  neighbourhood.rowSeenAtMs = nowMs;
  const keysOf = new Map<RuleRuntime, ReadonlySet<string>>();
  for (const { runtime, live } of watches.values()) {
    let keys = keysOf.get(runtime);
    if (keys === undefined) {
      const columns = findEntityColumns(runtime.evaluator.entityTags, table);
      const taken = rows.filter((row) => isTaken(runtime.evaluator, table, row));
      keys = new Set(taken.map((row) => entityKey(columns, row, agent)));
      keysOf.set(runtime, keys);
    }
    // Its series is there, only the value is not, as of a UPS that is off.
    if (keys.has(live.key)) live.touchedAtMs = nowMs;
  }
}

function isTaken({ where }: SeriesEvaluator, table: SampleTable, { series }: SampleRow): boolean {
  return Object.entries(where).every(([tag, values]) =>
    values.includes(series.tags[table.tags.indexOf(tag)] ?? ''),
  );
}

function isGone({ watch, neighbourhood }: Found, slackMs: number, nowMs: number): boolean {
  const { rowSeenAtMs, machineSeenAtMs, source } = neighbourhood;
  if (rowSeenAtMs - watch.sinceMs >= Math.max(MISSED_MS, slackMs)) return true;
  // A device that cannot be reached is told of by other measurements, which say nothing of this one.
  if (source.tag === 'device') return false;
  return machineSeenAtMs > watch.sinceMs && nowMs - watch.live.lastSampleMs >= NOTHING_LEFT_MS;
}
