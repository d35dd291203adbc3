import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { countCpus, cpuUsage, parseCpuTimes } from './cpu.ts';

const stat = (...lines: string[]) => parseCpuTimes(lines.join('\n'));

describe('CPU usage between two readings of /proc/stat', () => {
  it('takes guest time out of user and nice, and counts it as active', () => {
    const before = stat('cpu 1000 200 300 4000 0 0 0 0 400 100');
    const after = stat('cpu 1060 220 310 4010 0 0 0 0 440 110');
    expect(cpuUsage(before, after)[0]?.fields).toMatchObject({
      usage_user: 20,
      usage_guest: 40,
      usage_nice: 10,
      usage_guest_nice: 10,
      usage_system: 10,
      usage_idle: 10,
      usage_active: 90,
    });
  });

  it('leaves out what an old kernel does not print', () => {
    const [total] = cpuUsage(stat('cpu 1 1 1 1'), stat('cpu 2 1 1 2'));
    expect(total?.fields).toEqual({
      usage_user: 50,
      usage_nice: 0,
      usage_system: 0,
      usage_idle: 50,
      usage_active: 50,
    });
  });

  it('counts an iowait that steps back as no time', () => {
    const [total] = cpuUsage(stat('cpu 0 0 0 100 50 0 0 0 0 0'), stat('cpu 50 0 0 150 40 0 0 0 0 0'));
    expect(total?.fields).toMatchObject({ usage_user: 50, usage_idle: 50, usage_iowait: 0 });
  });

  it('says nothing of a CPU that is new, stood still or was reset', () => {
    const before = stat('cpu 10 0 0 10', 'cpu0 5 0 0 5', 'cpu1 5 0 0 5');
    const after = stat('cpu 10 0 0 30', 'cpu0 5 0 0 5', 'cpu1 0 0 0 1', 'cpu2 9 0 0 9');
    expect(cpuUsage(before, after).map((reading) => reading.tags['cpu'])).toEqual(['cpu-total']);
  });

  it('reads hundreds of CPUs', () => {
    const many = (ticks: number) =>
      stat(
        `cpu ${512 * ticks} 0 0 0`,
        ...Array.from({ length: 512 }, (_unused, cpu) => `cpu${cpu} ${ticks} 0 0 0`),
      );
    expect(countCpus(many(1))).toBe(512);
    expect(cpuUsage(many(1), many(3))).toHaveLength(513);
  });

  it('stays within 0 and 100 % for any counters', () => {
    const columns = fc.array(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), { minLength: 4, maxLength: 10 });
    fc.assert(
      fc.property(columns, columns, (then, now) => {
        const readings = cpuUsage(stat(`cpu ${then.join(' ')}`), stat(`cpu ${now.join(' ')}`));
        for (const value of readings.flatMap((reading) => Object.values(reading.fields))) {
          expect(value).toBeGreaterThanOrEqual(0);
          expect(value).toBeLessThanOrEqual(100);
        }
      }),
    );
  });

  it('names the file and the line that it cannot read', () => {
    expect(() => stat('cpu 1 2 three 4')).toThrow(
      '/proc/stat: expected a cpu line with 4 to 10 counters, got "cpu 1 2 three 4"',
    );
    expect(() => stat('')).toThrow('expected a line that starts with cpu');
  });
});
