import type { Sample } from '../../contract/sample.ts';
import type { CityModel, Condition } from '../city/city.ts';
import { listedFaults, type Fault, type FaultTrack } from '../city/faults.ts';
import type { Effect } from './effect.ts';
import { EFFECTS, isStaged } from './effects.ts';
import { PROBING_AGENT, serviceProbes } from './service-probes.ts';

interface Layer {
  readonly effect: Effect;
  readonly target: string;
  readonly track: FaultTrack;
}

/** A city in which staged faults happen on top of its own, and whose services are probed. Pure. */
export function stageCity(base: CityModel, faults: readonly Fault[], intervalMs: number): CityModel {
  const { inventory } = base;
  const listed = listedFaults(faults);
  const changes = new Map<string, Layer[]>();
  const conditions = new Map<string, Layer[]>();
  const note = (into: Map<string, Layer[]>, agent: string, layer: Layer): void => {
    into.set(agent, [...(into.get(agent) ?? []), layer]);
  };
  for (const [kind, target] of distinct(faults)) {
    if (!isStaged(kind)) continue;
    const effect = EFFECTS[kind];
    const layer = { effect, target, track: listed.track(kind, target) };
    for (const agent of effect.agents?.(target, inventory) ?? []) note(changes, agent, layer);
    for (const agent of effect.condition?.of(target, inventory) ?? []) note(conditions, agent, layer);
  }
  const probe = serviceProbes(inventory.services, intervalMs);
  const conditionAt = (agent: string, timeMs: number): Condition => {
    const own = base.conditionAt(agent, timeMs);
    const layers = conditions.get(agent) ?? [];
    const staged = layers
      .filter(({ track }) => track.at(timeMs) !== undefined)
      .map(({ effect }) => effect.condition?.is);
    return [own, ...staged].includes('dark')
      ? 'dark'
      : [own, ...staged].includes('cut_off')
        ? 'cut_off'
        : own;
  };
  return {
    inventory,
    conditionAt,
    samplesAt: (agent, timeMs) => {
      if (conditionAt(agent, timeMs) === 'dark') return undefined;
      const measured = base.samplesAt(agent, timeMs);
      if (measured === undefined) return undefined;
      const samples = agent === PROBING_AGENT ? [...measured, ...probe(timeMs)] : measured;
      return (changes.get(agent) ?? []).reduce<readonly Sample[]>((before, { effect, target, track }) => {
        const moment = { fault: track.at(timeMs), target, timeMs, inventory };
        const { change, add } = effect;
        const changed = change === undefined ? before : before.map((sample) => change(sample, moment));
        return add === undefined || moment.fault === undefined
          ? changed
          : [...changed, ...add(moment, agent)];
      }, samples);
    },
    faultsBetween: (fromMs, toMs) =>
      [
        ...base.faultsBetween(fromMs, toMs),
        ...listed.between(fromMs, toMs).filter(({ kind }) => isStaged(kind)),
      ].sort((a, b) => a.fromMs - b.fromMs),
  };
}

function distinct(faults: readonly Fault[]): readonly (readonly [Fault['kind'], string])[] {
  const found = new Map(faults.map(({ kind, target }) => [`${kind} ${target}`, [kind, target] as const]));
  return [...found.values()];
}
