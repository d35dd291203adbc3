import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { InventoryFile } from '../../../../contract/inventory.ts';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import {
  allWell,
  deviceUp,
  hubCity,
  pingLoss,
  type SentRow,
} from '../../../health/states/testing/states-city.ts';
import { AlertsCity } from '../../testing/alerts-city.ts';
import { ruleFile, ruleOf } from '../../testing/batches-and-rules.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';
import type { AlertRule } from '../rule.ts';

const shipped = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(
  ({ settings }) => settings.kind === 'state',
);
const MINUTE_S = 60;

let run: AlertsCity;

async function startWell(
  file: Partial<InventoryFile>,
  rules: readonly AlertRule[] = shipped,
): Promise<AlertsCity> {
  run = new AlertsCity(file, rules);
  allWell(run.city);
  await run.city.wait(2 * MINUTE_S);
  expect(run.active()).toEqual([]);
  return run;
}

const behind = (hub: string): string[] =>
  [...run.city.inventory.agents.keys()].filter(
    (agent) => agent === `gw-${hub}` || agent.startsWith(`gw-s-${hub.slice(4)}-`),
  );

/** They send no more; what they sent is given back. */
function silence(agents: readonly string[]): () => void {
  const { routine } = run.city;
  const before = agents.map((agent) => [agent, routine.get(agent) ?? []] as const);
  for (const agent of agents) routine.delete(agent);
  return () => {
    for (const [agent, rows] of before) run.city.routine.set(agent, rows);
  };
}

function stateRule(id: string, changes: Record<string, unknown>): AlertRule {
  const { name, action, eventType, probableCause } = ruleFile();
  const common = { name, action, eventType, probableCause, for: '0s', clearFor: '10s' };
  return ruleOf(id, { ...common, kind: 'state', ...changes });
}

afterEach(() => {
  run.database.close();
});

describe('a site that is cut off', () => {
  beforeEach(() => startWell(hubCity(3, 4)));

  it('is one alert, at the root, with the number of sites; what is behind it begins none', async () => {
    silence(behind('hub-1'));
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual(['site_cut critical hub-1: 5 sites']);
    expect(run.engine.active()).toMatchObject([
      { entity: { site: 'hub-1' }, site: 'hub-1', unit: '26737', agent: 'gw-hub-1' },
    ]);
  });

  it('ends half a minute after the first there is heard again, whatever is not known of the others', async () => {
    const restore = silence(behind('hub-1'));
    await run.city.wait(5 * MINUTE_S);
    restore();
    silence(behind('hub-1').slice(1));
    await run.city.wait(45);
    expect(run.city.state('site:s-1-3')).toBe('unknown');
    expect(run.active()).toEqual([]);
    expect(run.steps('site_cut')).toEqual(['hub-1 fired', 'hub-1 recovering', 'hub-1 resolved']);
  });

  it('stands through a restart of central, and through all that it cannot know yet', async () => {
    const restore = silence(behind('hub-1'));
    await run.city.wait(5 * MINUTE_S);
    run.restart();
    await run.city.wait(5);
    expect(run.city.state('site:hub-1')).toBe('unknown');
    expect(run.active()).toEqual(['site_cut critical hub-1: 5 sites']);
    await run.city.wait(5 * MINUTE_S);
    expect(run.city.state('site:hub-1')).toBe('unreachable');
    expect(run.steps('site_cut')).toEqual(['hub-1 fired']);
    restore();
    await run.city.wait(MINUTE_S);
    expect(run.steps('site_cut')).toEqual(['hub-1 fired', 'hub-1 recovering', 'hub-1 resolved']);
  });

  it('is withdrawn when it is taken out of the inventory', async () => {
    silence(behind('hub-1'));
    await run.city.wait(MINUTE_S);
    const file = hubCity(3, 4);
    run.replaceInventory({
      ...file,
      sites: file.sites.map((site) => (site.id === 'hub-1' ? { ...site, retiredOn: '2027-01-01' } : site)),
      agents: file.agents.filter(({ site }) => site !== 'hub-1'),
      devices: file.devices.filter(({ site }) => site !== 'hub-1').map(({ parents: _gone, ...rest }) => rest),
    });
    await run.city.wait(2);
    expect(run.steps('site_cut')).toEqual(['hub-1 fired', 'hub-1 withdrawn']);
  });
});

it('a site in which all is down, without a node of its own, is the root of what is behind it', async () => {
  const { devices, ...file } = hubCity(3, 1);
  const seen = { kind: 'ups' as const, otherAgents: ['gw-hub-2'] };
  await startWell({
    ...file,
    devices: devices.map((each) => (each.id === 'n-hub-1' ? { ...each, ...seen } : each)),
  });
  const own = run.city.routine.get('gw-hub-2') ?? [];
  run.city.routine.set('gw-hub-2', [...own, pingLoss('n-hub-1', 100)]);
  silence(behind('hub-1'));
  await run.city.wait(MINUTE_S);
  expect(run.city.state('site:hub-1')).toBe('down');
  expect(run.active()).toEqual(['site_cut critical hub-1: 1 site']);
});

