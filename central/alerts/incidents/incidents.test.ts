import { beforeEach, describe, expect, it } from 'vitest';
import { allWell, deviceUp, hubCity, type SentRow } from '../../health/states/testing/states-city.ts';
import { IncidentCity } from './testing/incident-city.ts';

type File = ConstructorParameters<typeof IncidentCity>[0];

let city: IncidentCity;
let routine: ReadonlyMap<string, readonly SentRow[]>;

/** Two minutes in which all is well. */
async function wellCity(...args: ConstructorParameters<typeof IncidentCity>): Promise<void> {
  city = new IncidentCity(...args);
  allWell(city);
  routine = new Map(city.routine);
  await city.wait(120);
  expect(city.alerts.active()).toEqual([]);
}

/** Nothing comes from these any more. */
function silence(isMeant: (agent: string) => boolean): void {
  for (const agent of [...city.routine.keys()]) if (isMeant(agent)) city.routine.delete(agent);
}

/** They send again. */
function revive(isMeant: (agent: string) => boolean = () => true): void {
  for (const [agent, rows] of routine) if (isMeant(agent)) city.routine.set(agent, rows);
}

const atHub1 = (agent: string): boolean => agent === 'gw-hub-1' || agent.startsWith('gw-s-1-');

function incidents(state?: 'open' | 'ended') {
  return city.incidents.page({ state, order: 'oldest', limit: 100 });
}

describe("a hub's uplink is cut, 41 agents fall silent", () => {
  beforeEach(async () => {
    await wellCity(hubCity(3, 40));
    silence(atHub1);
  });

  it('one alert is told, about the hub; 41 are suppressed because of it; messages have names and numbers', async () => {
    await city.wait(60);
    expect(city.heard.told).toEqual(['root_down hub-1']);
    expect(city.heard.suppressed).toHaveLength(41);
    expect(city.roots).toEqual(['site:hub-1']);
    expect(incidents()).toMatchObject([
      { root: 'site:hub-1', rule: 'root_down', severity: 'critical', alertCount: 42, unit: '26737' },
    ]);
    const head = city.alerts.active().find(({ rule }) => rule === 'root_down');
    expect(city.incidents.incidentOf(head?.id ?? '')).toMatchObject({
      rootName: 'hub-1',
      headAlertId: head?.id,
      openAlerts: 42,
      suppressedAlerts: 41,
      counts: { sites: 41, devices: 81, units: 1, services: 0 },
    });
  });

  it('nobody is told of one of the 41 while they come back one after the other, and the incident ends', async () => {
    await city.wait(600);
    for (const agent of routine.keys()) {
      revive((each) => each === agent);
      await city.wait(2);
      expect(city.heard.told.filter((alert) => alert.startsWith('agent_silent'))).toEqual([]);
    }
    await city.wait(60);
    expect(city.alerts.active()).toEqual([]);
    expect(incidents('open')).toEqual([]);
    expect(incidents('ended')).toMatchObject([{ root: 'site:hub-1', alertCount: 42 }]);
    const steps = city.incidents.steps(incidents()[0]?.id ?? '', 1_000).map(({ kind }) => kind);
    expect(steps.at(-1)).toBe('ended');
    expect(steps.filter((kind) => kind === 'left')).toEqual([]);
  });

  it('one that stays away when all others are back is told on its own, after some minutes', async () => {
    await city.wait(120);
    revive((agent) => agent !== 'gw-s-1-7');
    await city.wait(150);
    expect(city.heard).toEqual({ told: [], suppressed: ['agent_silent gw-s-1-7'] });
    await city.wait(60);
    expect(city.heard).toEqual({ told: ['agent_silent gw-s-1-7'], suppressed: [] });
    expect(incidents('open')).toMatchObject([{ rule: 'agent_silent', alertCount: 1 }]);
    expect(incidents('open')[0]?.root).toBeUndefined();
  });

  it('those that were told before the root was known are in it, and stay told', async () => {
    revive();
    silence((agent) => agent === 'gw-s-1-1');
    await city.wait(25);
    silence(atHub1);
    await city.wait(10);
    const early = city.alerts.active().filter(({ rule }) => rule === 'agent_silent');
    expect(early).toHaveLength(1);
    for (const { id } of early) city.told.add(id);
    await city.wait(60);
    const idOf = (id: string | undefined) => city.incidents.idOf(id ?? '');
    expect(city.heard.told).toEqual(['agent_silent gw-s-1-1', 'root_down hub-1']);
    expect(new Set(city.alerts.active().map(({ id }) => idOf(id)))).toEqual(
      new Set([incidents('open')[0]?.id]),
    );
    expect(incidents('open')).toHaveLength(1);
  });

  it('goes on over a restart: the same incident, the same head, nobody else told', async () => {
    await city.wait(60);
    const before = incidents();
    city.restart();
    await city.wait(5);
    expect(city.heard.told).toEqual(['root_down hub-1']);
    expect(city.heard.suppressed).toHaveLength(41);
    expect(incidents()).toEqual(before);
  });

  it('another thing that goes wrong elsewhere is told on its own', async () => {
    await city.wait(60);
    silence((agent) => agent === 'gw-s-2-1');
    await city.wait(70);
    expect(city.heard.told).toEqual(['agent_silent gw-s-2-1', 'root_down hub-1']);
    expect(incidents('open').map(({ root }) => root)).toEqual(['site:hub-1', undefined]);
  });
});

