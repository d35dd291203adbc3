import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import type { Collector } from '../../edge/collectors/collector.ts';
import { createPathCollector } from '../../edge/collectors/path/path-collector.ts';
import { pathKind } from '../../edge/collectors/path/path.ts';
import { qualityFields } from '../../edge/protocols/ping/quality.ts';
import { locateBreak, routeOf, type Hop } from '../../edge/collectors/path/route.ts';
import { expiringPings, firstThatWorks, systemTracers } from '../../edge/collectors/path/tracer.ts';
import { createIcmpProbe } from '../../edge/protocols/ping/icmp-probe.ts';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import {
  describeWithNamespaces,
  inNamespace,
  programInNamespace,
  RouterChain,
} from '../support/namespaces.ts';

const signal = AbortSignal.timeout(110_000);

describeWithNamespaces('a way over three real routers', () => {
  const TARGET = '10.26.4.2';
  let directory: string;
  let chain: RouterChain;
  let collector: Collector;
  const clock = new ManualClock();

  const collect = async (): Promise<Sample[]> => {
    await clock.advance(600_000);
    const { samples, errors } = await collector.collect(signal);
    expect(errors).toEqual([]);
    return [...samples];
  };

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-path-'));
    chain = new RouterChain(5);
    const ping = programInNamespace(directory, chain.name(0), 'ping');
    const config = pathKind.configSchema.parse({ targets: [TARGET], count: 2 });
    const tools = {
      icmp: createIcmpProbe(undefined, ping),
      trace: expiringPings(ping),
      addressOf: async (address: string) => address,
      ownAddresses: () => ['10.26.1.1'],
    };
    collector = createPathCollector(config, tools, {
      clock,
      log: silentLogger,
      commonTags: { host: 'gw-1' },
    });
  });
  afterAll(() => {
    chain.remove();
    rmSync(directory, { recursive: true, force: true });
  });

  it('is measured and traced by nothing but ping', async () => {
    const [path, ...way] = await collect();
    expect(path?.fields).toMatchObject({ result_code: 0, method: 'icmp', loss_pct: 0, hops: 3 });
    expect(path?.fields['latency_ms']).toBeLessThan(50);
    expect(way.map(({ fields }) => fields['address'])).toEqual([
      '10.26.1.2',
      '10.26.2.2',
      '10.26.3.2',
      TARGET,
    ]);
  });

  it.each([
    ['swallows everything', 'blackhole', 'silence'],
    ['refuses', 'unreachable', 'host unreachable'],
  ])('breaks where a router %s, until it works again', async (_what, kind, reason) => {
    inNamespace(chain.name(3), 'ip', 'route', 'add', kind, `${TARGET}/32`);
    try {
      const [path] = await collect();
      expect(path?.fields).toMatchObject({
        result_code: 1,
        loss_pct: 100,
        break_hop: 3,
        break_after: '10.26.2.2',
        break_before: '10.26.3.2',
        break_reason: reason,
      });
    } finally {
      inNamespace(chain.name(3), 'ip', 'route', 'delete', kind, `${TARGET}/32`);
    }
    const [path] = await collect();
    expect(path?.fields).toMatchObject({ result_code: 0, trace_reason: 'recovered', route_changed: false });
  });

  it('breaks at the first hop when our own line is down', async () => {
    inNamespace(chain.name(1), 'ip', 'link', 'set', 'up1', 'down');
    try {
      const [path] = await collect();
      expect(path?.fields).toMatchObject({ result_code: 1, break_hop: 1, break_before: '10.26.1.2' });
      expect(path?.fields).not.toHaveProperty('break_after');
    } finally {
      inNamespace(chain.name(1), 'ip', 'link', 'set', 'up1', 'up');
    }
  });
});

it('a trace by what this machine brings reaches the machine itself', async () => {
  const hops = await firstThatWorks(systemTracers())('127.0.0.1', signal);
  expect(routeOf(hops, '127.0.0.1')).toMatchObject({ reached: true, hops: [{ hop: 1 }] });
});