describe('a node that is down', () => {
  beforeEach(() => startWell(hubCity(3, 4)));

  it('is one alert, at the root, with the number of sites behind it; without any it is none of this kind', async () => {
    run.city.routine.set('gw-hub-1', [deviceUp('n-hub-1', false)]);
    run.city.routine.set('gw-s-2-1', [deviceUp('n-s-2-1', false)]);
    silence(behind('hub-1').slice(1));
    await run.city.wait(MINUTE_S);
    expect(run.city.state('site:s-2-1')).toBe('down');
    expect(run.active()).toEqual(['node_cuts_sites critical n-hub-1: 4 sites']);
  });

  it('fires anew when sites are lost again while it is still down', async () => {
    run.city.routine.set('gw-hub-1', [deviceUp('n-hub-1', false)]);
    const restore = silence(behind('hub-1').slice(1));
    await run.city.wait(MINUTE_S);
    restore();
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual([]);
    silence(behind('hub-1').slice(1));
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual(['node_cuts_sites critical n-hub-1: 4 sites']);
  });
});

describe('what nobody can say', () => {
  beforeEach(() => startWell(hubCity(3, 4)));

  it('begins nothing: one agent that is silent, and a central that hears nobody', async () => {
    const restore = silence(['gw-s-1-1']);
    await run.city.wait(5 * MINUTE_S);
    expect(run.city.state('site:s-1-1')).toBe('unknown');
    restore();
    await run.city.wait(MINUTE_S);
    silence([...run.city.inventory.agents.keys()]);
    await run.city.wait(10 * MINUTE_S);
    expect(run.engine.list({ limit: 10 }).items).toEqual([]);
  });

  it('ends nothing, when central falls deaf during a cut', async () => {
    silence(behind('hub-1'));
    await run.city.wait(MINUTE_S);
    silence([...run.city.inventory.agents.keys()]);
    await run.city.wait(10 * MINUTE_S);
    expect(run.city.state('site:hub-1')).toBe('unknown');
    expect(run.steps('site_cut')).toEqual(['hub-1 fired']);
  });
});

describe('a line', () => {
  const file = hubCity(2, 3);
  const line = (id: string, hub: string, port: string): InventoryFile['links'][number] => ({
    ...{ id, kind: 'fibre' },
    ends: [{ site: hub, device: `n-${hub}`, interface: port }, { site: 's-1-1' }],
  });
  const port = (name: string, status: number): SentRow => ({
    measurement: 'interface',
    tags: { device: 'n-hub-1', interface: name },
    fields: { oper_status: status },
  });

  beforeEach(async () => {
    await startWell({ ...file, links: [line('f-1', 'hub-1', 'ge-1'), line('f-2', 'hub-1', 'ge-2')] });
  });

  const ports = (first: number, second: number): void => {
    const rows = [deviceUp('n-hub-1'), port('ge-1', first), port('ge-2', second)];
    run.city.routine.set('gw-hub-1', rows);
  };

  it('is minor while another one carries the traffic, and critical once it cuts off a site: one alert each', async () => {
    ports(1, 1);
    await run.city.wait(MINUTE_S);
    ports(2, 1);
    await run.city.wait(50);
    expect(run.active()).toEqual([]);
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual(['link_down minor f-1: 0 sites']);
    expect(run.engine.active()).toMatchObject([{ site: 's-1-1', agent: 'gw-hub-1' }]);
    silence(['gw-s-1-1']);
    ports(2, 2);
    await run.city.wait(2 * MINUTE_S);
    expect(run.active()).toEqual(['link_down critical f-1: 1 site', 'link_down critical f-2: 1 site']);
    ports(1, 2);
    await run.city.wait(3 * MINUTE_S);
    expect(run.steps('link_down')).toEqual([
      'f-1 fired',
      'f-1 escalated',
      'f-1 recovering',
      'f-1 resolved',
      'f-2 fired',
      'f-2 deescalated',
    ]);
  });

  it('that comes and goes is one alert that flaps, though it is never down for a minute', async () => {
    for (let cycle = 0; cycle < 15; cycle++) {
      ports(2, 1);
      await run.city.wait(30);
      ports(1, 1);
      await run.city.wait(30);
    }
    expect(run.engine.list({ limit: 10 }).items).toMatchObject([
      { rule: 'link_down', entity: { link: 'f-1' }, phase: 'flapping', severity: 'minor' },
    ]);
  });
});

