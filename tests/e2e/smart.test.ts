import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectDisks, smartKind } from '../../edge/collectors/smart/smart.ts';
import { createSmartctlSource } from '../../edge/collectors/smart/smartctl.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { breachedRules } from '../support/breached-rules.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { throughCentral } from '../support/through-central.ts';

const collectors = join(import.meta.dirname, '../../edge/collectors');
const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describeWith(['smartctl'], 'disks asked with the real smartctl', () => {
  const source = (device?: string) =>
    createSmartctlSource(device === undefined ? undefined : [{ device }], {
      clock: systemClock,
      program: requirePart('smartctl'),
    });

  it('that it finds are read or named, whatever this machine has', async () => {
    const { samples } = await collectDisks(source(), { ignore: [] }, deps, signal);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });

  it.each(['/dev/null', '/dev/does-not-exist'])('%s is an error in its words', async (device) => {
    const { samples, errors } = await collectDisks(source(device), { ignore: [] }, deps, signal);
    expect(samples).toEqual([]);
    expect(errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(
        new RegExp(`^smart ${device}: .*(Unable to detect device type|No such|failed)`),
      ) as string,
    ]);
  });
});

describe('reports of disks that are kept for tests', () => {
  it('pass through central', async () => {
    const config = smartKind.configSchema.parse({ reportsDirectory: join(collectors, 'smart/testdata') });
    // As old as the checkout: read as if they had just been written.
    const directory = mkdtempSync(join(tmpdir(), 'wardwatch-reports-'));
    try {
      for (const file of readdirSync(config.reportsDirectory ?? '').filter((name) =>
        name.endsWith('.json'),
      )) {
        writeFileSync(join(directory, file), readFileSync(join(config.reportsDirectory ?? '', file)));
      }
      const fresh = smartKind.configSchema.parse({ reportsDirectory: directory });
      const { samples, errors } = await smartKind.create(fresh, deps).collect(signal);
      expect(errors).toHaveLength(1);
      expect(new Set(samples.map(({ tags }) => tags['device']))).toEqual(
        new Set(['sda', 'sdb', 'nvme0', 'sdc']),
      );
      expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
      expect(breachedRules(samples)).toEqual([
        'disk_attributes sda Command_Timeout',
        'disk_attributes sdb Offline_Uncorrectable',
        'disk_attributes sdb Reallocated_Sector_Ct',
        'disk_health sdb',
        'disk_wearing sdb',
      ]);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});

describe('the helper that asks disks for the agent', () => {
  let directory: string;
  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'wardwatch-helper-'));
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('leaves a report of each disk, an empty one of a disk that hangs, and clears away those of disks that are gone', async () => {
    const testdata = join(collectors, 'smart/testdata');
    const script = `#!/bin/sh
case "$*" in
  --scan) echo '/dev/sdc -d scsi # /dev/sdc, SCSI device'; echo '/dev/bus/0 -d megaraid,4 # LSI'; echo '/dev/sde -d scsi # dead'; echo '# nothing';;
  *'nocheck=standby,3 /dev/sdc') cat '${testdata}/sas.json';;
  *'-d megaraid,4 /dev/bus/0') cat '${testdata}/ata-failing.json'; exit 88;;
  */dev/sde) exec sleep 60;;
  *) exit 1;;
esac`;
    const [reports, bin] = ['reports', 'bin'].map((name) => join(directory, name)) as [string, string];
    mkdirSync(reports);
    mkdirSync(bin);
    writeFileSync(join(bin, 'smartctl'), script, { mode: 0o755 });
    writeFileSync(join(reports, 'gone.json'), 'x');
    const longAgo = new Date(Date.now() - 3_600_000);
    utimesSync(join(reports, 'gone.json'), longAgo, longAgo);
    const helper = join(import.meta.dirname, '../../packaging/systemd/wardwatch-smart');
    execFileSync('sh', [helper, reports, '2'], { env: { PATH: `${bin}:${process.env['PATH'] ?? ''}` } });

    const config = smartKind.configSchema.parse({ reportsDirectory: reports });
    const { samples, errors } = await smartKind.create(config, deps).collect(signal);
    expect(errors.map(({ message }) => message)).toEqual([
      `smart ${reports}/sde-.json: is empty: its disk gave no answer`,
    ]);
    const disks = samples.filter(({ measurement }) => measurement === 'smart_device');
    expect(disks.map(({ tags }) => tags['device']).sort()).toEqual(['sdb', 'sdc']);
  });
});
