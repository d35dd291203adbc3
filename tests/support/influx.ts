import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { startServer, temporaryDirectory, type TestServer } from './server-process.ts';

export interface InfluxServer extends TestServer {
  readonly url: string;
  readonly dataDirectory: string;
  /** Other settings of section `data`, from the next restart on. */
  configure(data: InfluxOptions['data']): void;
}

export interface InfluxOptions {
  readonly authEnabled?: boolean;
  /** Of its section `data`, such as `{ 'max-series-per-database': 20 }`. */
  readonly data?: Readonly<Record<string, number>>;
}

/** A real InfluxDB 1.x on free ports of 127.0.0.1, its data in a temporary directory. */
export async function startInflux(options: InfluxOptions = {}): Promise<InfluxServer> {
  const program = requirePart('influxd');
  const directory = temporaryDirectory('influx');
  const [httpPort, rpcPort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${httpPort}`;
  const configFile = join(directory.path, 'influxdb.conf');
  const configure = (data: InfluxOptions['data']): void =>
    writeFileSync(
      configFile,
      influxConfig(directory.path, { httpPort, rpcPort, ...options, ...(data !== undefined && { data }) }),
    );
  configure(options.data);
  const command = { program, args: ['-config', configFile], isReady: () => answersPing(url) };
  const server = await startServer(command, directory);
  return Object.assign(server, { url, dataDirectory: directory.path, configure });
}

/**
 * Runs statements that answer with nothing, such as CREATE and GRANT; `parameters` as `{ db, u, p }`. InfluxDB sends the headers
 * of its answer before it runs them: only the end of the body says that they are done.
 */
export async function runOnInflux(
  url: string,
  statements: string,
  parameters: Readonly<Record<string, string>> = {},
): Promise<void> {
  const address = `${url}/query?${new URLSearchParams(parameters).toString()}`;
  const answer = await fetch(address, { method: 'POST', body: new URLSearchParams({ q: statements }) });
  const text = await answer.text();
  if (!answer.ok || text.includes('"error"'))
    throw new Error(`InfluxDB: status ${answer.status}: ${text.slice(0, 1_000)}`);
}

function influxConfig(
  directory: string,
  options: InfluxOptions & { httpPort: number; rpcPort: number },
): string {
  const data = { 'cache-max-memory-size': 268_435_456, ...options.data };
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
${Object.entries(data)
  .map(([name, value]) => `  ${name} = ${value}`)
  .join('\n')}
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
  auth-enabled = ${options.authEnabled === true}
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
