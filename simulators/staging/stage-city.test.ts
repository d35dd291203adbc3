import { expect, it } from 'vitest';
import { buildCity } from '../city/build-city.ts';
import type { CityModel } from '../city/city.ts';
import type { Fault, StagedKind } from '../city/faults.ts';
import { fieldOf, HOUR_MS, MINUTE_MS, OFFICE_HOURS, problemsOf } from '../city/test-support.ts';
import { EFFECTS, faultTargets, STAGED_KINDS } from './effects.ts';
import { stageCity } from './stage-city.ts';

const BASE = buildCity({ seed: 7, unitCount: 1, interfacesPerNode: 2 });
const BEGIN_MS = OFFICE_HOURS + 20 * MINUTE_MS;
const END_MS = BEGIN_MS + HOUR_MS;
const QUIET = stageCity(BASE, [], 10_000);
/** Carried out by whoever runs the city. */
const OUTSIDE: readonly StagedKind[] = [
  'server_hot',
  'central_store_away',
  'central_paused',
  'central_clock_wrong',
  'gateway_clock_wrong',
];
/** They send what is refused. */
const REFUSED: readonly StagedKind[] = ['rubbish_flood'];

function staged(kind: StagedKind, more: Partial<Fault> = {}): { city: CityModel; fault: Fault } {
  const target = faultTargets(kind, BASE.inventory).at(-1) ?? '';
  const fault: Fault = { kind, target, fromMs: BEGIN_MS, toMs: END_MS, ...more };
  return { city: stageCity(BASE, [fault], 10_000), fault };
}

/** What agents say and how they are, other than in a city in which nothing is staged. */
function differing(city: CityModel, timeMs: number): string[] {
  const seen = (of: CityModel, agent: string): string =>
    JSON.stringify([of.conditionAt(agent, timeMs), of.samplesAt(agent, timeMs)]);
  return BASE.inventory.agents.map(({ id }) => id).filter((id) => seen(city, id) !== seen(QUIET, id));
}

it.each(STAGED_KINDS.filter((kind) => !OUTSIDE.includes(kind)))(
  '%s shows while it lasts, and only at whom it concerns',
  (kind) => {
    const { city, fault } = staged(kind);
    const { agents, condition } = EFFECTS[kind];
    const concerned = [
      ...(agents?.(fault.target, BASE.inventory) ?? []),
      ...(condition?.of(fault.target, BASE.inventory) ?? []),
    ];
    // A whole minute of an hour, in which everything is measured.
    const during = Array.from({ length: 61 }, (_, at) => BEGIN_MS + 30 * MINUTE_MS + at * 10_000);
    const changed = new Set(during.flatMap((timeMs) => differing(city, timeMs)));
    expect(changed.size).toBeGreaterThan(0);
    for (const agent of changed) expect(concerned).toContain(agent);
    if (REFUSED.includes(kind)) return;
    for (const agent of changed)
      expect((city.samplesAt(agent, during[0] ?? 0) ?? []).flatMap(problemsOf)).toEqual([]);
  },
);

it('before and after a fault its city is as any other', () => {
  const { city } = staged('gateway_dead');
  expect(differing(city, BEGIN_MS - 10_000)).toEqual([]);
  expect(differing(city, END_MS)).toEqual([]);
  expect(city.faultsBetween(BEGIN_MS, END_MS).map(({ kind }) => kind)).toEqual(['gateway_dead']);
});

it('what comes and goes is there in the first half of each period', () => {
  const { city, fault } = staged('line_saturated', { periodMs: 20 * MINUTE_MS });
  const [agent = ''] = EFFECTS.line_saturated.agents?.(fault.target, BASE.inventory) ?? [];
  const fullest = (fromMs: number): number =>
    Math.max(
      ...[0, 10_000, 20_000].map((laterMs) => {
        const found = fieldOf(city.samplesAt(agent, fromMs + laterMs), 'path', 'utilization_pct');
        return Number.isNaN(found) ? 0 : found;
      }),
    );
  expect(fullest(BEGIN_MS + MINUTE_MS)).toBe(99);
  expect(fullest(BEGIN_MS + 11 * MINUTE_MS)).toBeLessThan(99);
  expect(fullest(BEGIN_MS + 21 * MINUTE_MS)).toBe(99);
});

it('a service that another one cannot do without takes it along', () => {
  const target = 'signature';
  const { city } = staged('service_down', { target });
  const answers = (city.samplesAt('gw-city', BEGIN_MS + MINUTE_MS) ?? []).filter(
    ({ measurement }) => measurement === 'service',
  );
  const down = answers.filter(({ fields }) => fields['up'] === false).map(({ tags }) => tags['service']);
  expect(down.sort()).toEqual(['e-documents', 'public-services', 'signature']);
});

it('a pool that has lost a host has as much in use, and less that can be used', () => {
  const { city } = staged('server_lost', { target: 'sv-dc1-0003' });
  const used = (of: CityModel): number[] =>
    ['used', 'used_pct'].map((field) => fieldOf(of.samplesAt('sv-dc1-0001', BEGIN_MS), 'capacity', field));
  const [before, now] = [used(QUIET), used(city)];
  expect(now[0]).toBe(before[0]);
  expect(now[1]).toBeGreaterThan(1.5 * (before[1] ?? NaN));
});
