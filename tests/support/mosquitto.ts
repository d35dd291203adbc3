import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { acceptsConnections } from './accepts-connections.ts';
import { freePort } from './free-port.ts';
import { requirePart } from './parts.ts';
import { startServer, temporaryDirectory, type TestServer } from './server-process.ts';

export interface MosquittoOptions {
  /** Default: true, unless there are users. */
  readonly allowAnonymous?: boolean;
  /** User → password. */
  readonly users?: Readonly<Record<string, string>>;
  /** Lines of an ACL file, such as `pattern write wardwatch/1/+/%u/up`. */
  readonly acl?: readonly string[];
  /** More lines of mosquitto.conf. */
  readonly settings?: readonly string[];
}

/** Nothing persists over a restart. */
export interface MosquittoServer extends TestServer {
  readonly url: string;
  readonly port: number;
}

/** A real Mosquitto on a free port of 127.0.0.1, configured as docs recommend for production: packets up to 64 KiB. */
export function startMosquitto(options: MosquittoOptions = {}): Promise<MosquittoServer> {
  return startMosquittoWith((directory, port) => mosquittoConfig(directory, port, options));
}

/** A real Mosquitto with a mosquitto.conf of the test's own; what it names may be put in `directory`. */
export async function startMosquittoWith(
  configure: (directory: string, port: number) => string,
  scheme: 'mqtt' | 'mqtts' = 'mqtt',
): Promise<MosquittoServer> {
  const program = requirePart('mosquitto');
  const directory = temporaryDirectory('mosquitto');
  const port = await freePort();
  const configFile = join(directory.path, 'mosquitto.conf');
  writeFileSync(configFile, configure(directory.path, port));
  const command = { program, args: ['-c', configFile], isReady: () => acceptsConnections(port) };
  const server = await startServer(command, directory);
  return Object.assign(server, { url: `${scheme}://127.0.0.1:${port}`, port });
}

function mosquittoConfig(directory: string, port: number, options: MosquittoOptions): string {
  const anonymous = options.allowAnonymous ?? options.users === undefined;
  const lines = [
    `listener ${port} 127.0.0.1`,
    'persistence false',
    'max_packet_size 65536',
    'log_type error',
    ...(options.settings ?? []),
    `allow_anonymous ${anonymous}`,
    // Started by root, Mosquitto would change to a user that cannot read the temporary directory.
    ...(process.getuid?.() === 0 ? ['user root'] : []),
  ];
  if (options.users !== undefined) lines.push(`password_file ${writePasswords(directory, options.users)}`);
  if (options.acl !== undefined) {
    const file = join(directory, 'acl');
    writeFileSync(file, `${options.acl.join('\n')}\n`, { mode: 0o600 });
    lines.push(`acl_file ${file}`);
  }
  return `${lines.join('\n')}\n`;
}

/** Returns the file, with hashed passwords. */
export function writePasswords(directory: string, users: Readonly<Record<string, string>>): string {
  const file = join(directory, 'passwords');
  const lines = Object.entries(users).map(([user, password]) => `${user}:${password}\n`);
  writeFileSync(file, lines.join(''), { mode: 0o600 });
  const hashed = spawnSync('mosquitto_passwd', ['-U', file]);
  if (hashed.status !== 0) throw new Error(`mosquitto_passwd failed: ${String(hashed.stderr)}`);
  return file;
}