describe('without an alert of the root itself', () => {
  it('the oldest of what hangs on it stands in for it, with the root named', async () => {
    await wellCity(hubCity(3, 4), { isRootTold: false });
    silence(atHub1);
    await city.wait(60);
    expect(city.heard).toMatchObject({ told: [] });
    expect(city.heard.suppressed).toHaveLength(5);
    await city.wait(45);
    expect(city.heard.told).toHaveLength(1);
    expect(city.heard.suppressed).toHaveLength(4);
    const head = city.alerts.active().find((alert) => city.suppression(alert) === undefined);
    expect(city.incidents.incidentOf(head?.id ?? '')).toMatchObject({
      root: 'site:hub-1',
      headAlertId: head?.id,
    });
  });

  it('another stands in once that one is over while the root is not', async () => {
    await wellCity(hubCity(3, 4), { isRootTold: false });
    silence(atHub1);
    await city.wait(120);
    const [first] = city.heard.told;
    const agent = first?.split(' ')[1] ?? '';
    city.alerts.withdraw(agent, city.clock.now());
    await city.wait(2);
    expect(city.heard.told).toEqual([]);
    await city.wait(60);
    expect(city.heard.told).toHaveLength(1);
    expect(city.heard.told).not.toEqual([first]);
  });
});

describe('the root has an alert that a person or the routes keep quiet', () => {
  const firstTold = () => city.heard.told.filter((alert) => !alert.startsWith('root_down'));

  it('one of what hangs on it stands in, and no second one once it is told itself', async () => {
    await wellCity(hubCity(3, 4));
    city.quietRules.add('root_down');
    silence(atHub1);
    await city.wait(40);
    expect(firstTold()).toEqual([]);
    await city.wait(60);
    const [standIn] = firstTold();
    expect(firstTold()).toEqual([standIn]);
    expect(city.heard.suppressed).toHaveLength(4);
    await city.wait(300);
    expect(firstTold()).toEqual([standIn]);
    for (const { id, entity } of city.alerts.active())
      if (standIn === `agent_silent ${entity['agent'] ?? ''}`) city.told.add(id);
    city.quietRules.clear();
    await city.wait(60);
    expect(city.heard.told).toEqual([standIn, 'root_down hub-1']);
  });

  it('so does one where it is kept quiet before anybody heard of it', async () => {
    await wellCity(hubCity(3, 4));
    silence(atHub1);
    await city.wait(60);
    expect(city.heard.told).toEqual(['root_down hub-1']);
    city.quietRules.add('root_down');
    await city.wait(45);
    expect(firstTold()).toHaveLength(1);
  });

  it('none of them does where all are kept quiet', async () => {
    await wellCity(hubCity(3, 4));
    for (const rule of ['root_down', 'agent_silent']) city.quietRules.add(rule);
    silence(atHub1);
    await city.wait(120);
    expect(incidents('open')).toMatchObject([{ root: 'site:hub-1', rule: 'root_down' }]);
  });
});

it('a person closes the head of a cut: nobody is paged for what hangs on it, also after a restart', async () => {
  await wellCity(hubCity(3, 4));
  silence(atHub1);
  await city.wait(60);
  const head = city.alerts.active().find(({ rule }) => rule === 'root_down');
  city.alerts.handle([{ id: head?.id ?? '', kind: 'closed', details: { by: 'lan', text: 'known' } }]);
  await city.wait(120);
  city.restart();
  await city.wait(120);
  expect(city.heard.told).toEqual([]);
  const reasons = city.alerts.active().map((alert) => city.suppression(alert)?.reason);
  expect(new Set(reasons)).toEqual(new Set(['hub-1 is down or cut off: lan has closed its alert']));
});

describe('a ring', () => {
  /** Sites below hub-1 have a second way, over hub-2. */
  function ring(): File {
    const file = hubCity(2, 4);
    const twoWays = file.sites.map((site) =>
      site.id.startsWith('s-1-') ? { ...site, parents: ['hub-1', 'hub-2'] } : site,
    );
    const devices = file.devices.map((device) =>
      device.id.startsWith('n-s-1-') ? { ...device, parents: ['n-hub-1', 'n-hub-2'] } : device,
    );
    return { ...file, sites: twoWays, devices };
  }

  it('nothing is suppressed while another way is open', async () => {
    await wellCity(ring());
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1', false)]);
    await city.wait(90);
    silence((agent) => agent === 'gw-s-1-1');
    await city.wait(90);
    expect(city.heard).toEqual({
      told: ['agent_silent gw-s-1-1', 'root_down hub-1'],
      suppressed: ['device_down n-hub-1'],
    });
  });

  it('once both ways are down, what is behind hangs on one of them', async () => {
    await wellCity(ring());
    for (const hub of ['hub-1', 'hub-2']) city.routine.set(`gw-${hub}`, [deviceUp(`n-${hub}`, false)]);
    silence((agent) => agent.startsWith('gw-s-1-'));
    await city.wait(120);
    expect(city.heard.told).toEqual(['root_down hub-1', 'root_down hub-2']);
    expect(city.heard.suppressed).toHaveLength(4 + 2);
    expect(incidents('open').map(({ root }) => root)).toEqual(['device:n-hub-1', 'device:n-hub-2']);
  });
});

