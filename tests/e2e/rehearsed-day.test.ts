import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { buildCity } from '../../simulators/city/build-city.ts';
import { rehearseDay } from '../../rehearsal/day.ts';
import { runCity } from '../../rehearsal/run-city.ts';

const HOUR_MS = 3_600_000;
const MIDNIGHT_MS = Date.UTC(2026, 10, 23, 17);

/** With this seed: a line that loses packets, a dip of a ward, a cut of a hub, two restarts, a busy server, a hot one, a battery that runs empty. */
it('two hours of a morning in three wards: what is wrong is told, once, in time and with its root', async () => {
  const plan = { seed: 171, unitCount: 3, fromMs: MIDNIGHT_MS + 7 * HOUR_MS, hours: 2 };
  const { lines, score, recorded, coverage } = await rehearseDay(plan);
  // Each bar is met, by something that was measured.
  expect(lines.filter(({ bar, isMet }) => bar !== '' && isMet !== true)).toEqual([]);
  expect(score.roots.filter(({ isExact }) => !isExact)).toEqual([]);
  const cuts = score.messagesPer.filter(({ trouble }) => trouble.kind === 'hub_uplink_cut');
  expect(cuts.map(({ begins }) => begins)).toEqual([1]);
  expect(recorded.refusedRows).toEqual({});
  expect(score.falseAlerts).toEqual([]);
  expect(new Set(score.detections.map(({ trouble }) => trouble.kind)).size).toBe(7);
  for (const kind of ['peers', 'burn_rate', 'share', 'state'])
    expect(coverage.kindsNeverFired).not.toContain(kind);
}, 300_000);

it('the same run gives the same record, byte for byte', async () => {
  const city = buildCity({
    seed: 3,
    unitCount: 1,
    interfacesPerNode: 1,
    faults: ({ sites }) => [
      {
        kind: 'site_power_cut',
        target: sites.at(-1)?.id ?? '',
        fromMs: MIDNIGHT_MS + 120_000,
        toMs: MIDNIGHT_MS + 240_000,
      },
    ],
  });
  const run = async (): Promise<string> => {
    const intervalMs = { gateway: 10_000, server: 60_000 };
    const record = await runCity({
      city,
      fromMs: MIDNIGHT_MS,
      toMs: MIDNIGHT_MS + 420_000,
      intervalMs,
      random: () => 0.5,
    });
    expect(record.alerts.map(({ rule, phase }) => [rule, phase])).toEqual([['agent_silent', 'resolved']]);
    return createHash('sha256').update(JSON.stringify(record)).digest('hex');
  };
  expect(await run()).toBe(await run());
});
