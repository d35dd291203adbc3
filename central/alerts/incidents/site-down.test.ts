import { afterEach, describe, expect, it } from 'vitest';
import { allWell, deviceUp, hubCity } from '../../health/states/testing/states-city.ts';
import { IncidentCity } from './testing/incident-city.ts';

/** Devices at a site below hub-1 without a gateway; agents elsewhere measure them. */
interface Plan {
  readonly nodes?: readonly string[];
  readonly cameras?: readonly string[];
  /** Of each device; gw-hub-2 if not given. */
  readonly agents?: Readonly<Record<string, string>>;
  /** Sites that are reached over one of the nodes. */
  readonly behind?: Readonly<Record<string, string>>;
}

let city: IncidentCity;
afterEach(() => city.database.close());

async function wellCity({ nodes = [], cameras = [], agents = {}, behind = {} }: Plan): Promise<void> {
  const file = hubCity(2, 1);
  const unit = '26737';
  const place = { unit, longitude: 106.7, latitude: 10.8 };
  const at = (id: string) => ({ site: 'x', unit, agent: agents[id] ?? 'gw-hub-2' });
  const sites = [
    { id: 'x', name: 'Site X', kind: 'site' as const, parents: ['hub-1'], ...place },
    ...Object.keys(behind).map((id) => ({
      ...{ id, name: id, kind: 'site' as const, parents: ['x'], ...place },
    })),
  ];
  const devices = [
    ...nodes.map((id) => ({ id, kind: 'node' as const, ...at(id) })),
    ...cameras.map((id) => ({ id, kind: 'sensor' as const, ...at(id) })),
    ...Object.entries(behind).map(([site, node]) => ({
      ...{ id: `n-${site}`, kind: 'node' as const, parents: [node], site, unit, agent: 'gw-hub-2' },
    })),
  ];
  city = new IncidentCity(
    { ...file, sites: [...file.sites, ...sites], devices: [...file.devices, ...devices] },
    { isRootTold: false },
  );
  allWell(city);
  await city.wait(60);
  expect(city.alerts.active()).toEqual([]);
}

/** From now on these are measured so. */
function measure(isUp: boolean, ...devices: readonly string[]): void {
  for (const device of devices) {
    const { agent } = city.inventory.devices.get(device)!;
    const others = (city.routine.get(agent) ?? []).filter(({ tags }) => tags?.['device'] !== device);
    city.routine.set(agent, [...others, deviceUp(device, isUp)]);
  }
}

/** Somebody hears of whatever is told now. */
async function wait(seconds: number): Promise<readonly string[]> {
  for (let second = 0; second < seconds; second++) {
    await city.wait(1);
    for (const alert of city.alerts.active())
      if (city.suppression(alert) === undefined) city.told.add(alert.id);
  }
  return city.heard.told;
}

function open(): unknown[] {
  return city.incidents
    .page({ state: 'open', order: 'oldest', limit: 10 })
    .map(({ id, root }) => [root, city.incidents.openCounts(id)]);
}

