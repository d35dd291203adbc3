import { beforeEach, describe, expect, it } from 'vitest';
import type { State } from './state-view.ts';
import { allWell, deviceUp, hubCity, pingLoss, StatesCity } from './testing/states-city.ts';

let city: StatesCity;

/** Refs of all elements in a state, without their kind where it is a device. */
function inState(kind: 'device' | 'site' | 'link', state: State): string[] {
  return [...city.states.list(kind)]
    .filter(([, moment]) => moment.state === state)
    .map(([ref]) => ref.slice(ref.indexOf(':') + 1));
}

describe('evidence', () => {
  beforeEach(() => {
    city = new StatesCity(hubCity(1, 2));
  });

  it('nothing is up without it, whatever the agent says of others', async () => {
    expect(city.reason('device:n-hub-1')).toBe('agent gw-hub-1 was never seen');
    city.routine.set('gw-hub-1', []);
    await city.wait(10);
    expect(city.states.get('device:n-hub-1')).toMatchObject({
      state: 'unknown',
      reason: 'nothing of it has arrived since central started',
      evidence: [],
    });
    expect(city.states.counts('device')).toEqual({ up: 0, down: 0, unreachable: 0, unknown: 5 });
  });

  it('makes a device up or down at once, says who measured what, and when it runs out', async () => {
    city.send('gw-hub-1', deviceUp('n-hub-1'));
    const atMs = city.clock.now();
    expect(city.states.get('device:n-hub-1')).toEqual({
      state: 'up',
      sinceMs: atMs,
      reason: 'gw-hub-1 measured device.up = true',
      reasons: [{ code: 'measured', parameters: { agent: 'gw-hub-1', what: 'device.up', value: 'true' } }],
      roots: [],
      evidence: [
        { agent: 'gw-hub-1', measurement: 'device', field: 'up', value: true, verdict: 'well', atMs },
      ],
      isDisputed: false,
      disputedBy: [],
      nextReviewMs: atMs + 180_000,
    });
    await city.clock.advance(5_000);
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    expect(city.states.get('device:n-hub-1')).toMatchObject({
      state: 'down',
      sinceMs: atMs + 5_000,
      reason: 'gw-hub-1 measured device.up = false',
    });
  });

  it('runs out after three intervals of its own pace', async () => {
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1')]);
    await city.wait(60);
    city.routine.set('gw-hub-1', [{ measurement: 'cellular', tags: { device: 'other' } }]);
    await city.wait(30);
    expect(city.state('device:n-hub-1')).toBe('up');
    await city.wait(1);
    expect(city.states.get('device:n-hub-1')).toMatchObject({
      state: 'unknown',
      reason: 'its last evidence is older than three intervals: device of gw-hub-1, 2027-01-15T08:01:00.000Z',
    });
  });

  it('runs out after three of the intervals that the inventory expects', async () => {
    const file = hubCity(1, 0);
    const expects = [{ measurement: 'device', intervalMs: 300_000 }];
    city = new StatesCity({ ...file, devices: file.devices.map((device) => ({ ...device, expects })) });
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1')]);
    await city.wait(60);
    city.routine.set('gw-hub-1', []);
    await city.wait(900);
    expect(city.state('device:n-hub-1')).toBe('up');
    await city.wait(1);
    expect(city.state('device:n-hub-1')).toBe('unknown');
  });

  it('of an agent that is silent or has stopped counts as none', async () => {
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1')]);
    await city.wait(60);
    city.routine.clear();
    await city.wait(31);
    expect(city.states.get('device:n-hub-1')).toMatchObject({
      state: 'unknown',
      reason: 'agent gw-hub-1 is silent',
    });
    city.send('gw-hub-1', deviceUp('n-hub-1'));
    expect(city.state('device:n-hub-1')).toBe('up');
    city.registry.recordState('gw-hub-1', { v: 1, online: false, reason: 'stop' } as never, city.clock.now());
    await city.wait(1);
    expect(city.reason('device:n-hub-1')).toBe('agent gw-hub-1 is stopped');
  });

  it('that arrives late changes nothing, in whatever order', async () => {
    const early = city.clock.now();
    await city.clock.advance(20_000);
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    city.send('gw-hub-1', { ...deviceUp('n-hub-1'), timeMs: early });
    expect(city.state('device:n-hub-1')).toBe('down');
  });

  it('measured 20 h ago, with nothing since, is none', () => {
    city.send('gw-hub-1', { ...deviceUp('n-hub-1'), timeMs: city.clock.now() - 72_000_000 });
    expect(city.state('device:n-hub-1')).toBe('unknown');
  });

  it('a line that loses everything is down; with a second target that answers it is up', () => {
    city.send('gw-s-1-1', deviceUp('n-s-1-1'), pingLoss('bb-s-1-1', 100));
    expect(city.states.get('device:bb-s-1-1')).toMatchObject({
      state: 'down',
      reason: 'gw-s-1-1 measured ping.percent_packet_loss = 100',
    });
    city.send('gw-s-1-1', pingLoss('bb-s-1-1', 30, 'internet'));
    expect(city.state('device:bb-s-1-1')).toBe('up');
  });

  it('a port that was read proves less than an answer that is missing since', async () => {
    const port = { measurement: 'interface', tags: { device: 'n-hub-1', interface: 'ge-0' } };
    city.send('gw-hub-1', port);
    expect(city.reason('device:n-hub-1')).toBe('gw-hub-1 reports it (interface)');
    await city.clock.advance(5_000);
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    expect(city.state('device:n-hub-1')).toBe('down');
  });

  it('a server is vouched for by what the agent on it measures of it', () => {
    const file = hubCity(1, 0);
    const at = { site: 'hub-1', unit: '26734' };
    city = new StatesCity({
      ...file,
      agents: [...file.agents, { id: 'sv-1', kind: 'server', ...at }],
      devices: [...file.devices, { id: 'sv-1', kind: 'server', agent: 'sv-1', ...at }],
    });
    city.send('sv-1', { measurement: 'system', fields: { load1: 0.5 } });
    expect(city.states.get('device:sv-1')).toMatchObject({ state: 'up', reason: 'sv-1 reports it (system)' });
  });
});

