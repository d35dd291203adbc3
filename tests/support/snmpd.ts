import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCredentials, type CredentialsConfig } from '../../edge/protocols/snmp/credentials.ts';
import { openSnmpSession } from '../../edge/protocols/snmp/open-session.ts';
import { requirePart } from './parts.ts';
import { ServerProcess, temporaryDirectory } from './server-process.ts';

const COMMUNITY = 'for-the-test';
const UP_TIME = '1.3.6.1.2.1.1.3.0';

/** Debian's snmpd on a port of 127.0.0.1; everything that it writes is in a temporary directory. */
export class Snmpd {
  readonly port: number;
  readonly #directory = temporaryDirectory('snmpd');
  readonly #address: string;
  readonly #process: ServerProcess;

  constructor(port: number, address = '127.0.0.1') {
    this.port = port;
    this.#address = address;
    this.#process = new ServerProcess({
      // These take precedence over the built-in directories.
      program: '/usr/bin/env',
      args: [
        `SNMP_PERSISTENT_DIR=${this.#persistent}`,
        `SNMPCONFPATH=${this.#directory.path}`,
        'MIBS=',
        requirePart('snmpd'),
        ...['-f', '-C', '-c', this.#configFile, '-Le', '-I', '-smux'],
      ],
      isReady: () => this.#answers(),
    });
  }

  get community(): string {
    return COMMUNITY;
  }

  get log(): string {
    return this.#process.log;
  }

  get #configFile(): string {
    return join(this.#directory.path, 'snmpd.conf');
  }

  get #persistent(): string {
    return join(this.#directory.path, 'persistent');
  }

  /** Lines of snmpd.conf(5) besides the address and the test's community. */
  async start(lines: readonly string[]): Promise<void> {
    mkdirSync(this.#persistent, { recursive: true });
    const own = [`agentaddress udp:${this.#address}:${this.port}`, `rwcommunity ${COMMUNITY}`];
    writeFileSync(this.#configFile, [...own, ...lines, ''].join('\n'));
    await this.#process.start();
  }

  /** SIGTERM lets it save its number of restarts; SIGKILL does not. */
  async kill(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    await this.#process.kill(signal);
  }

  /** As after a factory reset: deletes users, engine id and the number of restarts. */
  forget(): void {
    rmSync(this.#persistent, { recursive: true });
  }

  async dispose(): Promise<void> {
    await this.#process.dispose();
    this.#directory.remove();
  }

  async #answers(): Promise<boolean> {
    const v2c: CredentialsConfig = { version: '2c', community: { value: COMMUNITY } };
    const session = await openSnmpSession(
      {
        address: this.#address,
        port: this.port,
        guard: undefined,
        credentials: readCredentials('test', v2c, {}),
        replyTimeoutMs: 500,
      },
      AbortSignal.timeout(5_000),
    );
    try {
      return (await session.get([UP_TIME], AbortSignal.timeout(2_000))).length === 1;
    } catch {
      return false;
    } finally {
      await session.close();
    }
  }
}

/** A UDP port of this address that was free when it was checked. */
export async function freeUdpPort(address = '127.0.0.1'): Promise<number> {
  const socket = createSocket('udp4');
  socket.bind(0, address);
  await once(socket, 'listening');
  const { port } = socket.address();
  socket.close();
  await once(socket, 'close');
  return port;
}
