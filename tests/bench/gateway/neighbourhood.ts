import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../support/free-port.ts';
import { freeUdpPort } from '../../support/snmpd.ts';
import { ServerProcess } from '../../support/server-process.ts';
import { SimulatedDevices } from '../snmp/devices.ts';

/** What a ward gateway watches, on this machine: none of it counts as the gateway's. */
export interface Neighbourhood {
  /** UDP ports of 127.0.0.1, a switch each. */
  readonly switches: readonly number[];
  /** A page at `/`, a node_exporter at `/metrics`. */
  readonly webUrl: string;
  /** An ndt7 server. */
  readonly speedUrl: string;
  /** Where the gateway is to listen: something sends line protocol there. */
  readonly telegrafPort: number;
  stop(): Promise<void>;
}

const SWITCHES = { devices: 4, ports: 24, dead: 0 };
const SPEED_MBPS = 50;
const TELEGRAF_EVERY_MS = 2_000;
const EXPOSITION = 'edge/collectors/prometheus/testdata/node-exporter.prom';

export async function startNeighbourhood(dist: string): Promise<Neighbourhood> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const one of stops.reverse()) await one();
  };
  try {
    const devices = await SimulatedDevices.start(dist, SWITCHES);
    stops.push(() => devices.stop());
    const web = await startWeb(readFileSync(join(dist, '..', EXPOSITION)));
    stops.push(web.stop);
    const speed = await startSpeedServer(dist);
    stops.push(() => speed.server.dispose());
    const telegrafPort = await freeUdpPort();
    stops.push(await startTelegrafSender(telegrafPort));
    return { switches: devices.ports, webUrl: web.url, speedUrl: speed.url, telegrafPort, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWeb(exposition: Buffer): Promise<{ url: string; stop: () => Promise<void> }> {
  const server = createServer((request, answer) => {
    const isMetrics = request.url === '/metrics';
    answer.setHeader('content-type', isMetrics ? 'text/plain; version=0.0.4' : 'text/html');
    answer.end(isMetrics ? exposition : '<p>open</p>');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function startSpeedServer(dist: string): Promise<{ url: string; server: ServerProcess }> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const options = ['--host', '127.0.0.1', '--port', String(port), '--max-mbps', String(SPEED_MBPS)];
  const server = new ServerProcess({
    program: process.execPath,
    args: [join(dist, 'wardwatch.js'), 'ndt7', ...options],
    isReady: () =>
      fetch(url, { signal: AbortSignal.timeout(1_000) }).then(
        () => true,
        () => false,
      ),
  });
  await server.start();
  return { url: `ws://127.0.0.1:${port}`, server };
}

async function startTelegrafSender(port: number): Promise<() => Promise<void>> {
  const socket = createSocket('udp4');
  socket.on('error', () => undefined); // the gateway does not listen yet
  const timer = setInterval(() => {
    const used = 20 + (Date.now() % 50);
    socket.send(`mem,host=app-01 used_percent=${used},total=8589934592i\n`, port, '127.0.0.1');
  }, TELEGRAF_EVERY_MS);
  return async () => {
    clearInterval(timer);
    socket.close();
    await once(socket, 'close');
  };
}
