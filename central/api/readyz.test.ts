import { afterAll, beforeAll, expect, it } from 'vitest';
import type { DiskSpace } from '../../runtime/disk-space.ts';
import { silentLogger } from '../../runtime/logger.ts';
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

async function readyWith(changes: Partial<SharedParts>): Promise<Readiness> {
  const { parts } = harness;
  const nowMs = parts.clock.now();
  const app = await buildApi(
    { ...parts, dataDisk: () => ROOMY, lastBackupAtMs: () => nowMs, ...changes },
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

it('does not call a disk good that could not be read', async () => {
  expect(failing(await readyWith({ dataDisk: () => undefined }))).toEqual([
    'disk: the room in the data directory is not known',
  ]);
});

it('names the alarms about Wardwatch itself, without those of the city', async () => {
  const { parts } = harness;
  const [ofTheCity] = parts.alerts.active();
  expect(ofTheCity).toBeDefined();
  const own = { ...ofTheCity!, agent: 'central', rule: 'central_store_away', severity: 'critical' as const };
  const alerts = Object.assign(Object.create(parts.alerts) as typeof parts.alerts, {
    active: () => [ofTheCity!, own],
  });
  expect(failing(await readyWith({ alerts }))).toEqual(['own alarms: central_store_away (critical)']);
});
