import { systemClock } from '../runtime/clock.ts';
import { codeOf, EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { createLogger } from '../runtime/logger.ts';
import { readTextFile } from '../runtime/secret-source.ts';
import { runServices } from '../runtime/service.ts';
import { DEFAULT_LIMITS } from '../simulators/devices/ndt7/limits.ts';
import { createNdt7Server } from '../simulators/devices/ndt7/ndt7-server.ts';
import { print, terminalJson } from './terminal.ts';

export interface Ndt7Command {
  readonly host: string;
  readonly port: number;
  readonly cert?: string;
  readonly key?: string;
  readonly maxClients: number;
  readonly maxMbps?: number;
  readonly json?: true;
}

const STOP_TIMEOUT_MS = 5_000;

/** A speed test server for the city's own lines, until `shutdown`. */
export async function runNdt7Command(options: Ndt7Command, shutdown: AbortSignal): Promise<void> {
  const { host, port, cert, key, maxClients, maxMbps } = options;
  if ((cert === undefined) !== (key === undefined)) {
    throw new UserError(EXIT.badConfig, ['--cert and --key: expected both or neither']);
  }
  const server = createNdt7Server({
    host,
    port,
    ...(cert !== undefined &&
      key !== undefined && { tls: { cert: readTextFile('--cert', cert), key: readTextFile('--key', key) } }),
    limits: {
      ...DEFAULT_LIMITS,
      maxClients,
      ...(maxMbps !== undefined && { maxBitsPerSecond: maxMbps * 1_000_000 }),
    },
    clock: systemClock,
    log: createLogger({ name: 'ndt7', level: 'info' }),
  });
  try {
    await runServices([server], {
      log: createLogger({ name: 'ndt7', level: 'warn' }),
      shutdown,
      stopTimeoutMs: STOP_TIMEOUT_MS,
      onReady: () => announce(options, server.url()),
    });
  } catch (error) {
    if (codeOf(error) !== 'EADDRINUSE') throw error;
    throw new UserError(EXIT.portInUse, [`port ${port} is in use: ${messageOf(error)}`], error);
  }
}

function announce({ json }: Ndt7Command, url: string): void {
  print(json === true ? terminalJson({ event: 'ready', url }) : `ready at ${url}\n`);
}