describe('two agents that disagree about a device', () => {
  beforeEach(() => {
    const file = hubCity(1, 2);
    city = new StatesCity({
      ...file,
      devices: file.devices.map((device) =>
        device.id === 'n-hub-1' ? { ...device, otherAgents: ['gw-s-1-1', 'gw-s-1-2'] } : device,
      ),
    });
  });

  it('are both named, and the one that the inventory names first decides', () => {
    city.send('gw-s-1-1', pingLoss('n-hub-1', 100));
    expect(city.states.get('device:n-hub-1')).toMatchObject({ state: 'down', isDisputed: false });
    city.send('gw-hub-1', deviceUp('n-hub-1'));
    expect(city.states.get('device:n-hub-1')).toMatchObject({
      state: 'up',
      isDisputed: true,
      disputedBy: ['gw-hub-1', 'gw-s-1-1'],
      reason:
        'gw-hub-1 measured device.up = true; disputed: gw-s-1-1 measured ping.percent_packet_loss = 100',
    });
  });

  it('do so only as long as both are fresh', async () => {
    city.routine.set('gw-hub-1', [deviceUp('n-hub-1')]);
    city.send('gw-s-1-1', pingLoss('n-hub-1', 100));
    await city.wait(31);
    expect(city.states.get('device:n-hub-1')).toMatchObject({ state: 'up', isDisputed: false });
  });
});

