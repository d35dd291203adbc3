import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { locateBreak, routeOf, routerCount, type Hop } from './route.ts';
import {
  MAX_HOPS,
  parseExpiringPing,
  parseTracepath,
  parseTraceroute,
  TraceOutputError,
} from './trace-output.ts';

// Recorded on a chain of three routers, 10.26.1.2, 10.26.2.2 and 10.26.3.2, before the target 10.26.4.2.
const TARGET = '10.26.4.2';
const recorded = (name: string) => readFileSync(join(import.meta.dirname, 'testdata', `${name}.txt`), 'utf8');
const pings = (scene: string, count: number): Hop[] =>
  Array.from({ length: count }, (_unused, at) =>
    parseExpiringPing(at + 1, recorded(`ping-${scene}-${at + 1}`)),
  );

/** Each program's reading of one scene. */
function readings(scene: string, pingCount: number): [string, readonly Hop[]][] {
  // On a silent route it prints nothing before it is stopped.
  const tracepath: [string, readonly Hop[]][] =
    scene === 'blackhole' ? [] : [['tracepath', parseTracepath(recorded(`tracepath-${scene}`))]];
  return [
    ['traceroute', parseTraceroute(recorded(`traceroute-${scene}`))],
    ['traceroute -I', parseTraceroute(recorded(`traceroute-icmp-${scene}`))],
    ['BusyBox traceroute', parseTraceroute(recorded(`busybox-${scene}`))],
    ['GNU traceroute', parseTraceroute(recorded(`inetutils-${scene}`))],
    ['ping -t', pings(scene, pingCount)],
    ...tracepath,
  ];
}
const wayOf = (hops: readonly Hop[]) => hops.map(({ addresses }) => addresses.join(' ') || '*');

describe('a route that is whole', () => {
  it.each(readings('ok', 4))('is read from %s', (_program, hops) => {
    const route = routeOf(hops, TARGET);
    expect(wayOf(route.hops)).toEqual(['10.26.1.2', '10.26.2.2', '10.26.3.2', TARGET]);
    expect(route.reached).toBe(true);
    expect(routerCount(route)).toBe(3);
    expect(locateBreak(route, undefined)).toBeUndefined();
  });

  it.each([
    ['traceroute', parseTraceroute(recorded('traceroute-v6'))],
    ['tracepath', parseTracepath(recorded('tracepath-v6'))],
    ['ping -t', pings('v6', 4)],
  ])('is read over IPv6 from %s', (_program, hops) => {
    const route = routeOf(hops, 'fd26:4::2');
    expect(wayOf(route.hops)).toEqual(['fd26:1::2', 'fd26:2::2', 'fd26:3::2', 'fd26:4::2']);
    expect(route.reached).toBe(true);
  });

  it.each(readings('silent', 4))('may have a router that never answers, by %s', (_program, hops) => {
    const route = routeOf(hops, TARGET);
    expect(wayOf(route.hops)).toEqual(['10.26.1.2', '*', '10.26.3.2', TARGET]);
    expect(route.reached).toBe(true);
  });

  it('has times and loss of each router', () => {
    expect(parseTraceroute(recorded('busybox-ok'))[3]).toEqual({
      hop: 4,
      addresses: [TARGET],
      rttsMs: [0.009],
      probes: 2,
      lost: 1,
    });
    expect(parseTracepath(recorded('tracepath-ok'))[0]).toMatchObject({ rttsMs: [0.047, 0.01], lost: 0 });
  });
});

describe('a route that is broken', () => {
  const good = routeOf(parseTraceroute(recorded('traceroute-ok')), TARGET);

  it.each(readings('blackhole', 5))(
    'by silence breaks where the good route had a router, by %s',
    (_program, hops) => {
      const route = routeOf(hops, TARGET);
      expect(wayOf(route.hops)).toEqual(['10.26.1.2', '10.26.2.2']);
      expect(locateBreak(route, good)).toEqual({
        hop: 3,
        after: '10.26.2.2',
        before: '10.26.3.2',
        reason: 'silence',
      });
      expect(locateBreak(route, undefined)).toEqual({ hop: 3, after: '10.26.2.2', reason: 'silence' });
    },
  );

  it.each(readings('unreachable', 5))(
    'by a refusal names the router that refuses, by %s',
    (_program, hops) => {
      // The refusal came at distance 3, 4 or 11, as the router's limit of such messages allowed.
      expect(locateBreak(routeOf(hops, TARGET), good)).toEqual({
        hop: 3,
        after: '10.26.2.2',
        before: '10.26.3.2',
        reason: 'host unreachable',
      });
    },
  );

  // tracepath shows a ban as !H.
  const bans = readings('prohibit', 4).filter(([program]) => program !== 'tracepath');
  it.each(bans)('by a ban says that it is filtered, by %s', (_program, hops) => {
    expect(locateBreak(routeOf(hops, TARGET), good)).toMatchObject({ hop: 3, reason: 'filtered' });
  });
});

describe('what is no trace', () => {
  it.each(['', 'Segmentation fault', 'traceroute: unknown host', '{"hops": 3}'])('%j is refused', (text) => {
    expect(() => parseTraceroute(text)).toThrow(TraceOutputError);
    expect(() => parseTracepath(text)).toThrow(TraceOutputError);
    expect(() => parseExpiringPing(1, text)).toThrow(TraceOutputError);
  });

  it.each(['busybox-ping-2', 'busybox-ping-v6-2'])('%s names no routers, and is refused', (name) => {
    expect(() => parseExpiringPing(2, recorded(name))).toThrow('not the output of a ping that names routers');
  });

  it('damaged anywhere is refused or stays within bounds', () => {
    const texts = ['traceroute-icmp-unreachable', 'busybox-blackhole', 'tracepath-silent'].map(recorded);
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.nat(600),
        fc.string({ maxLength: 20 }),
        fc.nat(80),
        (whole, at, put, length) => {
          const text = whole.slice(0, at) + put + whole.slice(at + length);
          const parse = whole.startsWith('traceroute') ? parseTraceroute : parseTracepath;
          try {
            for (const hop of parse(text)) {
              expect(hop.hop).toBeGreaterThanOrEqual(1);
              expect(hop.hop).toBeLessThanOrEqual(MAX_HOPS);
              expect(hop.lost).toBeLessThanOrEqual(hop.probes);
            }
          } catch (error) {
            expect(error).toBeInstanceOf(TraceOutputError);
          }
        },
      ),
    );
  });
});
