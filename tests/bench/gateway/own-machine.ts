import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChronyd } from '../../support/chronyd.ts';
import { freeUdpPorts } from '../../support/free-udp-ports.ts';
import { temporaryDirectory } from '../../support/server-process.ts';
import { SystemdManager } from '../../support/systemd-manager.ts';
import { until } from '../sleep.ts';

/** What a gateway reads on its own machine, simulated so that the bench runs anywhere. */
export interface OwnMachine {
  /** Put in front of the gateway's PATH: its systemctl and chronyc talk to the bench's systemd and chronyd. */
  readonly programsDirectory: string;
  /** Filled as packaging/systemd/wardwatch-smart does it. */
  readonly reportsDirectory: string;
  stop(): Promise<void>;
}

/** About what a Debian gateway has loaded. */
const SERVICES = 60;
const FAILED = 2;
const REPORTS = 'edge/collectors/smart/testdata';
const START_LIMIT_S = 20;

export async function startOwnMachine(root: string): Promise<OwnMachine> {
  const stops: (() => Promise<void> | void)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  const scratch = temporaryDirectory('own-machine');
  stops.push(() => scratch.remove());
  const programsDirectory = join(scratch.path, 'bin');
  const reportsDirectory = join(scratch.path, 'smart');
  mkdirSync(programsDirectory);
  mkdirSync(reportsDirectory);
  try {
    for (const disk of ['ata', 'nvme']) {
      copyFileSync(join(root, REPORTS, `${disk}.json`), join(reportsDirectory, `${disk}.json`));
    }
    const [port = 0] = await freeUdpPorts(1);
    const daemon = startChronyd(port, ['local stratum 5', 'port 0']);
    stops.push(() => daemon.stop());
    const chronyc = `#!/bin/sh\nexec /usr/bin/chronyc ${daemon.chronycOptions.join(' ')} "$@"\n`;
    writeFileSync(join(programsDirectory, 'chronyc'), chronyc, { mode: 0o755 });
    if (!existsSync('/run/systemd/system')) {
      const manager = new SystemdManager();
      stops.push(() => manager.remove());
      manager.start(units());
      symlinkSync(manager.systemctl, join(programsDirectory, 'systemctl'));
      await until('systemd has started its units', START_LIMIT_S, async () =>
        hasFailedUnits(manager.systemctl),
      );
    }
    return { programsDirectory, reportsDirectory, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function units(): Record<string, string> {
  const names = Array.from({ length: SERVICES }, (_unused, number) => `service-${number}.service`);
  const service = (number: number): string =>
    `[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/${number < FAILED ? 'false' : 'true'}\n`;
  return {
    'test.target': `[Unit]\nWants=${names.join(' ')}\n`,
    ...Object.fromEntries(names.map((name, number) => [name, service(number)])),
  };
}

function hasFailedUnits(systemctl: string): boolean {
  try {
    const listed = execFileSync(systemctl, ['list-units', '--failed', '--plain', '--no-legend'], {
      stdio: 'pipe',
    });
    return listed.toString().split('\n').filter(Boolean).length === FAILED;
  } catch {
    return false; // It does not answer yet.
  }
}
