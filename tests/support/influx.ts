import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { ServerProcess, temporaryDirectory } from './server-process.ts';

export interface InfluxServer {
  readonly url: string;
  readonly dataDirectory: string;
  readonly pid: number;
  readonly log: string;
  /** Waits until the process has gone. */
  kill(signal: NodeJS.Signals): Promise<void>;
  /** `kill -9` if it still runs, then the same port and data. */
  restart(): Promise<void>;
  /** Ends it and removes its data. */
  stop(): Promise<void>;
}

/** A real InfluxDB 1.x on free ports of 127.0.0.1, its data in a temporary directory. */
export async function startInflux(options: { authEnabled?: boolean } = {}): Promise<InfluxServer> {
  const program = requirePart('influxd');
  const directory = temporaryDirectory('influx');
  const [httpPort, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const configFile = join(directory.path, 'influxdb.conf');
  writeFileSync(
    configFile,
    influxConfig(directory.path, { httpPort, rpcPort, authEnabled: options.authEnabled === true }),
  );
  const server = new ServerProcess({
    program,
    args: ['-config', configFile],
    isReady: () => answersPing(url),
  });
  const stop = async (): Promise<void> => {
    await server.dispose();
    directory.remove();
  };
  try {
    await server.start();
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    url,
    dataDirectory: directory.path,
    get pid() {
      return server.pid;
    },
    get log() {
      return server.log;
    },
    kill: (signal) => server.kill(signal),
    restart: async () => {
      await server.kill('SIGKILL');
      await server.start();
    },
    stop,
  };
}

function influxConfig(
  directory: string,
  options: { httpPort: number; rpcPort: number; authEnabled: boolean },
): string {
  return `
reporting-disabled = true
bind-address = "127.0.0.1:${options.rpcPort}"
[meta]
  dir = "${directory}/meta"
  logging-enabled = false
[data]
  dir = "${directory}/data"
  wal-dir = "${directory}/wal"
  index-version = "inmem"
  query-log-enabled = false
  cache-max-memory-size = 268435456
[coordinator]
  write-timeout = "10s"
[monitor]
  store-enabled = false
[subscriber]
  enabled = false
[continuous_queries]
  enabled = false
[http]
  bind-address = "127.0.0.1:${options.httpPort}"
  auth-enabled = ${options.authEnabled}
  log-enabled = false
[logging]
  level = "error"
  suppress-logo = true
`;
}

async function answersPing(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/ping`, { signal: AbortSignal.timeout(1_000) })).status === 204;
  } catch {
    return false;
  }
}