describe('a line', () => {
  it('that is declared and down: what is behind it and the port that says so hang on it', async () => {
    const file = hubCity(2, 2);
    const port: SentRow = {
      measurement: 'interface',
      tags: { device: 'n-hub-1', interface: 'ge-1' },
      fields: { oper_status: 1, admin_status: 1, in_use: true },
    };
    const link = {
      id: 'f-1',
      kind: 'fibre' as const,
      ends: [{ site: 'hub-1', device: 'n-hub-1', interface: 'ge-1' }, { site: 's-1-1' }] as [
        { site: string; device: string; interface: string },
        { site: string },
      ],
    };
    await wellCity({ ...file, links: [link] });
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), port]);
    await city.wait(30);
    city.routine.set('gw-hub-1', [
      deviceUp('n-hub-1'),
      { ...port, fields: { ...port.fields, oper_status: 2 } },
    ]);
    silence((agent) => agent === 'gw-s-1-1');
    await city.wait(120);
    expect(city.heard).toEqual({
      told: ['root_down f-1'],
      suppressed: ['agent_silent gw-s-1-1', 'port_down n-hub-1 ge-1'],
    });
    expect(city.roots).toEqual(['link:f-1']);
  });
});

describe('power', () => {
  const ups = (source: number): SentRow => ({
    measurement: 'power',
    tags: { device: 'ups-s-1-1' },
    fields: { output_source: source, on_battery: source !== 3 },
  });

  /** A site whose UPS another agent watches, too. */
  function withUps(): File {
    const file = hubCity(2, 2);
    const device = { id: 'ups-s-1-1', kind: 'ups' as const, site: 's-1-1', unit: '26737', agent: 'gw-hub-1' };
    return { ...file, devices: [...file.devices, device] };
  }

  it('on battery alone, whatever fails is told', async () => {
    await wellCity(withUps());
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), ups(5)]);
    await city.wait(30);
    silence((agent) => agent === 'gw-s-1-1');
    await city.wait(60);
    expect(city.heard).toEqual({
      told: ['agent_silent gw-s-1-1', 'power_on_battery ups-s-1-1'],
      suppressed: [],
    });
  });

  it('without output, what is silent at the site is suppressed with kind power, and told when power is back and it is not', async () => {
    await wellCity(withUps());
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), ups(2)]);
    silence((agent) => agent === 'gw-s-1-1');
    await city.wait(60);
    expect(city.heard).toEqual({
      told: ['power_no_output ups-s-1-1'],
      suppressed: ['agent_silent gw-s-1-1', 'power_on_battery ups-s-1-1'],
    });
    const silent = city.alerts.active().find(({ rule }) => rule === 'agent_silent');
    expect(silent && city.suppression(silent)).toEqual({
      kind: 'power',
      by: 'site:s-1-1',
      reason: 's-1-1 has no power',
    });
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), ups(3)]);
    await city.wait(180);
    expect(city.heard).toEqual({ told: [], suppressed: ['agent_silent gw-s-1-1'] });
    await city.wait(120);
    expect(city.heard).toEqual({ told: ['agent_silent gw-s-1-1'], suppressed: [] });
  });

  it('is one incident until the battery is charged: nobody hears of one that was low in the cut, also after a restart', async () => {
    const battery = (fields: SentRow['fields']): SentRow => ({ ...ups(3), fields: { ...fields } });
    const onBattery = (charge_pct: number, runtime_minutes: number): SentRow =>
      battery({ output_source: 5, on_battery: true, charge_pct, runtime_minutes });
    const charging = (charge_pct: number): SentRow =>
      battery({ output_source: 3, on_battery: false, charge_pct, runtime_minutes: 30 });
    const measure = (row: SentRow): unknown => city.routine.set('gw-hub-1', [deviceUp('n-hub-1'), row]);
    await wellCity(withUps());
    measure(onBattery(40, 10));
    await city.wait(330);
    expect(city.heard).toEqual({
      told: ['power_runtime_low ups-s-1-1'],
      suppressed: ['battery_low ups-s-1-1', 'power_on_battery ups-s-1-1'],
    });
    measure(charging(42));
    await city.wait(900);
    expect(city.heard).toEqual({ told: [], suppressed: ['battery_low ups-s-1-1'] });
    city.restart();
    await city.wait(300);
    expect(city.heard).toEqual({ told: [], suppressed: ['battery_low ups-s-1-1'] });
    expect(incidents()).toMatchObject([{ root: 'site:s-1-1', alertCount: 3 }]);
    measure(charging(80));
    await city.wait(320);
    expect(incidents('open')).toEqual([]);
  });
});
