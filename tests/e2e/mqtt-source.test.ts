import { createServer, type Server } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Aedes } from 'aedes';
import { connectAsync, type MqttClient } from 'mqtt';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MqttSource } from '../../edge/protocols/mqtt/mqtt-source.ts';
import { MAX_PACKET_BYTES, type Message, type Receipt } from '../../edge/protocols/mqtt/source-link.ts';
import { hasOpenssl, TestAuthority } from '../../edge/protocols/tcp-tls/testing/certificates.ts';
import { systemClock } from '../../runtime/clock.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { freePort } from '../support/free-port.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory } from '../support/server-process.ts';

const sources: MqttSource[] = [];
const clients: MqttClient[] = [];
afterEach(async () => {
  await Promise.all(sources.splice(0).map((source) => source.close()));
  for (const client of clients.splice(0)) client.end(true);
});

/** A source that writes down what it hears. Attempts follow each other at once. */
function listen(
  broker: { url: string } & Record<string, unknown>,
  receive: (text: string) => Promise<Receipt> = async () => ({ durable: Promise.resolve(true) }),
) {
  const heard: string[] = [];
  const losses: string[] = [];
  const source = new MqttSource({
    guard: undefined,
    broker,
    topics: ['a/#'],
    qos: 1,
    clientId: 'source-1',
    onMessage: async ({ payload }: Message) => {
      const text = payload.length > 100 ? `${payload.length} bytes` : payload.toString();
      heard.push(text);
      return receive(text);
    },
    onLoss: (what) => losses.push(what),
    clock: systemClock,
    random: () => 0,
    log: silentLogger,
  });
  sources.push(source);
  source.open();
  return { heard, losses, source };
}

async function client(url: string): Promise<MqttClient> {
  const connected = await connectAsync(url, { protocolVersion: 4 });
  connected.on('error', () => undefined);
  clients.push(connected);
  return connected;
}
const say = async (to: MqttClient, payload: string | Buffer, topic = 'a/b') =>
  to.publishAsync(topic, payload, { qos: 1 });
const poll = (what: () => unknown) => expect.poll(what, { timeout: 20_000 });
/** The subscription is there once something said arrives. */
async function untilListening(to: MqttClient, heard: readonly string[]): Promise<void> {
  await poll(async () => {
    await say(to, 'there?');
    return heard.includes('there?');
  }).toBe(true);
}

