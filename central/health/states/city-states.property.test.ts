import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Device, InventoryFile, Link, Site } from '../../../contract/inventory.ts';
import { UserError } from '../../../runtime/errors.ts';
import { ReferenceStates, type SentEvidence } from './testing/reference-states.ts';
import { StatesCity, type SentRow } from './testing/states-city.ts';

const EXPECTED_MS = 60_000;
const FRESH_MS = 3 * EXPECTED_MS;
/** Three of an agent's intervals, and the tick after them. */
const MISSED_AFTER_MS = 31_000;
const UNIT = '26734';
const PLACE = { unit: UNIT, longitude: 106.69, latitude: 10.79 };
/** Fewer than ten, so that their silence is never taken for deafness of central. */
const MAX_AGENTS = 8;
/** Always heard, at a site of its own. */
const ALIVE = 'gw-alive';

const pairs = fc.array(fc.tuple(fc.nat(20), fc.nat(20)), { maxLength: 4 });

type City = Pick<InventoryFile, 'units' | 'sites' | 'agents' | 'devices' | 'links'>;

/** Trees, meshes and rings: a site or a device may be reached over several, and over those that are reached over it. */
const cities: fc.Arbitrary<City> = fc
  .record({
    sites: fc.array(fc.array(fc.nat(20), { maxLength: 3 }), { minLength: 1, maxLength: 7 }),
    agents: fc.array(fc.nat(20), { minLength: 1, maxLength: MAX_AGENTS }),
    devices: fc.array(
      fc.record({
        site: fc.nat(20),
        isNode: fc.boolean(),
        agents: fc.array(fc.nat(20), { minLength: 1, maxLength: 3 }),
        parents: fc.array(fc.nat(20), { maxLength: 2 }),
      }),
      { minLength: 1, maxLength: 12 },
    ),
    links: fc.array(fc.nat(40), { maxLength: 4 }),
    rings: fc.record({ sites: pairs, devices: pairs }),
  })
  .map(({ sites: drawn, agents: agentSites, devices: drawnDevices, links: drawnLinks, rings }) => {
    const sites: Site[] = drawn.map((parents, at) => ({
      id: `s-${at}`,
      name: 's',
      kind: 'site',
      ...PLACE,
      ...someOf(at === 0 ? [] : parents.map((each) => `s-${each % at}`)),
    }));
    closeRings(sites, rings.sites);
    sites.push({ id: 's-alive', name: 's', kind: 'site', ...PLACE });
    const agents = agentSites.map((site, at) => ({
      id: `gw-${at}`,
      kind: 'gateway' as const,
      site: `s-${site % drawn.length}`,
      unit: UNIT,
    }));
    const bySite = drawnDevices
      .map((device) => ({ ...device, site: device.site % drawn.length }))
      .sort((a, b) => a.site - b.site || Number(b.isNode) - Number(a.isNode));
    const devices: Device[] = bySite.map(({ site, isNode, agents: owners, parents }, at) => {
      const [agent = 'gw-0', ...otherAgents] = [
        ...new Set(owners.map((each) => `gw-${each % agents.length}`)),
      ];
      // What is no node depends on the nodes of its site: those come first.
      const above = bySite.flatMap((each, index) =>
        index < at && (each.site < site || each.isNode) ? [`d-${index}`] : [],
      );
      return {
        id: `d-${at}`,
        kind: isNode ? 'node' : 'probe',
        site: `s-${site}`,
        unit: UNIT,
        agent,
        ...(otherAgents.length > 0 && { otherAgents }),
        ...someOf(above.length === 0 ? [] : parents.map((each) => above[each % above.length]!)),
        expects: ['device', 'ping', 'cellular', 'interface'].map((measurement) => ({
          measurement,
          intervalMs: EXPECTED_MS,
        })),
      };
    });
    closeRings(devices, rings.devices);
    return {
      units: [{ code: UNIT, name: 'u', nameEn: 'u', kind: 'ward', areaKm2: 1, longitude: 106, latitude: 10 }],
      sites,
      agents: [...agents, { id: ALIVE, kind: 'gateway', site: 's-alive', unit: UNIT }],
      devices,
      links: linksOf(sites, devices, drawnLinks),
    };
  });