const recordings = join(import.meta.dirname, '../../../shared/data/broadband');
const haveRecordings = existsSync(recordings);
const linesOf = <T>(file: string): T[] =>
  haveRecordings
    ? readFileSync(join(recordings, file), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as T)
    : [];

interface AtlasPing {
  readonly sent: number | string;
  readonly rcvd: number | string;
  readonly min: number | string;
  readonly avg: number | string;
  readonly max: number | string;
  readonly result?: readonly { readonly rtt?: number; readonly dup?: number }[];
}
interface AtlasTrace {
  readonly dst_addr?: string;
  readonly result?: readonly {
    readonly hop: number;
    readonly result?: readonly { readonly from?: string; readonly rtt?: number; readonly err?: unknown }[];
  }[];
}

describe.skipIf(!haveRecordings)('RIPE Atlas results (shared/data/broadband, where it is there)', () => {
  const bursts = linesOf<AtlasPing>('ripe-atlas-ping.jsonl').flatMap((ping) => {
    // An answer that came twice is no answer to a probe of its own.
    const rttsMs = ping.result?.filter(({ dup }) => dup === undefined).map(({ rtt }) => rtt);
    return rttsMs === undefined ? [] : [{ ping, rttsMs }];
  });

  it('of pings have the figures that the probe itself worked out', () => {
    expect(bursts.length).toBeGreaterThan(3);
    for (const { ping, rttsMs } of bursts) {
      const received = rttsMs.filter((rtt) => rtt !== undefined).length;
      const fields = qualityFields({ transmitted: Number(ping.sent), received, rttsMs });
      expect(received).toBe(Number(ping.rcvd));
      if (received === 0) continue;
      expect(fields['latency_ms']).toBeCloseTo(Number(ping.avg), 3);
      expect(fields['latency_min_ms']).toBeCloseTo(Number(ping.min), 3);
      expect(fields['latency_max_ms']).toBeCloseTo(Number(ping.max), 3);
      expect(fields['loss_pct']).toBeCloseTo((100 * (Number(ping.sent) - received)) / Number(ping.sent), 6);
    }
  });

  const traces = linesOf<AtlasTrace>('ripe-atlas-traceroute.jsonl').flatMap((trace) => {
    const { dst_addr: target, result } = trace;
    return target === undefined || result === undefined ? [] : [{ target, hops: result.flatMap(hopOf) }];
  });

  it('of traceroutes either reach their target or break behind the last router that answered', () => {
    expect(traces.length).toBeGreaterThan(5);
    let broken = 0;
    for (const { target, hops } of traces) {
      const route = routeOf(hops, target);
      const place = locateBreak(route, undefined);
      expect(place === undefined).toBe(route.reached);
      if (place === undefined) continue;
      broken++;
      const last = hops.findLast(({ addresses, refusal }) => addresses.length > 0 && refusal === undefined);
      expect(place.hop).toBe((last?.hop ?? 0) + 1);
      expect(place.after).toBe(last?.addresses[0]);
    }
    expect(broken).toBeGreaterThan(0);
    expect(broken).toBeLessThan(traces.length);
  });
});

function hopOf(hop: NonNullable<AtlasTrace['result']>[number]): Hop[] {
  const answers = hop.result;
  if (answers === undefined) return [];
  const addresses = answers.flatMap(({ from }) => from ?? []);
  const isRefused = answers.some(({ err }) => err === 'H' || err === 'N');
  return [
    {
      hop: hop.hop,
      addresses: [...new Set(addresses)],
      rttsMs: answers.flatMap(({ rtt }) => rtt ?? []),
      probes: answers.length,
      lost: answers.length - addresses.length,
      ...(isRefused && { refusal: 'host unreachable' as const }),
    },
  ];
}
