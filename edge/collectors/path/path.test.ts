import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../../contract/sample.ts';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { systemClock, type Clock } from '../../../runtime/clock.ts';
import { silentLogger } from '../../../runtime/logger.ts';
import type { Burst } from '../../protocols/ping/burst.ts';
import { PingMissingError } from '../../protocols/ping/icmp-probe.ts';
import { createAddressCache } from '../../protocols/dns/address-cache.ts';
import { createPathCollector, type PathTools } from './path-collector.ts';
import type { PathConfig } from './config.ts';
import { pathKind } from './path.ts';
import type { Hop } from './route.ts';

const signal = AbortSignal.timeout(9_000);
const answered = (...rttsMs: number[]): Burst => ({
  transmitted: rttsMs.length,
  received: rttsMs.length,
  rttsMs,
  ttl: 61,
});
const silence: Burst = { transmitted: 3, received: 0, rttsMs: [undefined, undefined, undefined] };
const hops = (...answers: string[]): Hop[] =>
  answers.map((answer, at) => ({
    hop: at + 1,
    addresses: answer === '*' ? [] : [answer],
    rttsMs: answer === '*' ? [] : [at + 0.5],
    probes: 2,
    lost: answer === '*' ? 2 : 0,
  }));
const whole = hops('10.0.0.1', '10.0.0.2', '10.9.9.9');
const configOf = (more: object = {}): PathConfig =>
  pathKind.configSchema.parse({
    targets: [{ address: '10.9.9.9', target: 'hub-07', line: 'l-1' }],
    count: 3,
    ...more,
  });

/** Collects at minutes of our choice; what the network does is set before each run. */
function watching(config: PathConfig) {
  const network = { minute: 0, burst: answered(20, 22, 21), hops: whole, traces: 0 };
  const clock: Clock = {
    now: () => 1_800_000_000_000 + network.minute * 60_000,
    monotonicMs: () => network.minute * 60_000,
    sleep: async () => undefined,
  };
  const tools: PathTools = {
    icmp: async () => network.burst,
    trace: async () => {
      network.traces++;
      return network.hops;
    },
    addressOf: async (address) => address,
    ownAddresses: () => [],
  };
  const collector = createPathCollector(config, tools, {
    clock,
    log: silentLogger,
    commonTags: { host: 'gw-1' },
  });
  const at = async (minute: number, change: Partial<typeof network> = {}): Promise<Sample[]> => {
    Object.assign(network, change, { minute });
    const { samples, errors } = await collector.collect(signal);
    expect(errors).toEqual([]);
    return [...samples];
  };
  return { at, network };
}