/** Some are parents of each other: those that have another way out. */
function closeRings(entries: (Site | Device)[], drawn: readonly (readonly [number, number])[]): void {
  const inside = [...entries.keys()].filter((at) => entries[at]?.parents !== undefined);
  for (const [one, other] of drawn) {
    if (inside.length < 2) return;
    const [a = 0, b = 0] = [inside[one % inside.length], inside[other % inside.length]];
    if (a === b) continue;
    for (const [of, to] of [
      [a, b],
      [b, a],
    ] as const) {
      const { parents = [], ...rest } = entries[of]!;
      entries[of] = { ...rest, ...someOf([...parents, entries[to]!.id]) };
    }
  }
}

function someOf(ids: readonly string[]): { parents?: string[] } {
  return ids.length === 0 ? {} : { parents: [...new Set(ids)] };
}

function ownersOf({ agent, otherAgents = [] }: Device): string[] {
  return [agent, ...otherAgents];
}

function ownedBy(agents: readonly string[]): Pick<Device, 'agent' | 'otherAgents'> {
  const [agent = '', ...otherAgents] = new Set(agents);
  return { agent, otherAgents };
}

/** Lines for some of the ways, each with a port at the upper end. */
function linksOf(sites: readonly Site[], devices: readonly Device[], drawn: readonly number[]): Link[] {
  const ways = sites.flatMap(({ id, parents = [] }) => parents.map((parent) => [id, parent] as const));
  if (ways.length === 0) return [];
  return drawn.map((each, at) => {
    const [site, parent] = ways[each % ways.length]!;
    const device = devices.find((other) => other.site === parent)?.id;
    return {
      id: `l-${at}`,
      kind: 'fibre',
      ends: [{ site }, { site: parent, ...(device !== undefined && { device, interface: `p-${at}` }) }],
    };
  });
}

type Event =
  | {
      readonly kind: 'send';
      readonly device: number;
      readonly agent: number;
      readonly what: SentEvidence['what'];
      readonly target: number;
      readonly isWell: boolean;
      readonly ageS: number;
    }
  | { readonly kind: 'talk'; readonly agent: number; readonly isTalking: boolean }
  | {
      readonly kind: 'edit';
      readonly what: 'owners' | 'expects' | 'remove' | 'add' | 'move' | 'site' | 'link';
      readonly device: number;
      readonly other: number;
      readonly isNode: boolean;
    }
  | { readonly kind: 'quiet'; readonly exceptAgent: number }
  | { readonly kind: 'wait'; readonly seconds: number };

const events: fc.Arbitrary<Event[]> = fc.array(
  fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        kind: fc.constant('send' as const),
        device: fc.nat(20),
        agent: fc.nat(5),
        what: fc.constantFrom('up' as const, 'ping' as const, 'report' as const, 'port' as const),
        target: fc.nat(1),
        isWell: fc.boolean(),
        ageS: fc.oneof({ weight: 4, arbitrary: fc.constant(0) }, fc.nat(300)),
      }),
    },
    {
      weight: 3,
      arbitrary: fc.record({
        kind: fc.constant('talk' as const),
        agent: fc.nat(20),
        isTalking: fc.boolean(),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('quiet' as const), exceptAgent: fc.nat(20) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        kind: fc.constant('edit' as const),
        what: fc.constantFrom('owners', 'expects', 'remove', 'add', 'move', 'site', 'link'),
        device: fc.nat(20),
        other: fc.nat(20),
        isNode: fc.boolean(),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('wait' as const), seconds: fc.integer({ min: 1, max: 120 }) }),
    },
  ),
  { maxLength: 40 },
);

function rowOf({ device, what, target, isWell, atMs }: SentEvidence): SentRow {
  const tags = { device };
  switch (what) {
    case 'up':
      return { measurement: 'device', tags, fields: { up: isWell }, timeMs: atMs };
    case 'ping':
      return {
        measurement: 'ping',
        tags: { device, target },
        fields: { percent_packet_loss: isWell ? 0 : 100 },
        timeMs: atMs,
      };
    case 'port':
      return {
        measurement: 'interface',
        tags: { device, interface: target },
        fields: { oper_status: isWell ? 1 : 2 },
        timeMs: atMs,
      };
    default:
      return { measurement: 'cellular', tags, fields: { registered: isWell }, timeMs: atMs };
  }
}

