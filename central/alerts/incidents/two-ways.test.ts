import { afterEach, expect, it } from 'vitest';
import { allWell, deviceUp, hubCity } from '../../health/states/testing/states-city.ts';
import { IncidentCity } from './testing/incident-city.ts';

let city: IncidentCity;
afterEach(() => city.database.close());

/** Site x is reached over the nodes of a and of b; the agent of hub-3 measures both. */
async function wellCity(isRootTold: boolean): Promise<void> {
  const file = hubCity(3, 1);
  const unit = '26737';
  const site = (id: string, ...parents: string[]) => ({
    ...{ id, name: id, kind: 'site' as const, parents, unit },
    ...{ longitude: 106.7, latitude: 10.8 },
  });
  const node = (id: string, at: string, agent: string) => ({
    id,
    kind: 'node' as const,
    site: at,
    unit,
    agent,
  });
  city = new IncidentCity(
    {
      ...file,
      sites: [...file.sites, site('a', 'hub-3'), site('b', 'hub-3'), site('x', 'a', 'b')],
      agents: [...file.agents, { id: 'gw-x', kind: 'gateway', site: 'x', unit }],
      devices: [
        ...file.devices,
        ...[node('n-a', 'a', 'gw-hub-3'), node('n-b', 'b', 'gw-hub-3'), node('n-x', 'x', 'gw-x')],
      ],
    },
    { isRootTold },
  );
  allWell(city);
  nodesAre({ a: true, b: true });
  await city.wait(60);
  expect(city.alerts.active()).toEqual([]);
}

function nodesAre({ a, b }: { readonly a: boolean; readonly b: boolean }): void {
  city.routine.set('gw-hub-3', [deviceUp('n-hub-3'), deviceUp('n-a', a), deviceUp('n-b', b)]);
}

const SILENT = 'agent_silent gw-x';

it.each([true, false])(
  'a site with two ways that stays dead when one of them is back is told some minutes later (root told: %s)',
  async (isRootTold) => {
    await wellCity(isRootTold);
    nodesAre({ a: false, b: false });
    city.routine.delete('gw-x');
    await city.wait(300);
    expect(city.heard.suppressed).toContain(SILENT);
    nodesAre({ a: false, b: true });
    await city.wait(120);
    expect(city.heard.suppressed).toContain(SILENT);
    await city.wait(120);
    expect(city.state('site:x')).toBe('unknown');
    expect(city.state('device:n-a')).toBe('down');
    expect(city.heard.told).toContain(SILENT);
    // Its first way says nothing new of it.
    nodesAre({ a: true, b: true });
    await city.wait(300);
    expect(city.heard).toEqual({ told: [SILENT], suppressed: [] });
  },
);

it('hangs on its ways again where both are down once more before it is told', async () => {
  await wellCity(false);
  nodesAre({ a: false, b: false });
  city.routine.delete('gw-x');
  await city.wait(300);
  nodesAre({ a: false, b: true });
  await city.wait(120);
  nodesAre({ a: false, b: false });
  await city.wait(600);
  expect(city.heard.suppressed).toContain(SILENT);
});
