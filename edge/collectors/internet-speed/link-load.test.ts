import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { busyPercent, defaultInterface, lineCounters, lineRate } from './link-load.ts';

const NET_DEV = readFileSync(join(import.meta.dirname, 'testdata/net-dev.txt'), 'utf8');

const ROUTES = `Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
eth0\t0000FEA9\t00000000\t0001\t0\t0\t1000\t0000FFFF\t0\t0\t0
wwan0\t00000000\t00000000\t0001\t0\t0\t700\t00000000\t0\t0\t0
ppp0\t00000000\t00000000\t0001\t0\t0\t100\t00000000\t0\t0\t0
eth1\t00000000\t010200C0\t0002\t0\t0\t1\t00000000\t0\t0\t0
`;

describe('the line', () => {
  it('is that of the default route that is up and comes first', () => {
    expect(defaultInterface(ROUTES)).toBe('ppp0');
    expect(defaultInterface(ROUTES.split('\n').slice(0, 2).join('\n'))).toBeUndefined();
    expect(defaultInterface('rubbish')).toBeUndefined();
  });

  it('has its counters in /proc/net/dev', () => {
    expect(lineCounters(NET_DEV, 'eth0')).toMatchObject({
      received: expect.any(BigInt) as bigint,
    });
    expect(lineCounters(NET_DEV, 'ppp9')).toBeUndefined();
    expect(() => lineCounters('a\nb\neth0: 1 2', 'eth0')).toThrow('/proc/net/dev');
  });

  it('carries what its counters gained, exactly even where they are huge', () => {
    const before = { received: 2n ** 63n, sent: 0n };
    const after = { received: 2n ** 63n + 10_000_000n, sent: 1_000_000n };
    expect(lineRate(before, after, 2_000)).toEqual({ downloadMbps: 40, uploadMbps: 4 });
  });

  it('carries nobody knows what when a counter went backwards', () => {
    const high = { received: 10n, sent: 10n };
    expect(lineRate(high, { received: 9n, sent: 11n }, 2_000)).toBeUndefined();
    expect(lineRate(high, { received: 11n, sent: 9n }, 2_000)).toBeUndefined();
    expect(lineRate(high, high, 0)).toBeUndefined();
  });

  it('is as busy as its busier direction', () => {
    const contract = { downloadMbps: 100, uploadMbps: 20 };
    expect(busyPercent({ downloadMbps: 50, uploadMbps: 18 }, contract)).toBe(90);
    expect(busyPercent({ downloadMbps: 70, uploadMbps: 1 }, contract)).toBe(70);
  });
});
