import { beforeEach, describe, expect, it } from 'vitest';
import { allWell, hubCity } from '../../health/states/testing/states-city.ts';
import { IncidentCity } from './testing/incident-city.ts';

let city: IncidentCity;

/** Nothing comes from these any more. */
function silence(isMeant: (agent: string) => boolean): void {
  for (const agent of [...city.routine.keys()]) if (isMeant(agent)) city.routine.delete(agent);
}

const atHub1 = (agent: string): boolean => agent === 'gw-hub-1' || agent.startsWith('gw-s-1-');

async function wellCity(...args: ConstructorParameters<typeof IncidentCity>): Promise<void> {
  city = new IncidentCity(...args);
  allWell(city);
  await city.wait(120);
  expect(city.alerts.active()).toEqual([]);
}

describe("a hub's uplink is cut, 41 agents fall silent", () => {
  beforeEach(async () => {
    await wellCity(hubCity(3, 40));
    silence(atHub1);
  });

  it('one alert is told, with the hub as its root; 41 are suppressed, and all are over together', async () => {
    await city.wait(60);
    expect(city.heard.told).toEqual(['root_down hub-1']);
    expect(city.heard.suppressed).toHaveLength(41);
    expect(city.roots).toEqual(['site:hub-1']);
    const open = city.incidents.page({ state: 'open', order: 'newest', limit: 10 });
    expect(open).toMatchObject([
      { root: 'site:hub-1', rule: 'root_down', severity: 'critical', alertCount: 42 },
    ]);
  });
});
