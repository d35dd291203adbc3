import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DiskSpace } from '../../runtime/disk-space.ts';
import { silentLogger } from '../../runtime/logger.ts';
import type { AlertEngine } from '../alerts/engine/engine.ts';
import type { AlertView } from '../alerts/history/alert.ts';
import type { CanaryStanding, CanaryStats } from '../notify/canary/canary-deps.ts';
import type { SharedParts } from '../parts.ts';
import { buildApi } from './app.ts';
import { ApiHarness } from './testing/api-harness.ts';

const DAY_MS = 86_400_000;
const ROOMY: DiskSpace = { totalBytes: 1_000, freeBytes: 600 };

let harness: ApiHarness;
beforeAll(async () => {
  harness = await ApiHarness.open();
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean; readonly detail: string }[];
}

function withActive(active: readonly AlertView[]): AlertEngine {
  return Object.assign(Object.create(harness.parts.alerts) as AlertEngine, { active: () => active });
}

async function readyWith(changes: Partial<SharedParts>): Promise<Readiness> {
  const { parts } = harness;
  const nowMs = parts.clock.now();
  const good = {
    alerts: withActive(parts.alerts.active().filter(({ agent }) => agent !== 'central')),
    dataDisk: () => ROOMY,
    lastBackupAtMs: () => nowMs,
  };
  const app = await buildApi(
    { ...parts, ...good, ...changes },
    { log: silentLogger, pages: () => undefined },
  );
  try {
    const answer = await app.inject({ method: 'GET', url: '/readyz' });
    return answer.json<Readiness>();
  } finally {
    await app.close();
  }
}

const failing = ({ checks }: Readiness): unknown =>
  checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);

it('finds nothing wrong with a central that has room, a backup and no alarm of its own', async () => {
  const readiness = await readyWith({});
  expect(failing(readiness)).toEqual([]);
  expect(readiness.ready).toBe(true);
});

it('tells of a disk that fills and of a backup that is overdue, and goes on being ready', async () => {
  const nowMs = harness.parts.clock.now();
  const readiness = await readyWith({
    dataDisk: () => ({ totalBytes: 1_000, freeBytes: 100 }),
    lastBackupAtMs: () => nowMs - 9 * DAY_MS,
  });
  expect(failing(readiness)).toEqual([
    'disk: 90 % of the file system of the data directory is used',
    'backup: 9 d since the last whole backup, or since the first start',
  ]);
  expect(readiness.ready).toBe(true);
});

it('tells of files of rules and declared measurements that cannot be used, not what is in them', async () => {
  const refused = { atMs: 1_000, problems: ['/etc/secret.yaml: kind: got "x"'] };
  const readiness = await readyWith({
    ruleReload: { check: () => undefined, reread: () => true, refused: () => refused },
    declarationProblems: () => ['/etc/air.yaml: not valid YAML'],
  });
  expect(failing(readiness)).toEqual([
    'rules: the files of alert rules cannot be used as they are now: what was in force before goes on; ' +
      'the files of declared measurements cannot be used as they are now: what was in force before goes on',
  ]);
  expect(readiness.ready).toBe(true);
});

it('does not call a disk good that could not be read', async () => {
  expect(failing(await readyWith({ dataDisk: () => undefined }))).toEqual([
    'disk: the room in the data directory is not known',
  ]);
});

it('names the alarms about Wardwatch itself, without those of the city', async () => {
  const [ofTheCity] = harness.parts.alerts.active().filter(({ agent }) => agent !== 'central');
  expect(ofTheCity).toBeDefined();
  const own = { ...ofTheCity!, agent: 'central', rule: 'central_store_away', severity: 'critical' as const };
  const readiness = await readyWith({ alerts: withActive([ofTheCity!, own]) });
  expect(failing(readiness)).toEqual(['own alarms: central_store_away (critical)']);
});

it('tells whether the canary gets through, and names no channel to whoever asks', async () => {
  const nowMs = harness.parts.clock.now();
  const detailOf = async (stats: Omit<CanaryStats, 'passedAtMs'>) => {
    const standing = { ...stats, passedAtMs: stats.ranAtMs, sinceStartMs: 3_600_000 };
    const { ready, checks } = await readyWith({ canary: { stats: () => standing } });
    expect(ready).toBe(true);
    const found = checks.find(({ name }) => name === 'canary');
    return [found?.ok, found?.detail];
  };
  const ranAtMs = nowMs - 240_000;
  const works = { hop: 'mqtt' as const, latencyMs: 2 };
  expect(await detailOf({ ranAtMs, latencyMs: 2_340, hops: [works] })).toEqual([
    true,
    'got through in 2.3 s, 4 min ago',
  ]);
  const hops = [
    works,
    { hop: 'rules' as const, brokenSinceMs: ranAtMs },
    { hop: 'channel sms-an' as const, brokenSinceMs: nowMs - 3_600_000 },
  ];
  expect(await detailOf({ ranAtMs, latencyMs: undefined, hops })).toEqual([
    false,
    'does not get through: rules for 4 min; does not get through: a channel for 60 min',
  ]);
  expect(await detailOf({ ranAtMs: nowMs - 3_600_000, latencyMs: 2_340, hops: [works] })).toEqual([
    false,
    'was raised last 60 min ago',
  ]);
});

describe('after a restart', () => {
  const checkOf = async (standing: Partial<CanaryStanding>, active: readonly AlertView[] = []) => {
    const none = { ranAtMs: undefined, passedAtMs: undefined, latencyMs: undefined, hops: [] };
    const stats = () => ({ ...none, sinceStartMs: 100_000, ...standing });
    const { checks } = await readyWith({ canary: { stats }, alerts: withActive(active) });
    const found = checks.find(({ name }) => name === 'canary');
    return [found?.ok, found?.detail];
  };

  it('the canary that got through lately is good until its first run is overdue', async () => {
    const nowMs = harness.parts.clock.now();
    expect(await checkOf({ passedAtMs: nowMs - 600_000 })).toEqual([
      true,
      'no run of it ended in the 100 s since the start, it got through last 10 min ago',
    ]);
    expect(await checkOf({ sinceStartMs: 420_000, passedAtMs: nowMs - 600_000 })).toEqual([
      false,
      'no run of it ended in the 7 min since the start, it got through last 10 min ago',
    ]);
  });

  it('of a canary that never got through nothing is known', async () => {
    expect(await checkOf({})).toEqual([
      false,
      'not known: no run of it ended in the 100 s since the start, and none got through before',
    ]);
  });

  it('a central that never runs until the end of a run is told of', async () => {
    const nowMs = harness.parts.clock.now();
    expect(await checkOf({ passedAtMs: nowMs - 3_600_000 })).toEqual([
      false,
      'no run of it ended in the 100 s since the start, it got through last 60 min ago',
    ]);
  });

  it('what was broken before is broken still', async () => {
    const nowMs = harness.parts.clock.now();
    const [some] = harness.parts.alerts.active();
    const alarm = { ...some!, agent: 'central', rule: 'central_canary_broken', firedAtMs: nowMs - 240_000 };
    expect(await checkOf({ passedAtMs: nowMs - 300_000 }, [alarm])).toEqual([
      false,
      'does not get through: central_canary_broken is open for 4 min',
    ]);
  });
});