describe('what lies behind', () => {
  beforeEach(async () => {
    city = new StatesCity(hubCity(3, 4));
    allWell(city);
    await city.wait(60);
  });

  it('all is up to begin with', () => {
    expect(city.states.counts('device')).toEqual({ up: 27, down: 0, unreachable: 0, unknown: 0 });
    expect(city.states.counts('unit')).toEqual({ up: 2, down: 0, unreachable: 0, unknown: 0 });
    expect(city.reason('site:s-1-1')).toBe('gw-s-1-1 reports');
  });

  it('a node that is down makes what is behind it unreachable, and is named', () => {
    city.send('gw-s-1-1', deviceUp('n-s-1-1', false), pingLoss('bb-s-1-1', 100));
    expect(city.state('device:n-s-1-1')).toBe('down');
    expect(city.states.get('device:bb-s-1-1')).toMatchObject({
      state: 'unreachable',
      roots: ['device:n-s-1-1'],
      reason: 'n-s-1-1 is down',
    });
    expect(city.states.get('site:s-1-1')).toMatchObject({ state: 'down', reason: 'n-s-1-1 is down' });
    expect(city.states.get('unit:26737')).toMatchObject({ state: 'down' });
    expect(city.states.deviceCounts('site:s-1-1')).toEqual({ up: 0, down: 1, unreachable: 1, unknown: 0 });
  });

  it("a hub's uplink that is cut: all its sites are unreachable, the hub is the root, others are untouched", async () => {
    const ofHub1 = ['gw-hub-1', 'gw-s-1-1', 'gw-s-1-2', 'gw-s-1-3', 'gw-s-1-4'];
    for (const agent of ofHub1) city.routine.delete(agent);
    await city.wait(45);
    expect(inState('site', 'unreachable')).toEqual(['hub-1', 's-1-1', 's-1-2', 's-1-3', 's-1-4']);
    expect(inState('device', 'unreachable')).toHaveLength(9);
    expect(city.states.get('device:bb-s-1-3')).toMatchObject({
      state: 'unreachable',
      roots: ['site:hub-1'],
      reason: 'hub-1 is cut off: none of the 5 agents at or behind it is heard',
    });
    expect(inState('device', 'up')).toHaveLength(18);
    // The first that is heard again proves that there is a way; of the others nothing is known until they are heard.
    city.send('gw-s-1-2', deviceUp('n-s-1-2'));
    await city.wait(1);
    expect(city.state('device:n-s-1-2')).toBe('up');
    expect(city.state('device:n-s-1-3')).toBe('unknown');
    expect(inState('device', 'unreachable')).toEqual([]);
  });

  it('the silence of one agent is its own', async () => {
    city.routine.delete('gw-s-1-1');
    await city.wait(60);
    expect(inState('device', 'unknown')).toEqual(['bb-s-1-1', 'n-s-1-1']);
    expect(city.states.get('site:s-1-1')).toMatchObject({
      state: 'unknown',
      reason: 'agent gw-s-1-1 is silent',
    });
    expect(city.state('unit:26737')).toBe('unknown');
  });

  it('central that is deaf says nothing of anybody, and names no root; afterwards states go on', async () => {
    const routine = new Map(city.routine);
    const sinceMs = city.states.momentOf('device:n-s-1-1')?.sinceMs;
    city.routine.clear();
    await city.wait(60);
    expect(city.states.counts('device')).toEqual({ up: 0, down: 0, unreachable: 0, unknown: 27 });
    expect(city.reason('device:n-s-1-1')).toBe('central hears almost no agent: nothing can be said');
    for (const [agent, rows] of routine) city.routine.set(agent, rows);
    await city.wait(20);
    expect(city.states.counts('device').up).toBe(27);
    expect(city.states.momentOf('device:n-s-1-1')?.sinceMs).toBe(sinceMs);
  });

  it('while central stood still nothing ran out', async () => {
    await city.clock.advance(600_000);
    city.registry.recordStall(600_000);
    city.states.recordStall(600_000);
    city.states.tick();
    expect(city.states.counts('device').up).toBe(27);
    await city.wait(60);
    expect(city.states.counts('device').up).toBe(27);
  });
});

describe('a state that was asked for before central knew that it had stood still', () => {
  it('is known again, and runs out when nothing comes any more', async () => {
    await city.clock.advance(600_000);
    // Whoever asks first finds that everything has run out.
    expect(city.states.counts('device').up).toBe(0);
    city.registry.recordStall(600_000);
    city.states.recordStall(600_000);
    await city.wait(60);
    expect(city.states.counts('device').up).toBe(27);
    city.routine.clear();
    await city.wait(60);
    expect(city.states.counts('device').up).toBe(0);
  });
});

