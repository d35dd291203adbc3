import { execFileSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { onNsa } from '../../../simulators/devices/modem/modem-state.ts';
import { startModem } from '../../../simulators/devices/modem/modem.ts';
import { freePort } from '../../support/free-port.ts';
import { freeUdpPort } from '../../support/snmpd.ts';
import { startMosquitto } from '../../support/mosquitto.ts';
import { startNut } from '../../support/nut.ts';
import { requirePart } from '../../support/parts.ts';
import { ServerProcess, temporaryDirectory } from '../../support/server-process.ts';
import { SimulatedDevices } from '../snmp/devices.ts';
import { startOwnMachine, type OwnMachine } from './own-machine.ts';

/** What the gateway of the bench monitors, on this machine; none of it is measured as the gateway's. */
export interface Neighbourhood {
  /** UDP ports of 127.0.0.1, one per switch. */
  readonly switches: readonly number[];
  /** A page at `/`, a node_exporter at `/metrics`. */
  readonly webUrl: string;
  /** An ndt7 server. */
  readonly speedUrl: string;
  /** UDP port on which the gateway listens for line protocol. */
  readonly telegrafPort: number;
  /** A terminal with a simulated 5G modem. */
  readonly modemPath: string;
  /** An upsd of Network UPS Tools. */
  readonly upsPort: number;
  /** A broker where sensors publish in the format of Zigbee2MQTT. */
  readonly sensorsUrl: string;
  readonly certificateFile: string;
  readonly ownMachine: OwnMachine;
  stop(): Promise<void>;
}

const SWITCHES = { devices: 4, ports: 24, dead: 0 };
const SPEED_MBPS = 50;
const TELEGRAF_EVERY_MS = 2_000;
/** Each of them publishes about every minute. */
const SENSORS = 8;
const SENSOR_EVERY_MS = 60_000 / SENSORS;
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
    const scratch = temporaryDirectory('neighbourhood');
    stops.push(async () => scratch.remove());
    const modemPath = join(scratch.path, 'modem');
    const modem = await startModem({ socat: requirePart('socat'), path: modemPath, replies: onNsa() });
    stops.push(() => modem.close());
    const nut = await startNut({ ups: { 'ups.status': 'OL', 'battery.charge': '87', 'ups.load': '34' } });
    stops.push(() => nut.stop());
    const sensors = await startSensors();
    stops.push(sensors.stop);
    const ownMachine = await startOwnMachine(join(dist, '..'));
    stops.push(() => ownMachine.stop());
    return {
      switches: devices.ports,
      webUrl: web.url,
      speedUrl: speed.url,
      telegrafPort,
      modemPath,
      upsPort: nut.port,
      sensorsUrl: sensors.url,
      ownMachine,
      certificateFile: selfSignedCertificate(scratch.path),
      stop,
    };
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
  socket.on('error', () => undefined); // The gateway does not listen yet.
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

async function startSensors(): Promise<{ url: string; stop: () => Promise<void> }> {
  const broker = await startMosquitto();
  const client = await mqtt.connectAsync(broker.url);
  let said = 0;
  const timer = setInterval(() => {
    const reading = { temperature: 24 + (said % 5), humidity: 60, battery: 87, linkquality: 91 };
    client.publish(`zigbee2mqtt/sensor-${said++ % SENSORS}`, JSON.stringify(reading));
  }, SENSOR_EVERY_MS);
  return {
    url: broker.url,
    stop: async () => {
      clearInterval(timer);
      await client.endAsync(true);
      await broker.stop();
    },
  };
}

function selfSignedCertificate(directory: string): string {
  const file = join(directory, 'portal.pem');
  const command = `req -x509 -newkey rsa:2048 -nodes -days 90 -subj /CN=portal -keyout ${directory}/key.pem -out ${file}`;
  execFileSync(requirePart('openssl'), command.split(' '), { stdio: 'ignore' });
  return file;
}
