import { execFile } from 'node:child_process';
import type { Logger } from './logger.ts';
import type { Service } from './service.ts';

const PROGRAM = 'systemd-notify';
const TIMEOUT_MS = 5_000;

/**
 * Notifies systemd that the program is ready and, while its event loop runs, alive (sd_notify(3); `Type=notify`,
 * `WatchdogSec=`, `NotifyAccess=all`). Uses the program systemd-notify, because Node has no Unix datagram sockets.
 * Undefined when systemd did not start this process.
 */
export function systemdNotifier(env: NodeJS.ProcessEnv, log: Logger): Service | undefined {
  if (env['NOTIFY_SOCKET'] === undefined) return undefined;
  const watchdogUs = Number(env['WATCHDOG_USEC']);
  let timer: NodeJS.Timeout | undefined;
  const notify = (...states: string[]): Promise<void> =>
    new Promise((resolve) => {
      execFile(PROGRAM, states, { env, timeout: TIMEOUT_MS }, (error) => {
        if (error !== null) log.warn({ err: error, states }, 'systemd could not be notified');
        resolve();
      });
    });
  return {
    name: 'systemd',
    start: async () => {
      await notify('READY=1');
      // Half the time, as sd_watchdog_enabled(3) advises.
      if (watchdogUs > 0) timer = setInterval(() => void notify('WATCHDOG=1'), watchdogUs / 2_000);
    },
    stop: async () => {
      clearInterval(timer);
      await notify('STOPPING=1');
    },
  };
}