describe('the inventory', () => {
  it('may change: what stays keeps its state and its evidence, what is new is unknown, what is gone is told', async () => {
    city = new StatesCity(hubCity(1, 2));
    allWell(city);
    await city.wait(30);
    city.changes.length = 0;
    city.replaceInventory(hubCity(2, 1));
    city.states.tick();
    expect(inState('device', 'up').sort()).toEqual(['bb-s-1-1', 'n-hub-1', 'n-s-1-1']);
    expect(inState('device', 'unknown').sort()).toEqual(['bb-s-2-1', 'n-hub-2', 'n-s-2-1']);
    expect(city.state('device:n-s-1-2')).toBeUndefined();
    expect(city.changes.filter(({ after }) => after === undefined).map(({ ref }) => ref)).toEqual(
      expect.arrayContaining(['device:n-s-1-2', 'site:s-1-2']),
    );
    city.send('gw-hub-2', deviceUp('n-hub-2', false));
    expect(city.state('device:n-hub-2')).toBe('down');
  });

  it('what is not installed yet, or retired, has no state and stands in no way, and its day comes', async () => {
    const file = hubCity(1, 1);
    const today = '2027-01-15';
    const dated = file.devices.map((device) =>
      device.id === 'n-hub-1' ? { ...device, retiredOn: '2027-01-16' } : device,
    );
    city = new StatesCity({ ...file, devices: dated });
    expect(new Date(city.clock.now() + 7 * 3_600_000).toISOString()).toContain(today);
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    expect(city.state('device:n-s-1-1')).toBe('unreachable');
    await city.clock.advance(9 * 3_600_000);
    city.states.tick();
    expect(city.states.get('device:n-hub-1')).toBeUndefined();
    expect(city.state('device:n-s-1-1')).toBe('unknown');
    expect(city.changes).toContainEqual(expect.objectContaining({ ref: 'device:n-hub-1', after: undefined }));
  });

  it('what is in the middle of a ring is cut off only when both of its sides are', async () => {
    const file = hubCity(2, 0);
    const middle = {
      id: 'middle',
      unit: '26734',
      name: 'm',
      kind: 'site' as const,
      longitude: 106,
      latitude: 10,
    };
    const at = { site: 'middle', unit: '26734', agent: 'gw-middle' };
    city = new StatesCity({
      ...file,
      // Each names its neighbours on the ring.
      sites: [
        ...file.sites.map((site) => (site.id === 'city' ? site : { ...site, parents: ['city', 'middle'] })),
        { ...middle, parents: ['hub-1', 'hub-2'] },
      ],
      agents: [...file.agents, { id: 'gw-middle', kind: 'gateway', site: 'middle', unit: '26734' }],
      devices: [...file.devices, { id: 'n-middle', kind: 'node', ...at }],
    });
    city.send('gw-hub-1', deviceUp('n-hub-1', false));
    expect(city.state('device:n-middle')).toBe('unknown');
    city.send('gw-hub-2', deviceUp('n-hub-2', false));
    expect(city.states.get('device:n-middle')).toMatchObject({
      state: 'unreachable',
      roots: ['device:n-hub-1', 'device:n-hub-2'],
    });
    await city.clock.advance(1_000);
    city.send('gw-middle', deviceUp('n-middle'));
    expect(city.state('device:n-middle')).toBe('up');
  });

  describe('two sites in a ring, parents of each other, each below a hub', () => {
    beforeEach(() => {
      const file = hubCity(2, 1);
      const others: Record<string, string> = { 's-1-1': 's-2-1', 's-2-1': 's-1-1' };
      const links = [
        ['f-1', 's-1-1', 'hub-1'],
        ['f-2', 's-2-1', 'hub-2'],
        ['f-3', 's-1-1', 's-2-1'],
      ].map(([id = '', one = '', other = '']) => {
        const end = (site: string) => ({ site, device: `n-${site}`, interface: id });
        return { id, kind: 'fibre' as const, ends: [end(one), end(other)] as [End, End] };
      });
      city = new StatesCity({
        ...file,
        links,
        sites: file.sites.map((site) => {
          const other = others[site.id];
          return other === undefined ? site : { ...site, parents: [...(site.parents ?? []), other] };
        }),
        devices: file.devices.map((device) => {
          const other = others[device.site];
          if (other === undefined || device.kind !== 'node') return device;
          return { ...device, parents: [...(device.parents ?? []), `n-${other}`] };
        }),
      });
    });

    type End = { readonly site: string; readonly device: string; readonly interface: string };

    function states(...refs: readonly string[]): unknown[] {
      return refs.map((ref) => [city.state(ref), ...(city.states.get(ref)?.roots ?? [])].join(' '));
    }

    it('stay reachable round the ring when one hub is down, and are not when both are: either order, both roots', async () => {
      for (const [first, second] of [
        ['1', '2'],
        ['2', '1'],
      ]) {
        city.send(`gw-hub-${first}`, deviceUp(`n-hub-${first}`, false));
        expect(states('site:s-1-1', 'site:s-2-1')).toEqual(['unknown', 'unknown']);
        city.send(`gw-hub-${second}`, deviceUp(`n-hub-${second}`, false));
        const both = 'unreachable device:n-hub-1 device:n-hub-2';
        expect(states('site:s-1-1', 'site:s-2-1', 'device:n-s-1-1', 'device:bb-s-2-1')).toEqual([
          both,
          both,
          both,
          both,
        ]);
        await city.clock.advance(1_000);
        city.send(`gw-hub-${first}`, deviceUp(`n-hub-${first}`));
        expect(states('site:s-1-1', 'site:s-2-1', 'device:n-s-1-1')).toEqual([
          'unknown',
          'unknown',
          'unknown',
        ]);
        city.send(`gw-hub-${second}`, deviceUp(`n-hub-${second}`));
        await city.clock.advance(1_000);
      }
    });

    it('one whose node does not answer is down by itself while the ring leads to it, though its own hub is down', () => {
      city.send('gw-hub-1', deviceUp('n-hub-1', false));
      city.send('gw-s-1-1', deviceUp('n-s-1-1', false));
      expect(states('device:n-s-1-1', 'site:s-2-1')).toEqual(['down', 'unknown']);
      city.send('gw-hub-2', deviceUp('n-hub-2', false));
      expect(states('device:n-s-1-1', 'site:s-2-1')).toEqual([
        'unreachable device:n-hub-1 device:n-hub-2',
        'unreachable device:n-hub-1 device:n-hub-2',
      ]);
    });

    it('the second break of the ring cuts off what lies between the two, with both lines as roots', () => {
      const port = (agent: string, device: string, link: string, status: number): void =>
        city.send(agent, {
          measurement: 'interface',
          tags: { device, interface: link },
          fields: { oper_status: status },
        });
      port('gw-hub-1', 'n-hub-1', 'f-1', 2);
      expect(states('site:s-1-1')).toEqual(['unknown']);
      port('gw-s-2-1', 'n-s-2-1', 'f-3', 2);
      expect(states('site:s-1-1', 'site:s-2-1')).toEqual(['unreachable link:f-1 link:f-3', 'up']);
    });
  });

  it('a link that is down shuts the way that it is declared for, and is the root', async () => {
    const file = hubCity(2, 1);
    city = new StatesCity({
      ...file,
      links: [
        {
          id: 'f-1',
          kind: 'fibre',
          ends: [{ site: 's-1-1' }, { site: 'hub-1', device: 'n-hub-1', interface: 'ge-0/0/7' }],
        },
      ],
    });
    const port = (status: number) => {
      const tags = { device: 'n-hub-1', interface: 'ge-0/0/7' };
      return { measurement: 'interface', tags, fields: { oper_status: status } };
    };
    city.send('gw-hub-1', port(1));
    expect([city.state('link:f-1'), city.state('site:s-1-1')]).toEqual(['up', 'unknown']);
    await city.clock.advance(1_000);
    city.send('gw-hub-1', port(2));
    expect(city.states.get('link:f-1')).toMatchObject({
      state: 'down',
      reason: 'gw-hub-1 measured interface.oper_status = 2',
    });
    expect(city.states.get('site:s-1-1')).toMatchObject({ state: 'unreachable', roots: ['link:f-1'] });
    expect(city.states.get('device:bb-s-1-1')).toMatchObject({ state: 'unreachable', reason: 'f-1 is down' });
  });
});
