import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLogger } from '../../runtime/logger.ts';
import { openAlertTransitions } from '../alerts/history/alert-transitions.ts';
import { isSeenTo } from '../alerts/incidents/seen-to.ts';
import { IncidentCity } from '../alerts/incidents/testing/incident-city.ts';
import { firstSuppression } from '../alerts/suppression/suppression.ts';
import { allWell, hubCity, type SentRow } from '../health/states/testing/states-city.ts';
import { messageText } from './message/message-text.ts';
import { createNotifier, type Notifier } from './notifier.ts';
import { FakeReceiver } from './testing/fake-channel.ts';

const AGENT_SILENT_S = 30;
const ESCALATED_AFTER_S = 300;
/** hub-1 is in another one. */
const OTHER_UNIT = '26734';
const options = { language: 'en', timeZone: 'Asia/Ho_Chi_Minh', maxChars: 4_000 } as const;

/** Ten sites below hub-1 are in another unit than it. */
function cityOfTwoUnits(): ReturnType<typeof hubCity> {
  const file = hubCity(3, 40);
  const moved = new Set(Array.from({ length: 10 }, (_, at) => `s-1-${at + 1}`));
  const move = <T extends { readonly unit?: string | undefined }>(place: T, site = ''): T =>
    moved.has(site) ? { ...place, unit: OTHER_UNIT } : place;
  return {
    ...file,
    sites: file.sites.map((site) => move(site, site.id)),
    agents: file.agents.map((agent) => move(agent, agent.site)),
    devices: file.devices.map((device) => move(device, device.site)),
  };
}

let city: IncidentCity;
let noc: FakeReceiver;
let ward: FakeReceiver;
let chief: FakeReceiver;
let notifier: Notifier;
let routine: ReadonlyMap<string, readonly SentRow[]>;
beforeEach(async () => {
  city = new IncidentCity(cityOfTwoUnits());
  ward = new FakeReceiver();
  noc = new FakeReceiver();
  chief = new FakeReceiver();
  notifier = createNotifier({
    setup: {
      channels: [noc.channel('noc'), ward.channel('ward'), chief.channel('chief')],
      routes: [
        {
          name: 'all',
          channels: ['noc'],
          escalate: [{ afterMs: ESCALATED_AFTER_S * 1_000, channels: ['chief'] }],
        },
        { name: 'ward', units: [OTHER_UNIT], channels: ['ward'] },
      ],
      groupWindow: 10_000,
      parentWindow: 20_000,
    },
    transitions: openAlertTransitions(city.database),
    rules: city.alerts.rules,
    inventory: city.inventory,
    timeZone: 'Asia/Ho_Chi_Minh',
    suppressor: firstSuppression(city.incidents.suppressors),
    incidents: city.incidents,
    isAcknowledged: (id) => isSeenTo(id, city),
    database: city.database,
    clock: city.clock,
    random: () => 0.5,
    log: silentLogger,
  });
  city.others.push({
    observe: () => undefined,
    tick: () => {
      notifier.tick();
      for (const { alerts } of noc.heard) for (const { facts } of alerts) city.told.add(facts.id);
    },
  });
  allWell(city);
  routine = new Map(city.routine);
  await city.wait(120);
});
afterEach(() => city.database.close());

it('a cut of 41 sites is told within a minute, in one message, and in one that it is over', async () => {
  for (const agent of routine.keys()) {
    if (agent === 'gw-hub-1' || agent.startsWith('gw-s-1-')) city.routine.delete(agent);
  }
  await city.wait(60);
  expect(noc.heard).toHaveLength(1);
  const [begin] = noc.heard;
  expect(begin && messageText(begin, options).title).toMatch(
    /hub-1 .* cut off: 41 sites in 2 units, 81 devices$/,
  );
  // Whoever is responsible for sites that hang on it hears of it, although the hub is in another unit.
  expect(told(ward)).toEqual(told(noc));
  await city.wait(300);
  const child = city.alerts.active().find(({ rule }) => rule === 'agent_silent');
  expect(notifier.explain(child?.id ?? '').notToldBecause).toMatchObject({
    kind: 'parent',
    by: 'site:hub-1',
  });
  // They come back one after the other.
  for (const [agent, rows] of routine) {
    city.routine.set(agent, rows);
    await city.wait(1);
  }
  await city.wait(120);
  expect(city.alerts.active()).toEqual([]);
  expect(noc.heard.map(({ alerts }) => alerts.map(({ what }) => what))).toEqual([['begin'], ['end']]);
  expect(told(ward)).toEqual(told(noc));
  expect(notifier.stats().held).toEqual({});
});

function told({ heard }: FakeReceiver): string[] {
  return heard.map(({ alerts }) => alerts.map(({ what, facts }) => `${what} ${facts.id}`).join());
}

it('one silent site is told within a minute, too: nothing that it hangs on is down', async () => {
  city.routine.delete('gw-s-1-7');
  await city.wait(AGENT_SILENT_S + 25);
  expect(noc.heard.map(({ alerts }) => alerts.map(({ facts }) => facts.agent))).toEqual([['gw-s-1-7']]);
});

describe('an alert that was told before the cut that it hangs on was known', () => {
  const at = (agent: string): boolean => agent === 'gw-hub-1' || agent.startsWith('gw-s-1-');

  /** One site is silent and told, then all of its hub. */
  async function lateCut(): Promise<string> {
    city.routine.delete('gw-s-1-7');
    await city.wait(AGENT_SILENT_S + 40);
    for (const agent of routine.keys()) if (at(agent)) city.routine.delete(agent);
    const [early = ''] = noc.heard.flatMap(({ alerts }) => alerts.map(({ facts }) => facts.id));
    return early;
  }

  function acknowledge(id: string): void {
    const acknowledgement = { by: 'lan', atMs: city.clock.now() };
    city.alerts.handle([{ id, kind: 'acknowledged', details: { by: 'lan' }, set: { acknowledgement } }]);
  }

  function ids(receiver: FakeReceiver, what: string): string[] {
    const all = receiver.heard.flatMap(({ alerts }) => alerts.filter((each) => each.what === what));
    return all.map(({ facts }) => facts.id).sort();
  }

  function head(): string {
    return city.alerts.active().find(({ rule }) => rule === 'root_down')?.id ?? '';
  }

  it('keeps its acknowledgement and is told of its end, once; the cut is acknowledged by itself', async () => {
    const early = await lateCut();
    acknowledge(early);
    await city.wait(60);
    expect(ids(noc, 'begin')).toEqual([early, head()].sort());
    expect(city.incidents.incidentOf(early)).toMatchObject({ root: 'site:hub-1', headAlertId: head() });
    expect(city.alerts.get(early)?.acknowledgement).toMatchObject({ by: 'lan' });
    await city.wait(ESCALATED_AFTER_S + 60);
    expect(ids(chief, 'begin')).toEqual([head()]);
    const told = [early, head()].sort();
    for (const [agent, rows] of routine) city.routine.set(agent, rows);
    await city.wait(120);
    expect([ids(noc, 'end'), ids(chief, 'end')]).toEqual([told, ids(chief, 'begin')]);
  });

  it('calls nobody once somebody sees to the cut', async () => {
    await lateCut();
    await city.wait(60);
    acknowledge(head());
    await city.wait(ESCALATED_AFTER_S + 120);
    expect(ids(chief, 'begin')).toEqual([]);
  });
});
