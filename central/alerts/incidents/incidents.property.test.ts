import fc from 'fast-check';
import { expect, it } from 'vitest';
import { allWell, deviceUp, hubCity, type SentRow } from '../../health/states/testing/states-city.ts';
import { HEAD_WAIT_MS } from './incident.ts';
import { PARENT_WINDOW_MS } from './incident-view.ts';
import { RETURN_MS } from './staying.ts';
import { IncidentCity } from './testing/incident-city.ts';

const UPS = 'ups-s-1-1';
/** Each site below a hub may have a second way, over another hub. */
const trees = fc.record({
  hubs: fc.integer({ min: 2, max: 4 }),
  sitesPerHub: fc.integer({ min: 1, max: 6 }),
  secondWays: fc.array(fc.boolean(), { minLength: 24, maxLength: 24 }),
  /** Hubs with a second node, that another hub's agent measures. */
  twins: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  isRootTold: fc.boolean(),
});
const events = fc.array(
  fc.record({
    kind: fc.constantFrom(
      'cut',
      'cut',
      'silence',
      'down',
      'twin',
      'twin_well',
      'well',
      'all_but_one',
      'power',
      'restart',
    ),
    hub: fc.nat(3),
    site: fc.nat(5),
    waitS: fc.integer({ min: 1, max: 300 }),
  }),
  { minLength: 1, maxLength: 12 },
);

type Tree = typeof trees extends fc.Arbitrary<infer T> ? T : never;
type Event = (typeof events extends fc.Arbitrary<infer T> ? T : never)[number];

function cityOf({ hubs, sitesPerHub, secondWays, twins, isRootTold }: Tree): IncidentCity {
  const file = hubCity(hubs, sitesPerHub);
  const ups = { id: UPS, kind: 'ups' as const, site: 's-1-1', unit: '26737', agent: 'gw-hub-2' };
  const seconds = twins.slice(0, hubs).flatMap((isTwin, hub) => {
    const at = { site: `hub-${hub + 1}`, unit: '26737', agent: `gw-hub-${((hub + 1) % hubs) + 1}` };
    return isTwin ? [{ id: `m-hub-${hub + 1}`, kind: 'node' as const, ...at }] : [];
  });
  let at = 0;
  const sites = file.sites.map((site) => {
    const [hub] = site.parents ?? [];
    if (!site.id.startsWith('s-') || secondWays[at++] !== true) return site;
    return { ...site, parents: [hub ?? '', hub === 'hub-1' ? 'hub-2' : 'hub-1'] };
  });
  const city = new IncidentCity(
    { ...file, sites, devices: [...file.devices, ...seconds, ups] },
    { isRootTold },
  );
  allWell(city);
  measure(city, 'gw-hub-2', power(3));
  return city;
}

/** Beside what the agent sends of other devices. */
function measure(city: IncidentCity, agent: string, row: SentRow): void {
  const others = (city.routine.get(agent) ?? []).filter(
    ({ tags }) => tags?.['device'] !== row.tags?.['device'],
  );
  city.routine.set(agent, [...others, row]);
}

function power(source: number): SentRow {
  return { measurement: 'power', tags: { device: UPS }, fields: { output_source: source } };
}

function happen(city: IncidentCity, well: IncidentCity['routine'], { kind, hub, site }: Event): void {
  const agents = [...well.keys()];
  const agentOf = (prefix: string): string[] => agents.filter((agent) => agent.startsWith(prefix));
  const hubs = agentOf('gw-hub-');
  const at = String((hub % hubs.length) + 1);
  if (kind === 'cut')
    for (const each of [`gw-hub-${at}`, ...agentOf(`gw-s-${at}-`)]) city.routine.delete(each);
  if (kind === 'silence') city.routine.delete(agents[(hub * 6 + site) % agents.length] ?? '');
  if (kind === 'down') measure(city, `gw-hub-${at}`, deviceUp(`n-hub-${at}`, false));
  const second = city.inventory.devices.get(`m-hub-${at}`);
  if (second !== undefined && (kind === 'twin' || kind === 'twin_well'))
    measure(city, second.agent, deviceUp(second.id, kind === 'twin_well'));
  if (kind === 'power') measure(city, 'gw-hub-2', power(2));
  if (kind === 'well' || kind === 'all_but_one')
    for (const [agent, rows] of well) city.routine.set(agent, rows);
  if (kind === 'all_but_one') city.routine.delete(agentOf(`gw-s-${at}-`)[0] ?? '');
  if (kind === 'restart') city.restart();
}

/** What holds at any moment. */
function check(city: IncidentCity): void {
  const nowMs = city.clock.now();
  const open = city.alerts.active();
  const isSuppressed = (id: string | undefined): boolean =>
    open.some((alert) => alert.id === id && city.suppression(alert) !== undefined);
  for (const alert of open) {
    const what = `${alert.rule} ${JSON.stringify(alert.entity)}`;
    const incident = city.incidents.incidentOf(alert.id);
    const sinceMs = Math.max(alert.openedAtMs, city.startedAtMs);
    const isNew = nowMs - sinceMs <= PARENT_WINDOW_MS + 1_000;
    if (!isNew && alert.severity !== 'warning') expect(incident, what).toBeDefined();
    const found = city.incidents.suppressors.flatMap(
      (each) => each.suppressionOf(alert as never, nowMs) ?? [],
    );
    expect(found.length, what).toBeLessThanOrEqual(1);
    const [suppression] = found;
    if (suppression === undefined) continue;
    expect(incident?.root, what).toBe(suppression.by);
    if (suppression.untilMs !== undefined) {
      // Its root is awaited, or back: that ends by itself, but for what is on its way to its own end.
      expect(suppression.untilMs - nowMs, what).toBeLessThanOrEqual(Math.max(RETURN_MS, HEAD_WAIT_MS));
      if (alert.phase !== 'recovering') expect(suppression.untilMs, what).toBeGreaterThanOrEqual(nowMs);
      continue;
    }
    const state = city.state(suppression.by);
    const isOut = open.some(({ rule }) => rule === 'power_no_output');
    expect(
      state !== 'up' || (suppression.kind === 'power' && isOut),
      `${what}: ${suppression.by} is ${state}`,
    ).toBe(true);
    expect(
      open.map(({ id }) => id),
      `${what} has a head that is open`,
    ).toContain(incident?.headAlertId);
    expect(isSuppressed(incident?.headAlertId), `${what} has a head that is told`).toBe(false);
  }
}

it('whatever fails in whatever order: each open alert may be told or has one reason, a root that is not well, and a head that is told', async () => {
  await fc.assert(
    fc.asyncProperty(trees, events, async (tree, story) => {
      const city = cityOf(tree);
      const well = new Map(city.routine);
      await city.wait(100);
      for (const event of story) {
        happen(city, well, event);
        for (let waited = 0; waited < event.waitS; waited += 10) {
          await city.wait(Math.min(10, event.waitS - waited));
          check(city);
        }
      }
      for (const [agent, rows] of well) city.routine.set(agent, rows);
      await city.wait(600);
      check(city);
      const left = city.alerts.active().map(({ rule, phase }) => `${rule} ${phase}`);
      // What went back and forth is watched for longer.
      expect(left.filter((each) => !each.endsWith('flapping'))).toEqual([]);
      const rooted = city.incidents.page({ state: 'open', order: 'newest', limit: 100 });
      expect(rooted.length).toBeLessThanOrEqual(left.length);
      city.database.close();
    }),
    { numRuns: 15 },
  );
}, 120_000);