class Run {
  readonly city: StatesCity;
  file: City;
  sent: SentEvidence[] = [];
  #added = 0;
  readonly #spoken = new Map<string, number>();

  constructor(file: City) {
    this.file = file;
    this.city = new StatesCity(file);
    for (const { id } of file.agents) this.#start(id);
  }

  async play(event: Event): Promise<void> {
    if (event.kind === 'wait') await this.city.wait(event.seconds);
    else if (event.kind === 'quiet') await this.#silence(event.exceptAgent);
    else if (event.kind === 'talk') this.#talk(event);
    else if (event.kind === 'edit') this.#edit(event);
    else this.#send(event);
  }

  /** The inventory changes while central runs. */
  #edit({ what, device: at, other, isNode }: Event & { kind: 'edit' }): void {
    const { devices, agents, sites, links } = this.file;
    if (what === 'site' || what === 'link') {
      this.#take(what === 'site' ? this.#withSite(at, other, isNode) : this.#withoutLink(at));
      return;
    }
    const device = devices[at % devices.length]!;
    const isNamed =
      devices.some(({ parents = [] }) => parents.includes(device.id)) ||
      links.some(({ ends }) => ends.some((end) => end.device === device.id));
    if ((what === 'remove' || what === 'move') && (isNamed || devices.length < 2)) return;
    const rest = devices.filter(({ id }) => id !== device.id);
    const { parents: _parents, ...alone } = device;
    const edited: Record<typeof what, () => Device[]> = {
      owners: () => [
        ...rest,
        { ...device, ...ownedBy([agents[other % agents.length]!.id, ...ownersOf(device)]) },
      ],
      expects: () => [...rest, { ...device, expects: [...(device.expects ?? [])].reverse() }],
      remove: () => rest,
      move: () => [...rest, { ...alone, site: sites[other % sites.length]!.id }],
      add: () => [
        ...devices,
        {
          ...device,
          id: `x-${this.#added++}`,
          kind: isNode ? 'node' : 'probe',
          // What is no node depends on the nodes of its site.
          ...someOf(device.kind === 'node' ? [device.id] : []),
        },
      ],
    };
    if (!this.#take({ ...this.file, devices: edited[what]() })) return;
    if (what === 'remove') this.sent = this.sent.filter((evidence) => evidence.device !== device.id);
  }

