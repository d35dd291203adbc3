import type { InventoryFile } from '../../../contract/inventory.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import { followElements } from '../../../central/health/states/history/followed-states.ts';
import { openHistoryStore } from '../../../central/health/states/history/history-store.ts';
import { StateHistory } from '../../../central/health/states/history/state-history.ts';
import { deviceUp, StatesCity, type SentRow } from '../../../central/health/states/testing/states-city.ts';
import { atLeast, atMost } from '../report/bar.ts';
import { quantity } from '../report/markdown.ts';
import type { Section } from '../report/section.ts';

const HUBS = 21;
const SITES_PER_HUB = 40;
const DEVICES_PER_SITE = 10;
const SERVERS = 1_000;
const LOST_HUBS = 20;
const UNIT = '26734';
const PLACE = { unit: UNIT, longitude: 106.69, latitude: 10.79 };
/** Rows a second of the city: 53,000 values. */
const CITY_ROWS_PER_S = 8_000;

export const statesSection: Section = {
  name: 'states',
  about: 'states of 10,000 devices: rows a second, and 800 sites lost at once',
  run: async () => {
    const city = new StatesCity(inventory());
    const history = new StateHistory({
      store: openHistoryStore(city.database),
      followed: [followElements(city.states)],
      clock: city.clock,
      standing: () => ({ isAgreed: true, isCertain: true }),
      deleteBeforeMs: (keptMs) => city.clock.now() - keptMs,
      log: silentLogger,
    });
    try {
      const timed = timeStates(city);
      for (const [agent, rows] of routineOf(city)) city.routine.set(agent, rows);
      await city.wait(60);
      // Writes all that waits, not only some of it as a flush does: it belongs to no loss.
      history.knownFromMs();
      timed.takeTicks();
      timed.takeRows();
      await city.wait(60);
      const idleMs = timed.takeTicks();
      const rows = timed.takeRows();
      const devices = city.states.counts('device');
      for (const agent of [...city.routine.keys()].filter(isLost)) city.routine.delete(agent);
      let writtenMs = 0;
      let largestMs = 0;
      for (let second = 0; second < 60; second++) {
        await city.wait(1);
        const tookMs = cpuMsOf(() => history.flush());
        writtenMs += tookMs;
        largestMs = Math.max(largestMs, tookMs, timed.lastTickMs());
      }
      const lossMs = timed.takeTicks();
      const extraMs = Math.max(0, lossMs.sumMs - (idleMs.sumMs / idleMs.count) * lossMs.count);
      const lost = city.states.counts('site').unreachable;
      const rowsPerS = (1_000 * rows.count) / rows.sumMs;
      return {
        tables: [
          {
            title: 'States: 10,000 devices, 840 sites and 1,840 agents; 20 hubs with 800 sites lost at once',
            head: ['what', 'measured'],
            rows: [
              ['devices up before', quantity(devices.up)],
              ['sites unreachable after', quantity(lost)],
              ['rows looked at, a second', quantity(rowsPerS)],
              ['a second without change', `${(idleMs.sumMs / idleMs.count).toFixed(2)} ms`],
              ['the loss: work on states', `${extraMs.toFixed(0)} ms`],
              ['the loss: history written', `${writtenMs.toFixed(0)} ms`],
              ['the longest of it at once', `${largestMs.toFixed(0)} ms`],
            ],
          },
        ],
        figures: { rowsPerS, idleTickMs: idleMs.sumMs / idleMs.count, extraMs, writtenMs, largestMs, lost },
        bars: [
          atMost('800 sites lost at once: work', 200, 'ms', extraMs + writtenMs),
          atLeast('800 sites lost at once: sites unreachable', 800, 'sites', lost),
          atLeast(
            'rows looked at for states, against what the city sends',
            10 * CITY_ROWS_PER_S,
            'rows/s',
            rowsPerS,
          ),
        ],
      };
    } finally {
      city.database.close();
    }
  },
};

