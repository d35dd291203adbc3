import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { UnrulyReceiver } from '../../central/notify/testing/unruly-receiver.ts';
import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import type { Sample } from '../../contract/sample.ts';
import { UNITS } from '../../simulators/city/units.ts';
import { CentralProgram } from '../support/central-program.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

const WAIT = { timeout: 20_000, interval: 50 };
const INTERVAL_MS = 1_000;
/** Shipped rules, but for the time until they are sure of an end. */
const RULES = ['site_cut', 'agent_silent', 'power_no_output'];
/** hub-1 and what hangs on it, a site with a UPS, and others that go on. */
const CUT = ['gw-hub-1', 'gw-s-1', 'gw-s-2', 'gw-s-3'];
const DARK = 'gw-dark';
const OTHERS = ['gw-hub-2', 'gw-o-1', 'gw-o-2', 'gw-o-3', 'gw-o-4'];
const UPS = 'ups-dark';

interface Told {
  readonly key: string;
  readonly title: string;
  readonly alerts: readonly { readonly what: string; readonly rule: string }[];
}

let directory: TemporaryDirectory;
let receiver: UnrulyReceiver;
let central: CentralProgram;
let agents: ReadonlyMap<string, RawAgent>;
/** They measure, and nothing of it arrives. */
const silent = new Set<string>();
let isMainsOff = false;
let timer: NodeJS.Timeout;
beforeEach(async () => {
  directory = temporaryDirectory('notify-cut');
  receiver = await UnrulyReceiver.start();
  const [rulesDirectory, notify] = ['rules', 'notify'].map((name) => join(directory.path, name)) as [
    string,
    string,
  ];
  for (const each of [rulesDirectory, notify]) mkdirSync(each);
  for (const id of RULES) {
    const text = readFileSync(join(SHIPPED_RULES_DIRECTORY, `${id}.yaml`), 'utf8');
    writeFileSync(join(rulesDirectory, `${id}.yaml`), text.replace(/^clearFor: .*$/m, 'clearFor: 2s'));
  }
  writeFileSync(join(notify, 'noc.yaml'), JSON.stringify({ kind: 'webhook', url: receiver.url }));
  const routes = [{ name: 'all', rules: RULES, channels: ['noc'] }];
  writeFileSync(
    join(notify, 'routes.yaml'),
    JSON.stringify({ groupWindow: '1s', parentWindow: '3s', routes }),
  );
  const inventoryFile = join(directory.path, 'inventory.yaml');
  writeFileSync(inventoryFile, JSON.stringify(inventory()));
  const all = [...CUT, DARK, ...OTHERS];
  central = await CentralProgram.start({
    directory: directory.path,
    agents: all,
    settings: { rulesDirectory, inventoryFile, notify: { directory: notify, allowTargets: ['127.0.0.1'] } },
  });
  const connected = await Promise.all(all.map((name) => RawAgent.connect(central.brokerUrl, name)));
  agents = new Map(connected.map((agent) => [agent.name, agent]));
  for (const agent of connected) agent.announce(INTERVAL_MS);
  sendAll();
  timer = setInterval(sendAll, INTERVAL_MS);
});
afterEach(async () => {
  clearInterval(timer);
  for (const agent of agents.values()) agent.end();
  await central.end('SIGTERM');
  await receiver.stop();
  directory.remove();
});

function inventory(): InventoryFile {
  const file = emptyInventoryFile();
  const [unit] = UNITS;
  if (unit === undefined) throw new Error('no unit');
  const { code, longitude, latitude } = unit;
  file.units.push(unit);
  const add = (agent: string, hub?: string): void => {
    const site = agent.slice('gw-'.length);
    const place = { site, unit: code, agent };
    const parents = hub === undefined ? {} : { parents: [hub] };
    file.sites.push({
      id: site,
      unit: code,
      name: site,
      kind: hub === undefined ? 'hub' : 'site',
      ...parents,
      longitude,
      latitude,
    });
    file.agents.push({ id: agent, kind: 'gateway', site, unit: code });
    file.devices.push({ id: `n-${site}`, kind: 'node', ...place });
  };
  for (const agent of CUT) add(agent, agent === 'gw-hub-1' ? undefined : 'hub-1');
  for (const agent of [...OTHERS, DARK]) add(agent, agent === 'gw-hub-2' ? undefined : 'hub-2');
  file.devices.push({ id: UPS, kind: 'ups', site: 'dark', unit: code, agent: DARK });
  return file;
}

function sendAll(): void {
  const timeMs = Date.now();
  const ups: Sample = {
    measurement: 'power',
    tags: { device: UPS },
    fields: { output_source: isMainsOff ? 2 : 3 },
    timeMs,
  };
  for (const [name, agent] of agents) {
    if (silent.has(name)) continue;
    const tags = { device: `n-${name.slice('gw-'.length)}` };
    const node: Sample = { measurement: 'device', tags, fields: { up: true }, timeMs };
    agent.send(name === DARK ? [node, ups] : [node]);
  }
}

/** Of each message, without repetitions, what it tells. */
function told(): string[] {
  const messages = receiver.received.map(({ body }) => JSON.parse(body) as Told);
  const distinct = [...new Map(messages.map((message) => [message.key, message])).values()];
  return distinct.map(({ alerts }) => alerts.map(({ what, rule }) => `${what} ${rule}`).join(', '));
}

it('a cut of a hub with three sites, and a site without power: a message each, and one that it is over', async () => {
  await vi.waitFor(async () => {
    const { items } = await central.get<{ items: { state: string }[] }>('/api/v1/sites?limit=100');
    expect(items.map(({ state }) => state)).toEqual(items.map(() => 'up'));
  }, WAIT);
  isMainsOff = true;
  await vi.waitFor(() => expect(told()).toEqual(['begin power_no_output']), WAIT);
  for (const name of [...CUT, DARK]) silent.add(name);
  await vi.waitFor(() => expect(told()).toEqual(['begin power_no_output', 'begin site_cut']), WAIT);
  isMainsOff = false;
  silent.clear();
  await vi.waitFor(() => expect(told()).toHaveLength(4), WAIT);
  expect(told().slice(2).sort()).toEqual(['end power_no_output', 'end site_cut']);
  await vi.waitFor(async () => {
    expect((await central.get<{ items: object[] }>('/api/v1/alerts?state=active')).items).toEqual([]);
  }, WAIT);
  expect(told()).toHaveLength(4);
});