  /** Below others, with a node or a probe that is measured from elsewhere. */
  #withSite(at: number, other: number, isNode: boolean): City {
    const { sites, devices } = this.file;
    const [id, like] = [`y-${this.#added++}`, devices[at % devices.length]!];
    const parents = [...new Set([at, other].map((each) => sites[each % sites.length]!.id))];
    const { parents: _parents, expects: _expects, ...alone } = like;
    return {
      ...this.file,
      sites: [...sites, { ...sites[0]!, id, name: id, parents }],
      devices: [...devices, { ...alone, id: `n-${id}`, site: id, kind: isNode ? 'node' : 'probe' }],
    };
  }

  #withoutLink(at: number): City {
    const { links } = this.file;
    return { ...this.file, links: links.filter((_, each) => each !== at % Math.max(links.length, 1)) };
  }

  /** False: it would be a mistake that the inventory refuses. */
  #take(next: City): boolean {
    try {
      this.city.replaceInventory(next);
    } catch (error) {
      if (error instanceof UserError) return false;
      throw error;
    }
    this.file = next;
    return true;
  }

  #talk({ agent, isTalking }: Event & { kind: 'talk' }): void {
    const id = this.file.agents[agent % (this.file.agents.length - 1)]!.id;
    if (!isTalking) {
      this.city.routine.delete(id);
      return;
    }
    this.#start(id);
  }

  #start(id: string): void {
    this.city.routine.set(id, []);
    this.city.send(id);
    this.#spoken.set(id, this.city.clock.now());
  }

  /** All but two fall silent at once, as behind a cut. */
  async #silence(exceptAgent: number): Promise<void> {
    const except = this.file.agents[exceptAgent % this.file.agents.length]!.id;
    for (const { id } of this.file.agents) if (id !== ALIVE && id !== except) this.city.routine.delete(id);
    await this.city.wait(45);
  }

  #send({ device: at, agent: by, what, target, isWell, ageS }: Event & { kind: 'send' }): void {
    const device = this.file.devices[at % this.file.devices.length]!;
    const owners = [device.agent, ...(device.otherAgents ?? [])];
    const agent = owners[by % owners.length]!;
    const ports = this.file.links.flatMap(({ ends }) => ends.filter((end) => end.device === device.id));
    if (what === 'port' && ports.length === 0) return;
    const name = what === 'port' ? ports[target % ports.length]!.interface! : `t-${target}`;
    const atMs = this.city.clock.now() - ageS * 1_000;
    const evidence: SentEvidence = {
      agent,
      device: device.id,
      what,
      target: what === 'ping' || what === 'port' ? name : '',
      isWell: what === 'report' || isWell,
      atMs,
    };
    this.sent.push(evidence);
    // A port that was read proves that its device answered.
    if (what === 'port') this.sent.push({ ...evidence, what: 'report', target: '', isWell: true });
    this.city.send(agent, rowOf(evidence));
    this.#spoken.set(agent, this.city.clock.now());
  }

  /** Until the registry, its ticks and the agent that is always heard have had their say. */
  async settle(): Promise<void> {
    await this.city.wait(12);
  }

  expected(): ReferenceStates {
    const { registry, clock } = this.city;
    const nowMs = clock.now();
    const silentSinceMs = new Map(
      [...registry.absences(nowMs)]
        .filter(({ missedIntervals }) => missedIntervals > 3)
        .map(({ agent, sinceMs }) => [agent, sinceMs]),
    );
    const phaseOf = (agent: string) => registry.phaseOf(agent, nowMs);
    return new ReferenceStates({
      file: this.file,
      evidence: this.sent,
      nowMs,
      freshMs: FRESH_MS,
      isLive: (agent) => phaseOf(agent) === 'live',
      isHeard: (agent) => phaseOf(agent) === 'live' && this.#spoken.has(agent),
      missedAtMs: (agent) => {
        const sinceMs = phaseOf(agent) === 'silent' ? silentSinceMs.get(agent) : undefined;
        return sinceMs === undefined ? undefined : sinceMs + MISSED_AFTER_MS;
      },
      // One agent talks every ten seconds.
      lastHeardMs: Math.max(nowMs - (nowMs % 10_000), ...this.#spoken.values()),
    });
  }

  /** Both, by element. */
  compare(): { readonly actual: Record<string, string>; readonly expected: Record<string, string> } {
    const reference = this.expected();
    const actual: Record<string, string> = {};
    const expected: Record<string, string> = {};
    for (const kind of ['device', 'site', 'link'] as const) {
      for (const [ref, { state, roots }] of this.city.states.list(kind)) {
        const should = reference[kind](ref.slice(kind.length + 1));
        actual[ref] = [state, ...roots].join(' ');
        expected[ref] = [should.state, ...should.roots].join(' ');
      }
    }
    return { actual, expected };
  }

  close(): void {
    this.city.database.close();
  }
}

it('every element is what a slow and obvious reckoning says, over trees and rings, whatever happens in which order', async () => {
  await fc.assert(
    fc.asyncProperty(cities, events, async (file, happenings) => {
      const run = new Run(file);
      for (const event of happenings) await run.play(event);
      await run.settle();
      const { actual, expected } = run.compare();
      run.close();
      expect(actual).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});

it('what arrives in another order comes to the same', async () => {
  await fc.assert(
    fc.asyncProperty(cities, events, fc.infiniteStream(fc.nat()), async (file, happenings, random) => {
      const sends = happenings.filter(({ kind }) => kind === 'send');
      const shuffled = sends
        .map((event) => [random.next().value!, event] as const)
        .sort(([a], [b]) => a - b)
        .map(([, event]) => event);
      const runs = [new Run(file), new Run(file)];
      for (const event of sends) await runs[0]!.play(event);
      for (const event of shuffled) await runs[1]!.play(event);
      const [one, other] = runs.map((run) => run.compare().actual);
      for (const run of runs) run.close();
      expect(one).toEqual(other);
    }),
    { numRuns: 60 },
  );
});
