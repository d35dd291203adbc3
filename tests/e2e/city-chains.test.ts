import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildBlastModel } from '../../central/health/blast-radius/blast-model.ts';
import { blastRadius } from '../../central/health/blast-radius/blast-radius.ts';
import { failuresNow } from '../../central/health/blast-radius/failures-now.ts';
import { ServiceStates } from '../../central/health/services/service-states.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { AlertsCity } from '../../central/alerts/testing/alerts-city.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { buildCity } from '../../simulators/city/build-city.ts';
import type { CityModel } from '../../simulators/city/city.ts';
import type { Fault } from '../../simulators/city/faults.ts';

const DAY = '2027-01-15';
const MINUTE_MS = 60_000;
/** The clock of StatesCity at its start. */
const FROM_MS = 1_800_000_000_000;
const UNITS = 40;
const SITES_BELOW_A_HUB = 40;

function cut(target: string, fromMinute: number, toMinute: number): Fault {
  const [fromMs, toMs] = [fromMinute, toMinute].map((minute) => FROM_MS + minute * MINUTE_MS);
  return { kind: 'hub_uplink_cut', target, fromMs: fromMs!, toMs: toMs! };
}

/** hub-03 has one way, hub-05 another one over hub-04. */
const model: CityModel = buildCity({
  seed: 7,
  unitCount: UNITS,
  interfacesPerNode: 2,
  faults: () => [cut('hub-03', 2, 6), cut('hub-05', 10, 20), cut('hub-04', 14, 20)],
});
/** Those that read no samples: what the samples alone raise is in city-alerts.test.ts. */
const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ id, evaluator }) => evaluator.reads === 'evidence' && id !== 'agent_silent',
);
const run = new AlertsCity(model.inventory, rules);
const { city } = run;
const blastModel = buildBlastModel(city.inventory, DAY);
const services = new ServiceStates({
  inventory: city.inventory,
  states: city.states,
  latest: run.latest,
  registry: city.registry,
  clock: city.clock,
  today: () => DAY,
});

/** Every agent that is connected sends what it measures, every ten seconds. */
async function until(minute: number): Promise<void> {
  while (city.clock.now() < FROM_MS + minute * MINUTE_MS) {
    const nowMs = city.clock.now();
    for (const { id } of model.inventory.agents) {
      if (model.conditionAt(id, nowMs) !== 'connected') continue;
      city.send(id, ...(model.samplesAt(id, nowMs) ?? []));
    }
    await city.wait(10);
  }
}

function sitesIn(state: string): string[] {
  return [...city.states.list('site')]
    .filter(([, each]) => each.state === state)
    .map(([ref]) => ref.slice(5));
}

const notUp = (): string[] =>
  services
    .list()
    .filter(({ state }) => state !== 'up')
    .map(({ id, state, reason }) => `${id} ${state}: ${reason}`);

const effectsOn = (of: string, effect: string, already: Iterable<string> = []): string[] =>
  blastRadius(blastModel, of, already)
    .sites.filter((site) => site.effect === effect)
    .map(({ id }) => id);

beforeAll(() => until(2), 60_000);
afterAll(() => city.database.close());

describe('the simulated city, its states, services and blast radii', () => {
  it('is well at first', () => {
    expect(sitesIn('up')).toHaveLength(model.inventory.sites.length);
    expect(city.states.counts('link')).toMatchObject({ down: 0, unreachable: 0 });
    expect(notUp()).toEqual([]);
    expect(run.active()).toEqual([]);
  });

  it('loses with a line what its blast radius said, and names it', async () => {
    const said = effectsOn('link:up-hub-03', 'cut');
    expect(said).toHaveLength(1 + SITES_BELOW_A_HUB);
    await until(5);
    expect(city.states.momentOf('link:up-hub-03')?.state).toBe('down');
    expect(sitesIn('unreachable').sort()).toEqual(said.sort());
    expect(city.states.momentOf('site:hub-03')?.roots).toEqual(['link:up-hub-03']);
    expect(notUp()).toEqual(['video degraded: up-hub-03 down']);
    expect(run.active()).toEqual(['link_down critical up-hub-03: 41 sites']);
    expect(effectsOn('link:up-hub-03', 'cut', failuresNow(city.states)).sort()).toEqual(said.sort());
    await until(8);
    expect(notUp()).toEqual([]);
    expect(sitesIn('unreachable')).toEqual([]);
    expect(run.active()).toEqual([]);
  });

  it('loses nothing with one line of a hub that has two, and both hubs with the second', async () => {
    expect(effectsOn('link:up-hub-05', 'cut')).toEqual([]);
    await until(12);
    expect(sitesIn('unreachable')).toEqual([]);
    expect(notUp()).toEqual(['video degraded: up-hub-05 down']);
    expect(run.active()).toEqual(['link_down minor up-hub-05: 0 sites']);
    const said = effectsOn('link:up-hub-04', 'cut', failuresNow(city.states));
    expect(said).toHaveLength(2 * (1 + SITES_BELOW_A_HUB));
    await until(17);
    expect(sitesIn('unreachable').sort()).toEqual(said.sort());
    expect(notUp()).toEqual(['video down: up-hub-04 down; up-hub-05 down; 3 of 4 needed left']);
    expect(run.active()).toEqual([
      'city_service_impaired critical video: up-hub-04 down; up-hub-05 down; 3 of 4 needed left',
      'link_down critical up-hub-04: 82 sites',
      'link_down critical up-hub-05: 41 sites',
    ]);
  });
});