function isLost(agent: string): boolean {
  const hub = Number(/^gw-(\d+)/.exec(agent)?.[1] ?? Infinity);
  return hub < LOST_HUBS;
}

/** Measures the calls of the states alone. */
function timeStates({ states }: StatesCity) {
  let ticks = { count: 0, sumMs: 0 };
  let rows = { count: 0, sumMs: 0 };
  let lastMs = 0;
  const tick = states.tick.bind(states);
  const observe = states.observe.bind(states);
  states.tick = () => {
    lastMs = cpuMsOf(tick);
    ticks = { count: ticks.count + 1, sumMs: ticks.sumMs + lastMs };
  };
  states.observe = (batch, context) => {
    const startMs = performance.now();
    observe(batch, context);
    rows = { count: rows.count + batch.tables.length, sumMs: rows.sumMs + performance.now() - startMs };
  };
  return {
    takeTicks: () => {
      const taken = ticks;
      ticks = { count: 0, sumMs: 0 };
      return taken;
    },
    takeRows: () => {
      const taken = rows;
      rows = { count: 0, sumMs: 0 };
      return taken;
    },
    lastTickMs: () => lastMs,
  };
}

/** Processor time: others on the machine must not count. */
function cpuMsOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** A row for each device, and four ports of each node. */
function routineOf(city: StatesCity): Map<string, SentRow[]> {
  const routine = new Map<string, SentRow[]>([...city.inventory.agents.keys()].map((id) => [id, []]));
  for (const { id, kind, agent } of city.inventory.devices.values()) {
    const rows = routine.get(agent);
    rows?.push(deviceUp(id));
    for (let port = 0; kind === 'node' && port < 4; port++)
      rows?.push({
        measurement: 'interface',
        tags: { device: id, interface: `p-${port}` },
        fields: { oper_status: 1 },
      });
  }
  return routine;
}

function inventory(): Partial<InventoryFile> {
  const file = { units: [unit()], sites: [], agents: [], devices: [] } as unknown as InventoryFile;
  file.sites.push({ id: 'city', name: 'city', kind: 'city', ...PLACE });
  file.sites.push({ id: 'dc', name: 'dc', kind: 'datacentre', parents: ['city'], ...PLACE });
  for (let server = 0; server < SERVERS; server++) {
    const agent = `sv-${server}`;
    file.agents.push({ id: agent, kind: 'server', site: 'dc', unit: UNIT });
    file.devices.push({ id: agent, kind: 'server', site: 'dc', unit: UNIT, agent });
  }
  for (let hub = 0; hub < HUBS; hub++) addHub(file, hub);
  return file;
}

function addHub(file: InventoryFile, hub: number): void {
  const hubNode = `n-${hub}`;
  for (let at = -1; at < SITES_PER_HUB; at++) {
    const [site, agent, node] =
      at < 0 ? [`hub-${hub}`, `gw-${hub}`, hubNode] : [`s-${hub}-${at}`, `gw-${hub}-${at}`, `n-${hub}-${at}`];
    const common = { site, unit: UNIT, agent };
    const above = at < 0 ? 'city' : `hub-${hub}`;
    file.sites.push({ id: site, name: site, kind: at < 0 ? 'hub' : 'site', parents: [above], ...PLACE });
    file.agents.push({ id: agent, kind: 'gateway', site, unit: UNIT });
    file.devices.push({ id: node, kind: 'node', ...(at >= 0 && { parents: [hubNode] }), ...common });
    for (let device = 1; at >= 0 && device < DEVICES_PER_SITE + (at % 2); device++)
      file.devices.push({ id: `d-${hub}-${at}-${device}`, kind: 'probe', parents: [node], ...common });
  }
}

function unit() {
  return { code: UNIT, name: 'u', nameEn: 'u', kind: 'ward', areaKm2: 1, longitude: 106.69, latitude: 10.79 };
}