describe('a site whose two nodes are down', () => {
  it('is one incident with both as members, and one message', async () => {
    await wellCity({ nodes: ['a', 'b'] });
    measure(false, 'a', 'b');
    expect(await wait(120)).toHaveLength(1);
    expect(city.told.size).toBe(1);
    expect(open()).toEqual([['site:x', { open: 2, suppressed: 1 }]]);
    const [head] = city.told;
    expect(city.incidents.incidentOf(head ?? '')).toMatchObject({ rootName: 'Site X', headAlertId: head });
  });

  it('is over without another message, though its nodes come back one after the other', async () => {
    await wellCity({ nodes: ['a', 'b'] });
    measure(false, 'a', 'b');
    await wait(120);
    measure(true, 'a');
    await wait(100);
    measure(true, 'b');
    await wait(100);
    expect(city.told.size).toBe(1);
    expect(city.alerts.active()).toEqual([]);
    expect(open()).toEqual([]);
  });

  it('tells of the one that stays down, some minutes after the other is back', async () => {
    await wellCity({ nodes: ['a', 'b'] });
    measure(false, 'a', 'b');
    const told = await wait(120);
    const [first = '', other = ''] = told[0] === 'device_down a' ? ['a', 'b'] : ['b', 'a'];
    measure(true, first);
    expect(await wait(120)).toEqual([]);
    expect(await wait(120)).toEqual([`device_down ${other}`]);
    expect(open()).toEqual([[`device:${other}`, { open: 1, suppressed: 0 }]]);
  });

  it.each([120, 3_600])('is the same incident where the second fails %i s later', async (laterS) => {
    await wellCity({ nodes: ['a', 'b'] });
    measure(false, 'a');
    expect(await wait(laterS)).toEqual(['device_down a']);
    measure(false, 'b');
    expect(await wait(120)).toEqual(['device_down a']);
    expect(city.told.size).toBe(1);
    expect(open()).toEqual([['site:x', { open: 2, suppressed: 1 }]]);
    const [first] = city.incidents.page({ state: 'ended', order: 'oldest', limit: 10 });
    expect(first).toMatchObject({
      root: 'device:a',
      mergedInto: city.incidents.page({ state: 'open', order: 'oldest', limit: 1 })[0]?.id,
    });
  });

  it('goes on as it is over a restart, and while nobody can say how one of them is', async () => {
    await wellCity({ nodes: ['a', 'b'], agents: { b: 'gw-hub-1' } });
    measure(false, 'a', 'b');
    await wait(120);
    const before = open();
    city.restart();
    city.routine.delete('gw-hub-1');
    await wait(300);
    expect(city.state('device:b')).toBe('unknown');
    expect(open()).toEqual(expect.arrayContaining(before));
    expect([...city.told].filter((id) => city.alerts.get(id)?.rule === 'device_down')).toHaveLength(1);
  });

  it('has what is reached over one of them alone with it, also where that failed long before', async () => {
    await wellCity({ nodes: ['a', 'b'], behind: { y: 'a' } });
    measure(false, 'a', 'n-y');
    await wait(1_200);
    expect(city.state('device:n-y')).toBe('unreachable');
    measure(false, 'b');
    await wait(120);
    expect(city.told.size).toBe(1);
    expect(open()).toEqual([['site:x', { open: 3, suppressed: 2 }]]);
    measure(true, 'b');
    await wait(300);
    expect(city.told.size).toBe(1);
    expect(open()).toEqual([['device:a', { open: 2, suppressed: 1 }]]);
  });

  it('is two incidents where another device there is up', async () => {
    await wellCity({ nodes: ['a', 'b'], cameras: ['c'] });
    measure(false, 'a', 'b');
    expect(await wait(120)).toEqual(['device_down a', 'device_down b']);
    expect(open()).toHaveLength(2);
  });

  it('has the first as its root where the second is reached over it', async () => {
    await wellCity({ nodes: ['a', 'b'], behind: {} });
    const devices = [...city.inventory.devices.values()];
    city.replaceInventory({
      units: [...city.inventory.units.values()],
      sites: [...city.inventory.sites.values()],
      agents: [...city.inventory.agents.values()],
      devices: devices.map((device) => (device.id === 'b' ? { ...device, parents: ['a'] } : device)),
    });
    measure(false, 'a', 'b');
    await wait(120);
    expect(open()).toEqual([['device:a', { open: 2, suppressed: 1 }]]);
  });
});

describe('a site without nodes and without a gateway', () => {
  const cameras = ['c-1', 'c-2', 'c-3', 'c-4'];

  it('of which all is down is told at once, in one message, also while one after the other comes back', async () => {
    await wellCity({ cameras });
    measure(false, ...cameras);
    expect(await wait(80)).toHaveLength(1);
    expect(open()).toEqual([['site:x', { open: 4, suppressed: 3 }]]);
    for (const camera of cameras.toReversed()) {
      measure(true, camera);
      await wait(30);
    }
    await wait(100);
    expect(city.told.size).toBe(1);
    expect(open()).toEqual([]);
  });

  it('of which one lives has an incident for each of the others', async () => {
    await wellCity({ cameras });
    measure(false, 'c-1', 'c-2');
    await wait(120);
    expect(open()).toHaveLength(2);
  });
});

it('a site whose only node is unknown, and of which all else is down, is one incident', async () => {
  await wellCity({ nodes: ['a'], cameras: ['c-1', 'c-2'], agents: { a: 'gw-hub-1' } });
  city.routine.delete('gw-hub-1');
  measure(false, 'c-1', 'c-2');
  await wait(120);
  expect(open()).toContainEqual(['site:x', { open: 2, suppressed: 1 }]);
});
