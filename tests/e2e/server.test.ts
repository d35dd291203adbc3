import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { certificatesKind } from '../../edge/collectors/certificates/certificates.ts';
import { serverKind } from '../../edge/collectors/server/server.ts';
import { hasOpenssl, TestAuthority } from '../../edge/protocols/tcp-tls/testing/certificates.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { breachedRules } from '../support/breached-rules.ts';
import { throughCentral } from '../support/through-central.ts';

const testdata = join(import.meta.dirname, '../../edge/collectors/server/testdata');
const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

async function read(machine: string) {
  const directory = mkdtempSync(join(tmpdir(), 'wardwatch-machine-'));
  try {
    cpSync(join(testdata, machine), directory, { recursive: true });
    const config = serverKind.configSchema.parse({
      procPath: join(directory, 'proc'),
      sysPath: join(directory, 'sys'),
      utmpPath: join(directory, 'utmp'),
    });
    return await serverKind.create(config, deps).collect(signal);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

describe('a server’s own samples', () => {
  it.each(readdirSync(testdata))('of the recorded machine %s pass through central', async (machine) => {
    const { samples, errors } = await read(machine);
    expect(errors).toEqual([]);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });

  it('alarm of the array that is degraded, and of nothing that is well', async () => {
    // Disks are those of the machine that runs the test, and may be full.
    const { samples } = await read('raid-and-sensors');
    const own = samples.filter(({ measurement }) => measurement !== 'disk');
    expect(breachedRules(own)).toEqual(['raid_degraded md1']);
  });

  it.skipIf(!hasOpenssl)('of certificates on disk pass through central', async () => {
    const authority = new TestAuthority();
    try {
      const config = certificatesKind.configSchema.parse({ files: [authority.caFile] });
      const { samples, errors } = await certificatesKind.create(config, deps).collect(signal);
      expect(errors).toEqual([]);
      expect(samples).toHaveLength(1);
      expect(throughCentral(samples)).toEqual({ points: 1, refusals: [] });
    } finally {
      authority.remove();
    }
  });
});
