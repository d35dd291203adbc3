import { createLatestCache } from '../../../live/latest-cache.ts';
import { SeriesRegistry } from '../../../samples/series-registry.ts';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CATALOGUE } from '../../../../contract/measurements/index.ts';
import { silentLogger } from '../../../../runtime/logger.ts';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import { AgentProblems } from '../../../health/agent-problems.ts';
import { far, link, MeasuredCity, node, site } from '../../../health/topology/testing/measured-city.ts';
import { EMPTY_INVENTORY } from '../../../inventory/inventory.ts';
import { openAgentRegistry } from '../../../liveness/agent-registry.ts';
import { openStateDatabase, type StateDatabase } from '../../../state/database.ts';
import { createAlertEngine, type AlertEngine } from '../../engine/engine.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../load-rules.ts';

const LINK = link('l-1', 'hub-1/h-1/xe-1', 'school/s-1/ge-9');
const CITY = {
  sites: [site('hub-1', { kind: 'hub' }), site('school')],
  devices: [node('h-1@hub-1'), node('s-1@school'), node('s-2@school')],
};
const RIGHT = { 'h-1': { sees: [['xe-1', far('s-1', 'ge-9')]] }, 's-1': {}, 's-2': {} } as const;
const WRONG = { 'h-1': { sees: [['xe-1', far('s-2', 'ge-9')]] }, 's-1': {}, 's-2': {} } as const;
const NOBODY = { 'h-1': {}, 's-1': {}, 's-2': {} } as const;
type Told = typeof RIGHT | typeof WRONG | typeof NOBODY;

let database: StateDatabase;
let city: MeasuredCity;
let engine: AlertEngine;

beforeEach(() => {
  database = openStateDatabase(':memory:');
  city = new MeasuredCity({ ...CITY, links: [LINK] });
  engine = start();
});

function start(): AlertEngine {
  const clock = new ManualClock(city.nowMs);
  return createAlertEngine({
    rules: loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).filter(({ id }) => id === 'wiring_differs'),
    sources: {
      liveness: openAgentRegistry({ inventory: EMPTY_INVENTORY, database, clock, log: silentLogger }),
      problems: new AgentProblems(silentLogger),
      latest: createLatestCache(new SeriesRegistry()),
      devices: () => EMPTY_INVENTORY.devices,
      wiring: city.topology,
    },
    database,
    clock,
    log: silentLogger,
  });
}

/** Central forgets what it has seen of the wiring. */
function restart(): void {
  const { nowMs } = city;
  engine.save();
  city = new MeasuredCity({ ...CITY, links: [LINK] });
  city.nowMs = nowMs;
  engine = start();
}
afterEach(() => database.close());

/** The tables are read every five minutes; the rules look each second. */
function tell(devices: Told, minutes: number): void {
  for (let minute = 0; minute < minutes; minute++) {
    if (minute % 5 === 0) city.report(devices);
    else city.readEvidence();
    for (let second = 0; second < 60; second++) {
      engine.tick(city.nowMs);
      city.nowMs += 1_000;
    }
  }
}

it('raises an alert after an hour in which a declared port saw another device, and ends it once the cable is moved back', () => {
  tell(RIGHT, 10);
  const brokenAtMs = city.nowMs;
  tell(WRONG, 60);
  expect(engine.active()).toEqual([]);
  tell(WRONG, 5);
  expect(engine.active()).toMatchObject([
    {
      rule: 'wiring_differs',
      severity: 'warning',
      entity: { link: 'l-1' },
      agent: 'gw-1',
      unit: '26740',
      site: 'hub-1',
      startedAtMs: brokenAtMs,
      value: 'h-1 port xe-1 sees s-2, chassis chassis-of-s-2, port ge-9',
    },
  ]);
  tell(RIGHT, 15);
  expect(engine.active()).toEqual([]);
});

it('stays quiet for a cable that was in another port for less', () => {
  tell(WRONG, 55);
  tell(RIGHT, 15);
  tell(WRONG, 55);
  expect(engine.active()).toEqual([]);
});

it('takes a missing row for no evidence: it neither begins an alert nor ends one', () => {
  tell(NOBODY, 120);
  expect(engine.active()).toEqual([]);
  tell(WRONG, 65);
  expect(engine.active()).toHaveLength(1);
  tell(NOBODY, 120);
  expect(engine.active()).toHaveLength(1);
});

it('is withdrawn once the link has left the inventory, and ends once its entry says otherwise', () => {
  tell(WRONG, 65);
  city.declare({ ...CITY, links: [{ ...LINK, kind: 'leased' }] });
  tell(WRONG, 15);
  expect(engine.active()).toEqual([]);
  city.declare({ ...CITY, links: [LINK] });
  tell(WRONG, 65);
  expect(engine.active()).toHaveLength(1);
  city.declare(CITY);
  tell(NOBODY, 1);
  expect(engine.active()).toEqual([]);
});

it.each([
  ['retired by its date', { links: [{ ...LINK, retiredOn: '2026-12-01' }] }],
  [
    'whose device is retired by its date',
    { devices: [node('h-1@hub-1'), node('s-1@school', { retiredOn: '2026-12-01' }), node('s-2@school')] },
  ],
])('is withdrawn once with a link %s, though what its ends saw is still there', (_name, lists) => {
  city.declare({ ...CITY, links: [LINK], ...lists });
  tell(WRONG, 65);
  expect(engine.active()).toHaveLength(1);
  city.today = '2026-12-01';
  tell(WRONG, 15);
  expect(engine.list({ limit: 10 }).items.map(({ phase }) => phase)).toEqual(['withdrawn']);
});

it.each([
  ['a line whose ends do not see each other', { links: [{ ...LINK, kind: 'leased' as const }] }],
  ['another site, without a device', { links: [link('l-1', 'hub-1/h-1/xe-1', 'school')] }],
  ['a retired device', { devices: [node('h-1@hub-1'), node('s-1@school', { retiredOn: '2026-11-30' })] }],
])('is withdrawn where nothing is seen any more, and its link becomes %s', (_name, lists) => {
  tell(WRONG, 65);
  tell(NOBODY, 10);
  city.declare({ ...CITY, links: [LINK], ...lists });
  tell(NOBODY, 1);
  expect(engine.list({ limit: 10 }).items.map(({ phase }) => phase)).toEqual(['withdrawn']);
});

it('is withdrawn after a restart of central in which its link was removed', () => {
  tell(WRONG, 65);
  restart();
  city.declare(CITY);
  tell(NOBODY, 1);
  expect(engine.active()).toEqual([]);
});