describe('the path collector', () => {
  it('says how good the route is, and on the first run which route it takes', async () => {
    const { at, network } = watching(configOf());
    const [path, ...hops] = await at(0);
    expect(path).toEqual({
      measurement: 'path',
      tags: { host: 'gw-1', target: 'hub-07', line: 'l-1' },
      fields: {
        result_code: 0,
        method: 'icmp',
        loss_pct: 0,
        latency_ms: 21,
        latency_min_ms: 20,
        latency_max_ms: 22,
        jitter_ms: 1.5,
        ipdv_p95_ms: 2,
        mos_est: expect.closeTo(4.39, 2) as number,
        trace_reason: 'first',
        route_changed: false,
        hops: 2,
      },
      timeMs: 1_800_000_000_000,
    });
    expect(hops.map(({ tags, fields }) => [tags['hop'], fields])).toEqual([
      ['1', { address: '10.0.0.1', latency_ms: 0.5, loss_pct: 0 }],
      ['2', { address: '10.0.0.2', latency_ms: 1.5, loss_pct: 0 }],
      ['3', { address: '10.9.9.9', latency_ms: 2.5, loss_pct: 0 }],
    ]);
    expect(await at(1)).toHaveLength(1);
    expect(network.traces).toBe(1);
  });

  it('reports where the route breaks while it does, and traces again when it works again', async () => {
    const { at, network } = watching(configOf());
    await at(0);
    const [broken] = await at(1, { burst: silence, hops: hops('10.0.0.1', '*', '*') });
    const place = {
      break_hop: 2,
      break_after: '10.0.0.1',
      break_before: '10.0.0.2',
      break_reason: 'silence',
    };
    expect(broken?.fields).toEqual({
      result_code: 1,
      method: 'icmp',
      loss_pct: 100,
      trace_reason: 'loss',
      route_changed: false,
      ...place,
    });
    const [still] = await at(2);
    expect(still?.fields).toEqual({ result_code: 1, method: 'icmp', loss_pct: 100, ...place });
    expect(network.traces).toBe(2);
    const [well] = await at(3, { burst: answered(20, 22, 21), hops: whole });
    expect(well?.fields).toMatchObject({ trace_reason: 'recovered', route_changed: false });
    expect(well?.fields).not.toHaveProperty('break_hop');
  });

  it('notices another route by the hops left', async () => {
    const { at } = watching(configOf());
    await at(0);
    const [moved] = await at(10, {
      burst: { ...answered(20, 21, 20), ttl: 59 },
      hops: hops('10.0.0.1', '10.0.7.7', '10.0.8.8', '10.9.9.9'),
    });
    expect(moved?.fields).toMatchObject({ trace_reason: 'ttl', route_changed: true, hops: 3 });
  });

  it('traces four targets a run when a whole site is cut off, silent ones first', async () => {
    const targets = Array.from({ length: 9 }, (_unused, index) => `10.9.9.${index}`);
    const { at, network } = watching(configOf({ targets }));
    await at(0, { burst: silence, hops: [] });
    expect(network.traces).toBe(4);
    await at(1);
    await at(2);
    expect(network.traces).toBe(9);
  });

  it('sends only what the catalogue takes', async () => {
    const { at } = watching(
      configOf({ targets: [{ address: 'a', device: 'd', line: 'l', isp: 'i', operator: 'o' }] }),
    );
    const samples = [...(await at(0)), ...(await at(1, { burst: silence, hops: hops('10.0.0.1') }))];
    for (const { measurement, tags, fields } of samples) {
      const definition = CATALOGUE.get(measurement);
      expect(Object.keys(definition?.tags ?? {})).toEqual(expect.arrayContaining(Object.keys(tags)));
      expect(Object.keys(definition?.fields ?? {})).toEqual(expect.arrayContaining(Object.keys(fields)));
    }
  });
});

