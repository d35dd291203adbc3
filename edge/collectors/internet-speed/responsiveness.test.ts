import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CONFIDENCE, responsiveness, type LoadedLine, type Probe } from './responsiveness.ts';

const MBPS_10 = 1_250;

/** Of a transfer of ten seconds: one round trip each quarter of a second. */
function probes(rttMs: (atMs: number) => number): Probe[] {
  return Array.from({ length: 40 }, (_unused, at) => ({ atMs: 250 * at, rttMs: rttMs(250 * at) }));
}

function line(changes: Partial<LoadedLine> = {}): LoadedLine {
  return {
    foreign: probes(() => 40),
    self: probes(() => 120),
    progress: Array.from({ length: 200 }, (_unused, at) => ({ atMs: 50 * at, bytes: 50 * at * MBPS_10 })),
    isCapped: false,
    ...changes,
  };
}

describe('responsiveness', () => {
  it('is the mean of what others get and of what the loaded connection gets', () => {
    // 60 s ÷ 40 ms and 60 s ÷ 120 ms.
    expect(responsiveness(line())).toEqual({
      rpm: (1_500 + 500) / 2,
      confidence: CONFIDENCE.high,
      probes: 60,
    });
  });

  it('is what others get where the connection was not asked', () => {
    expect(responsiveness(line({ self: [] }))?.rpm).toBe(1_500);
  });

  it('leaves out the time in which the line fills', () => {
    const foreign = probes((atMs) => (atMs < 2_000 ? 5 : 40));
    expect(responsiveness(line({ foreign, self: [] }))?.rpm).toBe(1_500);
  });

  it('leaves out the slowest twentieth, and no more', () => {
    const slow = (count: number) => probes((atMs) => (atMs >= 10_000 - 250 * count ? 2_000 : 40));
    expect(responsiveness(line({ foreign: slow(1), self: [] }))?.rpm).toBe(1_500);
    expect(responsiveness(line({ foreign: slow(6), self: [] }))?.rpm).toBeLessThan(200);
  });

  it('is unknown with too few round trips', () => {
    expect(responsiveness(line({ foreign: probes(() => 40).slice(0, 12), self: [] }))).toBeUndefined();
    expect(
      responsiveness({ foreign: [], self: probes(() => 40), progress: [], isCapped: false }),
    ).toBeUndefined();
  });
});

describe('its confidence', () => {
  it('is medium where the byte limit ended the load, or the load was not steady', () => {
    expect(responsiveness(line({ isCapped: true }))?.confidence).toBe(CONFIDENCE.medium);
    const progress = line().progress.map(({ atMs, bytes }) => ({ atMs, bytes: bytes * atMs }));
    expect(responsiveness(line({ progress }))?.confidence).toBe(CONFIDENCE.medium);
  });

  it('is medium where round trips went on growing', () => {
    const foreign = probes((atMs) => 20 + atMs / 20);
    expect(responsiveness(line({ foreign, self: [] }))?.confidence).toBe(CONFIDENCE.medium);
  });

  it('is low with few round trips on a load that was not full', () => {
    const foreign = probes(() => 40).filter((_probe, at) => at % 4 === 0);
    expect(responsiveness(line({ foreign, self: [], isCapped: true }))?.confidence).toBe(CONFIDENCE.low);
  });
});

it('is a positive number, whatever was measured', () => {
  const probe = fc.record({ atMs: fc.nat(10_000), rttMs: fc.integer({ min: 1, max: 5_000 }) });
  const progress = fc.array(fc.record({ atMs: fc.nat(10_000), bytes: fc.nat() }), { maxLength: 20 });
  const any = fc.record({
    foreign: fc.array(probe),
    self: fc.array(probe),
    progress,
    isCapped: fc.boolean(),
  });
  fc.assert(
    fc.property(any, (loaded) => {
      const rpm = responsiveness(loaded)?.rpm;
      expect(rpm === undefined || (rpm > 0 && Number.isFinite(rpm))).toBe(true);
    }),
  );
});
