import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, it } from 'vitest';
import { createSystemctl } from '../../edge/collectors/systemd/systemctl.ts';
import { createSystemdCollector, systemdKind } from '../../edge/collectors/systemd/systemd.ts';
import { parseList, parseShow, type UnitState } from '../../edge/collectors/systemd/units.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { describeWithSystemd, SystemdManager } from '../support/systemd-manager.ts';
import { throughCentral } from '../support/through-central.ts';

const deps = {
  clock: systemClock,
  log: silentLogger,
  commonTags: { host: 'h1', site: 's-1', unit: '26734' },
};
const signal = AbortSignal.timeout(100_000);

describe('units of systemd', () => {
  it('as systemctl shows them pass through central', async () => {
    const show = `Id=ssh.service\nLoadState=loaded\nActiveState=failed\nSubState=failed\nUnitFileState=enabled\nNRestarts=2
MainPID=0\nMemoryCurrent=18446744073709551615\nMemoryPeak=5242880\n\nId=-.mount\nLoadState=loaded\nActiveState=active\nSubState=mounted\n`;
    const list = 'ssh.service loaded failed failed Secure Shell\n-.mount loaded active mounted Root Mount\n';
    const said = (stdout: string) => async () => ({ error: null, stdout, stderr: '' });
    const systemctl = { list: said(list), show: said(show) };
    const config = systemdKind.configSchema.parse({ units: ['*'] });
    const { samples, errors } = await createSystemdCollector(config, systemctl, deps).collect(signal);
    expect(errors).toEqual([]);
    expect(samples).toHaveLength(3);
    expect(throughCentral(samples)).toEqual({ points: 3, refusals: [] });
  });

  it('of this machine pass through central; without systemd there is nothing to collect', async () => {
    const config = systemdKind.configSchema.parse({ units: ['*'] });
    const { samples, errors } = await systemdKind.create(config, deps).collect(signal);
    const state = systemState();
    if (state === 'offline' || state === undefined)
      expect({ samples, errors }).toEqual({ samples: [], errors: [] });
    else expect(samples.length).toBeGreaterThan(1);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });
});

/** `offline` where systemd is not the init; undefined where there is no systemctl. */
function systemState(): string | undefined {
  try {
    return execFileSync('systemctl', ['is-system-running'], { stdio: 'pipe' }).toString().trim();
  } catch (error) {
    const { stdout } = error as { stdout?: Buffer };
    const said = stdout?.toString().trim();
    return said === undefined || said === '' ? undefined : said;
  }
}

describeWithSystemd('units of a real systemd', () => {
  const manager = new SystemdManager();
  afterAll(() => manager.remove());

  it('are told of when they fail, restart or are missing, and are counted when they are well', async () => {
    const service = (lines: string) =>
      `[Unit]\nDefaultDependencies=no\nStartLimitIntervalSec=0\n[Service]\n${lines}\n`;
    manager.start({
      'test.target': '[Unit]\nWants=ok.service bad.service loop.service\n',
      'ok.service': service('Type=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true'),
      'bad.service': service('Type=oneshot\nExecStart=/bin/false'),
      'loop.service': service('ExecStart=/bin/false\nRestart=always\nRestartSec=100ms'),
    });
    const config = systemdKind.configSchema.parse({ units: ['ok.service', 'gone.service'] });
    const collector = createSystemdCollector(config, createSystemctl(10_000, manager.systemctl), deps);
    const look = async () => {
      const collected = await collector.collect(signal).catch(() => ({ samples: [] }));
      const unit = (name: string) => collected.samples.find(({ tags }) => tags['name'] === name);
      return { samples: collected.samples, unit };
    };
    let seen = await look();
    while (
      (Number(seen.unit('loop.service')?.fields['restarts_5min']) || 0) < 3 ||
      seen.unit('bad.service') === undefined
    ) {
      await systemClock.sleep(100, signal);
      seen = await look();
    }
    const { unit, samples } = seen;
    expect(unit('bad.service')).toMatchObject({
      tags: { load: 'loaded', active: 'failed', sub: 'failed', uf_state: 'static' },
      fields: { load_code: 0, active_code: 3, sub_code: 12, restarts: 0 },
    });
    expect(unit('ok.service')).toMatchObject({
      tags: { active: 'active', sub: 'exited' },
      fields: { active_code: 0, sub_code: 4 },
    });
    expect(unit('gone.service')).toMatchObject({ fields: { load_code: 2, active_code: 2 } });
    expect(samples[0]).toMatchObject({ measurement: 'systemd_manager' });
    expect(Number(samples[0]?.fields['units_failed_count'])).toBeGreaterThanOrEqual(1);
    expect(throughCentral(samples)).toEqual({ points: samples.length, refusals: [] });
  });

  it('are the same whether they are listed or shown', async () => {
    const systemctl = createSystemctl(10_000, manager.systemctl);
    const listed = parseList((await systemctl.list(signal)).stdout);
    const shown = parseShow((await systemctl.show([], true, signal)).stdout);
    const loadOf = (units: readonly UnitState[]) => units.map(({ name, load }) => `${name} ${load}`).sort();
    expect(listed.length).toBeGreaterThan(3);
    expect(loadOf(shown)).toEqual(loadOf(listed));
  });
});
