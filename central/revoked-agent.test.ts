import { mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkConfig } from '../runtime/config.ts';
import { silentLogger } from '../runtime/logger.ts';
import { openAgentCredentials } from './access/agent-credentials.ts';
import { centralConfigSchema } from './config/config.ts';
import { createCentral, type Central } from './main.ts';
import { openStateDatabase } from './state/database.ts';

let directory: string;
let central: Central;
let sockets: Socket[];

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-revoked-'));
  sockets = [];
  const raw = { dataDirectory: directory, api: { port: 0 }, broker: { kind: 'embedded', port: 0 } };
  central = createCentral(checkConfig('test', raw, centralConfigSchema), {
    log: silentLogger,
    version: 'test',
    env: {},
    checkAgentConfig: () => Promise.resolve([]),
  });
  await central.start(new AbortController().signal);
});
afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  await central.stop();
  rmSync(directory, { recursive: true });
});

function field(text: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(text));
  return Buffer.concat([length, Buffer.from(text)]);
}

/** Connects as an agent with a new password (MQTT 3.1.1, 3.1); resolves once the broker has accepted it. */
async function agentSession(agent: string): Promise<Socket> {
  const password = central.credentials().issue(agent, Date.now());
  const body = Buffer.concat([
    field('MQTT'),
    Buffer.from([4, 0b1100_0010, 0, 60]),
    ...[agent, agent, password].map(field),
  ]);
  const socket = connect(Number(new URL(central.brokerUrl()).port), '127.0.0.1');
  sockets.push(socket);
  socket.write(Buffer.concat([Buffer.from([0x10, body.length]), body]));
  const [connack] = (await once(socket, 'data')) as [Buffer];
  expect([...connack]).toEqual([0x20, 2, 0, 0]);
  return socket;
}

describe('an agent whose password is revoked', () => {
  it('is disconnected within a second by the API, and the others stay', async () => {
    const [revoked, other] = [await agentSession('gw-1'), await agentSession('gw-2')];
    const closed = once(revoked, 'close', { signal: AbortSignal.timeout(1_000) });
    const answer = await fetch(`${central.apiUrl()}/api/v1/agents/gw-1/credential`, {
      method: 'DELETE',
      headers: { authorization: `Bearer ${central.createAdminToken()}` },
    });
    expect(answer.status).toBe(204);
    await closed;
    expect(other.closed).toBe(false);
  });

  it('is disconnected when the command line does it, which is another process', async () => {
    const [revoked, other] = [await agentSession('gw-1'), await agentSession('gw-2')];
    const closed = once(revoked, 'close', { signal: AbortSignal.timeout(2_000) });
    const database = openStateDatabase(join(directory, 'state.db'));
    openAgentCredentials(database).revoke('gw-1');
    database.close();
    await closed;
    expect(other.closed).toBe(false);
  });
});