describe('a target that does not answer ICMP', () => {
  const hasty: Clock = { ...systemClock, sleep: async () => undefined };
  const run = async (config: PathConfig, tools: Partial<PathTools>) => {
    const icmpTries: string[] = [];
    const collector = createPathCollector(
      config,
      {
        icmp: async (address) => {
          icmpTries.push(address);
          return silence;
        },
        trace: async () => [],
        addressOf: async (address) => address,
        ownAddresses: () => [],
        ...tools,
      },
      { clock: hasty, log: silentLogger, commonTags: {} },
    );
    return { collector, icmpTries, ...(await collector.collect(signal)) };
  };

  it('is measured by TCP, and by TCP first from then on', async () => {
    const server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const config = configOf({ targets: [{ address: '127.0.0.1', port }], trace: false });
      const { samples, icmpTries, collector } = await run(config, {});
      expect(samples[0]?.fields).toMatchObject({ method: 'tcp', result_code: 0, loss_pct: 0 });
      expect(samples[0]?.fields['latency_ms']).toBeGreaterThan(0);
      await collector.collect(signal);
      expect(icmpTries).toHaveLength(1);
    } finally {
      server.close();
    }
  });

  it('is measured by HTTP when TCP does not help either', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end('HTTP/1.1 204 No Content\r\n\r\n'));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      const url = `http://127.0.0.1:${port}/`;
      const config = configOf({
        targets: [{ address: '127.0.0.1', url }],
        methods: ['icmp', 'http'],
        trace: false,
      });
      const { samples } = await run(config, {});
      expect(samples[0]?.fields).toMatchObject({ method: 'http', result_code: 0, loss_pct: 0 });
    } finally {
      server.close();
    }
  });

  it('is lost when ICMP can be sent; is not known when it cannot, and why', async () => {
    const config = configOf({ targets: ['192.0.2.1'], trace: false });
    expect((await run(config, {})).samples[0]?.fields).toEqual({
      method: 'icmp',
      result_code: 1,
      loss_pct: 100,
    });
    const icmp = async () => Promise.reject(new PingMissingError('ping cannot be run: ENOENT'));
    const { samples, errors } = await run(config, { icmp });
    expect(samples[0]?.fields).toEqual({ result_code: 2 });
    expect(errors.map(({ message }) => message)).toEqual([
      'path 192.0.2.1: icmp: ping cannot be run: ENOENT',
    ]);
  });

  it('whose name cannot be looked up is not known; one trouble does not touch the others', async () => {
    const config = configOf({ targets: ['nowhere.invalid', '10.0.0.1'], methods: ['icmp'] });
    const { samples, errors } = await run(config, {
      icmp: async () => answered(1, 2, 3),
      addressOf: async (name) => {
        if (name === 'nowhere.invalid') throw new Error('getaddrinfo ENOTFOUND nowhere.invalid');
        return name;
      },
      trace: async () => Promise.reject(new Error('no trace to 10.0.0.1; traceroute: not installed')),
    });
    const codes = samples.map(({ tags, fields }) => [tags['target'], fields['result_code']]);
    expect(codes.toSorted()).toEqual([
      ['10.0.0.1', 0],
      ['nowhere.invalid', 2],
    ]);
    expect(errors.map(({ message }) => message)).toEqual([
      'path nowhere.invalid: getaddrinfo ENOTFOUND nowhere.invalid',
      'path 10.0.0.1: trace: no trace to 10.0.0.1; traceroute: not installed',
    ]);
  });

  it('claims nothing of targets that were cut off', async () => {
    const controller = new AbortController();
    const config = configOf({ targets: ['10.0.0.1', '10.0.0.2'], trace: false });
    const collector = createPathCollector(
      config,
      {
        icmp: async (address) => {
          if (address === '10.0.0.1') return answered(1, 1, 1);
          controller.abort(new Error('took longer than 60000 ms'));
          throw controller.signal.reason;
        },
        trace: async () => [],
        addressOf: async (address) => address,
        ownAddresses: () => [],
      },
      { clock: hasty, log: silentLogger, commonTags: {} },
    );
    const { samples, errors } = await collector.collect(controller.signal);
    expect(samples.map(({ tags }) => tags['target'])).toEqual(['10.0.0.1']);
    expect(errors).toHaveLength(1);
  });
});

describe('the configuration', () => {
  it.each([
    ['no target', { targets: [] }],
    ['an option as address', { targets: ['-f'] }],
    ['the same target twice', { targets: ['10.0.0.1', { address: '10.0.0.2', target: '10.0.0.1' }] }],
    ['a file as url', { targets: [{ address: 'a', url: 'file:///etc/passwd' }] }],
    ['an unknown method', { methods: ['udp'] }],
    ['TCP without a port', { methods: ['tcp', 'http'], targets: ['10.0.0.1'] }],
    ['a single probe', { count: 1 }],
    ['a typo', { traceLoss: 10 }],
  ])('refuses %s', (_what, more) => {
    expect(() => configOf(more)).toThrow();
  });

  it('takes one target on two lines', () => {
    const lines = ['a', 'b'].map((line) => ({ address: '10.0.0.1', line }));
    expect(configOf({ targets: lines }).targets).toHaveLength(2);
  });

  it('knows that its default fits its default interval, and that many targets need more', () => {
    const config = pathKind.configSchema.parse({ targets: ['10.0.0.1'] });
    expect(pathKind.minimumIntervalMs?.(config)).toBeLessThanOrEqual(pathKind.defaultIntervalMs);
    const targets = Array.from({ length: 65 }, (_unused, index) => `10.0.1.${index}`);
    expect(
      pathKind.minimumIntervalMs?.({ ...config, targets: targets.map((address) => ({ address })) }),
    ).toBe(86_000);
  });
});

it('remembers the address of a name through a failure of the name server', async () => {
  let works = true;
  const addressOf = createAddressCache(async () => {
    if (!works) throw new Error('EAI_AGAIN');
    return '10.1.1.1';
  });
  expect(await addressOf('hub.example.vn', signal)).toBe('10.1.1.1');
  works = false;
  expect(await addressOf('hub.example.vn', signal)).toBe('10.1.1.1');
  expect(await addressOf('fe80::1%eth0', signal)).toBe('fe80::1%eth0');
  await expect(addressOf('other.example.vn', signal)).rejects.toThrow('EAI_AGAIN');
});