describeWith(['mosquitto'], 'a source over MQTT', () => {
  let mosquitto: MosquittoServer;
  beforeEach(async () => {
    mosquitto = await startMosquitto({ settings: ['max_packet_size 67108864'] });
    return () => mosquitto.stop();
  });

  it('gets again what could not be kept, and what came while it was away', async () => {
    const speaker = await client(mosquitto.url);
    let isKept = false;
    const first = listen({ url: mosquitto.url }, async (text) => {
      const durable = text === 'there?' || isKept;
      if (text === 'one') isKept = true;
      return { durable: Promise.resolve(durable) };
    });
    await untilListening(speaker, first.heard);
    await say(speaker, 'one');
    await poll(() => first.heard.filter((text) => text === 'one').length).toBe(2);
    await first.source.close();
    await say(speaker, 'two');
    const second = listen({ url: mosquitto.url });
    await poll(() => second.heard.filter((text) => text !== 'there?')).toEqual(['two']);
  });

  it('acknowledges each message when it is safe, and in whatever order that is', async () => {
    const speaker = await client(mosquitto.url);
    const reportDurable = new Map<string, (isSafe: boolean) => void>();
    const first = listen({ url: mosquitto.url }, async (text) => ({
      durable:
        text === 'there?'
          ? Promise.resolve(true)
          : new Promise((resolve) => reportDurable.set(text, resolve)),
    }));
    await untilListening(speaker, first.heard);
    for (const text of ['one', 'two', 'three']) await say(speaker, text);
    await poll(() => reportDurable.size).toBe(3);
    reportDurable.get('three')?.(true);
    reportDurable.get('one')?.(true);
    await first.source.close();
    const second = listen({ url: mosquitto.url });
    await poll(() => second.heard.filter((text) => text !== 'there?')).toEqual(['two']);
  });

  it('lets the broker wait while there is no room', async () => {
    const speaker = await client(mosquitto.url);
    let isFull = true;
    let wake: () => void = () => undefined;
    const { heard } = listen({ url: mosquitto.url }, async (text) => {
      if (text !== 'there?' && isFull) await new Promise<void>((resolve) => (wake = resolve));
      return { durable: Promise.resolve(true) };
    });
    await untilListening(speaker, heard);
    for (let count = 0; count < 50; count++) await say(speaker, `n${count}`);
    await poll(() => heard.includes('n0')).toBe(true);
    expect(heard).not.toContain('n1');
    isFull = false;
    wake();
    await poll(() => heard.filter((text) => text.startsWith('n')).length).toBe(50);
  });

  it('says what is wrong while the broker is away, and goes on when it is back', async () => {
    const { heard, source } = listen({ url: mosquitto.url });
    await untilListening(await client(mosquitto.url), heard);
    expect(source.problem).toBeUndefined();
    await mosquitto.kill('SIGKILL');
    await poll(() => source.problem).toMatch(/connection refused|connection closed/);
    await mosquitto.restart();
    heard.length = 0;
    await untilListening(await client(mosquitto.url), heard);
    expect(source.problem).toBeUndefined();
  });

  it('drops the session over a packet that no memory should hold, says so, and lives', async () => {
    const speaker = await client(mosquitto.url);
    const { heard, losses } = listen({ url: mosquitto.url });
    await untilListening(speaker, heard);
    await say(speaker, Buffer.alloc(MAX_PACKET_BYTES - 100));
    await poll(() => heard).toContain(`${MAX_PACKET_BYTES - 100} bytes`);
    await say(speaker, Buffer.alloc(MAX_PACKET_BYTES + 1));
    heard.length = 0;
    await untilListening(speaker, heard);
    expect(heard.filter((text) => text.endsWith('bytes'))).toEqual([]);
    expect(losses).toEqual([expect.stringContaining('the session was dropped')]);
  });

  it('names a password that is wrong, and one that cannot be read', async () => {
    const strict = await startMosquitto({ users: { source: 'right' } });
    try {
      const wrong = listen({ url: strict.url, username: 'source', password: 'wrong' });
      await poll(() => wrong.source.problem).toMatch(/Not authorized/i);
      const missing = listen({ url: strict.url, username: 'source', passwordFile: '/nowhere/password' });
      await poll(() => missing.source.problem).toMatch(
        /broker\.passwordFile: \/nowhere\/password cannot be read/,
      );
      const right = listen({ url: strict.url, username: 'source', password: 'right' });
      await poll(() => right.source.problem).toBeUndefined();
    } finally {
      await Promise.all(sources.splice(0).map((source) => source.close()));
      await strict.stop();
    }
  });

  it.skipIf(!hasOpenssl)('speaks TLS, and only to whom it trusts', async () => {
    const authority = new TestAuthority();
    const scratch = temporaryDirectory('mqtt-source');
    const { key, cert } = authority.issue('IP:127.0.0.1');
    const keyFile = join(scratch.path, 'key.pem');
    const certFile = join(scratch.path, 'cert.pem');
    writeFileSync(keyFile, key, { mode: 0o600 });
    writeFileSync(certFile, cert);
    const port = await freePort();
    const secure = await startMosquitto({
      settings: [`listener ${port} 127.0.0.1`, `keyfile ${keyFile}`, `certfile ${certFile}`],
    });
    try {
      const url = `mqtts://127.0.0.1:${port}`;
      const distrustful = listen({ url });
      await poll(() => distrustful.source.problem).toMatch(/certificate/);
      await distrustful.source.close();
      const { heard } = listen({ url, tls: { caFile: authority.caFile } });
      await untilListening(await client(secure.url), heard);
    } finally {
      await Promise.all(sources.splice(0).map((source) => source.close()));
      for (const open of clients.splice(0)) open.end(true);
      await secure.stop();
      authority.remove();
      scratch.remove();
    }
  });
});

describe('a broker that will not, or cannot', () => {
  let server: Server | undefined;
  afterEach(async () => {
    await Promise.all(sources.splice(0).map((source) => source.close()));
    server?.close();
  });
  async function serve(onSocket: Parameters<typeof createServer>[1]): Promise<string> {
    const port = await freePort();
    server = createServer(onSocket);
    await new Promise<void>((resolve) => server?.listen(port, '127.0.0.1', resolve));
    return `mqtt://127.0.0.1:${port}`;
  }

  it('refuses the subscription: its topic is named', async () => {
    const broker = await Aedes.createBroker();
    broker.authorizeSubscribe = (_client, _subscription, callback) => callback(null, null);
    const url = await serve(broker.handle);
    const { source } = listen({ url });
    await poll(() => source.problem).toBe('the broker refuses the subscription to a/#');
    await source.close();
    broker.close();
  });

  it('speaks something else: that is an error of this source alone', async () => {
    const url = await serve((socket) => {
      socket.on('error', () => undefined);
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    });
    const { source } = listen({ url });
    await poll(() => source.problem).toBeTypeOf('string');
  });
});
