import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { startServer, temporaryDirectory, type TestServer } from './server-process.ts';

export interface InfluxServer extends TestServer {
  readonly url: string;
  readonly dataDirectory: string;
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
  const command = { program, args: ['-config', configFile], isReady: () => answersPing(url) };
  const server = await startServer(command, directory);
  return Object.assign(server, { url, dataDirectory: directory.path });
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
