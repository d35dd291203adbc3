import type { Central } from '../central/main.ts';
import type { Service } from '../runtime/service.ts';

export interface ProgressOptions {
  readonly central: Central;
  readonly json: boolean;
  readonly expectedAgents: number;
}

const EVERY_MS = 1_000;
/** Without a terminal, a line each second would fill a log file. */
const PLAIN_EVERY_MS = 10_000;

/** Samples per second, agents, lag, alerts: a line that is redrawn on a terminal, or JSON lines. */
export function createProgress(options: ProgressOptions): Service {
  const { central, json } = options;
  const rewrite = !json && process.stdout.isTTY;
  let timer: NodeJS.Timeout | undefined;

  const show = (): void => {
    const status = central.status();
    if (json) {
      process.stdout.write(`${JSON.stringify({ event: 'progress', ...status })}\n`);
      return;
    }
    const lag = `${Math.round(status.lagMs)} ms`;
    const line = `  ${Math.round(status.samplesPerS)} samples/s · ${status.agentsLive} of ${options.expectedAgents} agents · lag ${lag} · ${status.activeAlerts} alerts · stored ${status.storedPoints}`;
    process.stdout.write(rewrite ? `\r\u001b[K${line}` : `${line}\n`);
  };

  return {
    name: 'progress',
    start: async () => {
      timer = setInterval(show, json || rewrite ? EVERY_MS : PLAIN_EVERY_MS);
    },
    stop: async () => {
      clearInterval(timer);
      if (rewrite) process.stdout.write('\n');
    },
  };
}
