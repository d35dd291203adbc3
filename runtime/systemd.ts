import { execFile } from 'node:child_process';
import type { Logger } from './logger.ts';
import type { Service } from './service.ts';

const PROGRAM = 'systemd-notify';
const TIMEOUT_MS = 5_000;

/**
 * Tells systemd that the program is ready and, as long as its event loop turns, alive (sd_notify(3); `Type=notify`,
 * `WatchdogSec=`, `NotifyAccess=all`). Node has no datagram sockets of the Unix kind, so systemd's own program speaks.
 * Undefined when systemd did not start this process.
 */
export function systemdNotifier(env: NodeJS.ProcessEnv, log: Logger): Service | undefined {
  if (env['NOTIFY_SOCKET'] === undefined) return undefined;
  const watchdogUs = Number(env['WATCHDOG_USEC']);
  let timer: NodeJS.Timeout | undefined;
  const tell = (...states: string[]): Promise<void> =>
    new Promise((resolve) => {
      execFile(PROGRAM, states, { env, timeout: TIMEOUT_MS }, (error) => {
        if (error !== null) log.warn({ err: error, states }, 'systemd could not be told');
        resolve();
      });
    });
  return {
    name: 'systemd',
    start: async () => {
      await tell('READY=1');
      // Half the time, as sd_watchdog_enabled(3) advises.
      if (watchdogUs > 0) timer = setInterval(() => void tell('WATCHDOG=1'), watchdogUs / 2_000);
    },
    stop: async () => {
      clearInterval(timer);
      await tell('STOPPING=1');
    },
  };
}