describe('a service', () => {
  it('is told when it is degraded, gets worse and is up again, with the reason: one alert', async () => {
    const devices = ['n-s-1-1', 'n-s-1-2', 'n-s-2-1'];
    const needs = [{ anyOf: devices.map((id) => `device:${id}`), atLeast: 2 }];
    await startWell({ ...hubCity(2, 3), services: [{ id: '1022', name: '1022', needs }] });
    run.city.routine.set('gw-s-1-1', [deviceUp('n-s-1-1', false)]);
    await run.city.wait(3 * MINUTE_S);
    expect(run.active()).toEqual([]);
    await run.city.wait(3 * MINUTE_S);
    expect(run.active()).toEqual(['city_service_impaired minor 1022: n-s-1-1 down']);
    run.city.routine.set('gw-s-1-2', [deviceUp('n-s-1-2', false)]);
    await run.city.wait(2 * MINUTE_S);
    expect(run.active()).toEqual([
      'city_service_impaired critical 1022: n-s-1-1 down; n-s-1-2 down; 1 of 2 needed left',
    ]);
    run.restart();
    await run.city.wait(5 * MINUTE_S);
    allWell(run.city);
    await run.city.wait(3 * MINUTE_S);
    expect(run.steps('city_service_impaired')).toEqual([
      '1022 fired',
      '1022 escalated',
      '1022 recovering',
      '1022 resolved',
    ]);
  });
});

describe('a device', () => {
  it('about which two agents disagree is told after ten minutes, with both', async () => {
    const { devices, ...file } = hubCity(2, 3);
    const shared = devices.map((device) =>
      device.id === 'n-hub-1' ? { ...device, otherAgents: ['gw-s-1-1'] } : device,
    );
    await startWell({ ...file, devices: shared });
    const own = run.city.routine.get('gw-s-1-1') ?? [];
    run.city.routine.set('gw-s-1-1', [...own, pingLoss('n-hub-1', 100)]);
    await run.city.wait(9 * MINUTE_S);
    expect(run.active()).toEqual([]);
    await run.city.wait(2 * MINUTE_S);
    expect(run.active()).toEqual(['evidence_disputed warning n-hub-1: gw-hub-1, gw-s-1-1']);
    run.city.routine.set('gw-s-1-1', [...own, pingLoss('n-hub-1', 0)]);
    await run.city.wait(12 * MINUTE_S);
    expect(run.active()).toEqual([]);
  });

  it('that is down is told by a rule of its own, of the kinds that it names; one that is unreachable begins none and keeps it', async () => {
    const rule = stateRule('node_down', {
      of: 'device',
      kinds: 'node',
      levels: [{ severity: 'major', states: 'down' }],
    });
    await startWell(hubCity(3, 4), [rule]);
    run.city.routine.set('gw-s-1-1', [deviceUp('n-s-1-1', false), pingLoss('bb-s-1-1', 100)]);
    await run.city.wait(2);
    run.city.send('gw-s-1-1', ...(run.city.routine.get('gw-s-1-1') ?? []));
    await run.city.wait(20);
    expect(run.active()).toEqual(['node_down major n-s-1-1: down']);
    silence(behind('hub-1'));
    await run.city.wait(5 * MINUTE_S);
    expect(run.city.state('device:n-s-1-1')).toBe('unreachable');
    expect(run.steps('node_down')).toEqual(['n-s-1-1 fired']);
    allWell(run.city);
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual([]);
  });

  it('of which nobody can say anything is told by a rule that asks for that', async () => {
    const levels = [{ severity: 'warning', states: ['unknown', 'unreachable'] }];
    await startWell(hubCity(3, 4), [stateRule('nobody_knows', { of: 'device', levels, for: '30s' })]);
    const restore = silence(['gw-hub-2']);
    await run.city.wait(2 * MINUTE_S);
    expect(run.active()).toEqual(['nobody_knows warning n-hub-2: unknown']);
    restore();
    await run.city.wait(MINUTE_S);
    expect(run.active()).toEqual([]);
  });
});

describe('the settings of a rule over states', () => {
  beforeEach(() => startWell(hubCity(1, 1), []));

  const level = { severity: 'major', states: 'down' };
  it.each([
    [{ of: 'site', levels: [{ ...level, states: 'degraded' }] }, /levels\[0\]\.states/],
    [{ of: 'unit', levels: [level] }, /of: /],
    [{ of: 'device', kinds: ['router'], levels: [level] }, /kinds/],
    [{ of: 'service', kinds: ['node'], levels: [level] }, /kinds: unknown setting/],
    [{ of: 'service', levels: [{ ...level, sites: 2 }] }, /sites: unknown setting/],
    [{ of: 'link', levels: [{ ...level, sites: 0 }] }, /levels\[0\]\.sites/],
    [{ of: 'link', levels: [level, { ...level, severity: 'minor' }] }, /expected graver than/],
    [{ of: 'link', levels: [] }, /levels/],
  ])('are refused with their name: %j', (settings, message) => {
    expect(() => stateRule('bad', settings)).toThrow(message);
  });
});

it('every shipped rule over states is told and ends in a test of this file', () => {
  run = new AlertsCity({}, []);
  expect(shipped.map(({ id }) => id)).toEqual([
    'city_service_impaired',
    'evidence_disputed',
    'link_down',
    'node_cuts_sites',
    'site_cut',
  ]);
});
