import { SERIES_PER_AGENT } from './load.ts';
import type { JournalLine } from './journal.ts';

export interface StoredPoint {
  readonly agent: string;
  readonly device: string;
  readonly timeMs: number;
  readonly value: number;
}

export interface LedgerView {
  readonly agent: string;
  readonly declaredLost: readonly (readonly [number, number])[];
  readonly missing: readonly (readonly [number, number])[];
  readonly lostPoints: number;
}

export interface FiredAlert {
  readonly entity: string;
  readonly startedAtMs: number;
}

export interface Verdict {
  readonly producedPoints: number;
  readonly storedPoints: number;
  readonly declaredLostPoints: number;
  readonly alertsFired: number;
  /** Empty when no sample was lost, stored twice or changed. */
  readonly problems: readonly string[];
}

/**
 * Checks stored = produced − declared lost, per agent, series and sample. A step whose process was killed between "taken"
 * and "durable" may be stored or not, but only as a whole.
 */
export function verify(
  journal: readonly JournalLine[],
  stored: readonly StoredPoint[],
  ledger: readonly LedgerView[],
  alerts: readonly FiredAlert[],
): Verdict {
  const problems: string[] = [];
  const taken = new Map<string, Map<number, number>>();
  const durable = new Map<string, Map<number, number>>();
  const lost = new Map<string, Set<number>>();
  for (const line of journal) {
    if (line.kind === 'taken') mapOf(taken, line.agent, newMap).set(line.count, line.timeMs);
    else if (line.kind === 'durable') mapOf(durable, line.agent, newMap).set(line.count, line.seq);
    else mapOf(lost, line.agent, () => new Set<number>()).add(line.count);
  }

  const storedByAgent = new Map<string, Map<string, Map<number, number>>>();
  for (const point of stored) {
    const series = mapOf(
      mapOf(storedByAgent, point.agent, newMap<string, Map<number, number>>),
      point.device,
      newMap,
    );
    if (series.has(point.value)) problems.push(`${point.device}: step ${point.value} is stored twice`);
    series.set(point.value, point.timeMs);
    const takenAtMs = taken.get(point.agent)?.get(point.value);
    if (takenAtMs === undefined) problems.push(`${point.device}: step ${point.value} was never taken`);
    else if (takenAtMs !== point.timeMs)
      problems.push(`${point.device}: step ${point.value} has another time`);
  }

  let producedPoints = 0;
  let declaredLostPoints = 0;
  for (const [agent, steps] of taken) {
    const entries = ledger.filter((entry) => entry.agent === agent);
    for (const entry of entries) {
      if (entry.missing.length > 0)
        problems.push(`${agent}: lost without a declaration: ${JSON.stringify(entry.missing)}`);
    }
    const declared = entries.flatMap((entry) => entry.declaredLost);
    for (const count of steps.keys()) {
      const seq = durable.get(agent)?.get(count);
      const seriesStored = storedSeries(storedByAgent.get(agent), count);
      const declaredLost =
        lost.get(agent)?.has(count) === true || (seq !== undefined && within(declared, seq));
      if (seriesStored > 0 && seriesStored < SERIES_PER_AGENT) {
        problems.push(`${agent}: step ${count} has ${seriesStored} of ${SERIES_PER_AGENT} series`);
      }
      if (seriesStored > 0 || seq !== undefined || declaredLost) producedPoints += SERIES_PER_AGENT;
      if (seriesStored > 0) continue;
      if (declaredLost) declaredLostPoints += SERIES_PER_AGENT;
      else if (seq !== undefined)
        problems.push(
          `${agent}: step ${count} (seq ${seq}) was durable, is neither stored nor declared lost`,
        );
    }
  }

  const seen = new Set<string>();
  for (const alert of alerts) {
    const key = `${alert.entity} ${alert.startedAtMs}`;
    if (seen.has(key))
      problems.push(`alert of ${alert.entity} fired twice for its breach at ${alert.startedAtMs}`);
    seen.add(key);
  }
  if (stored.length !== producedPoints - declaredLostPoints) {
    problems.push(
      `stored ${stored.length} points, produced ${producedPoints} − declared lost ${declaredLostPoints}`,
    );
  }
  return {
    producedPoints,
    storedPoints: stored.length,
    declaredLostPoints,
    alertsFired: alerts.length,
    problems,
  };
}

function storedSeries(
  series: ReadonlyMap<string, ReadonlyMap<number, number>> | undefined,
  count: number,
): number {
  return [...(series?.values() ?? [])].filter((points) => points.has(count)).length;
}

function within(ranges: readonly (readonly [number, number])[], seq: number): boolean {
  return ranges.some(([from, to]) => seq >= from && seq <= to);
}

const newMap = <K, V>(): Map<K, V> => new Map<K, V>();

function mapOf<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make();
    map.set(key, value);
  }
  return value;
}
