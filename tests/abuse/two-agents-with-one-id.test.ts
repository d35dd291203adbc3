import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AGENT_PASSWORD, CentralProgram } from '../support/central-program.ts';
import { startMosquitto, type MosquittoServer } from '../support/mosquitto.ts';
import { describeWith } from '../support/parts.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const AGENT = 'gw-26734-01';
const LOGGED = 'another agent uses the id of this one';
const WITHIN_MS = 60_000;

let directory: TemporaryDirectory;
let central: CentralProgram;
let brokerUrl: string;
let mosquitto: MosquittoServer | undefined;
let edges: Wardwatch[];

beforeEach(() => {
  directory = temporaryDirectory('twins');
  edges = [];
});
afterEach(async () => {
  for (const edge of edges) await edge.end('SIGKILL');
  await central.end('SIGKILL');
  await mosquitto?.stop();
  mosquitto = undefined;
  directory.remove();
});

async function startCentral(broker?: object): Promise<void> {
  const centralDirectory = join(directory.path, 'central');
  mkdirSync(centralDirectory);
  central = await CentralProgram.start({
    directory: centralDirectory,
    agents: [AGENT],
    ...(broker !== undefined && { broker }),
  });
  brokerUrl = central.brokerUrl;
}

async function startWithMosquitto(): Promise<void> {
  mosquitto = await startMosquitto();
  await startCentral({ kind: 'external', url: mosquitto.url });
  brokerUrl = mosquitto.url;
}

function startEdge(name: string, url = brokerUrl): Wardwatch {
  const file = join(directory.path, `${name}.yaml`);
  const config = {
    agent: AGENT,
    dataDirectory: join(directory.path, name),
    broker: { url, username: AGENT, password: AGENT_PASSWORD },
    collectors: [{ kind: 'server', intervalMs: 1_000 }],
  };
  writeFileSync(file, JSON.stringify(config));
  const edge = new Wardwatch(['edge', '--config', file]);
  edges.push(edge);
  return edge;
}

async function problems(): Promise<string[]> {
  const agent = await central.get<{ problems: { problem: string }[] }>(`/api/v1/agents/${AGENT}`);
  return agent.problems.map(({ problem }) => problem);
}

async function untilSeen(): Promise<void> {
  await vi.waitFor(async () => expect(await central.ledgerOf(AGENT)).toBeDefined(), {
    timeout: 20_000,
    interval: 100,
  });
}

async function expectNamed(): Promise<void> {
  await vi.waitFor(
    async () => {
      expect(await problems()).toEqual(['twins']);
      const { items } = await central.get<{ items: { rule: string }[] }>('/api/v1/alerts?state=active');
      expect(items.map(({ rule }) => rule)).toContain('agent_twins');
      for (const edge of edges) expect(edge.stderr).toContain(LOGGED);
    },
    { timeout: WITHIN_MS, interval: 200 },
  );
}

describe('two agents with one id', () => {
  it('are named within a minute at both, in the API and by an alert', async () => {
    await startCentral();
    startEdge('one');
    startEdge('other');
    await untilSeen();
    await expectNamed();
  });

  it('are named, too, where the disk of one is a copy of the other, down to its queue', async () => {
    await startCentral();
    const original = startEdge('original');
    await untilSeen();
    await original.end('SIGTERM');
    edges = [];
    cpSync(join(directory.path, 'original'), join(directory.path, 'copy'), { recursive: true });
    startEdge('original');
    startEdge('copy');
    await expectNamed();
  });
});

describeWith(['mosquitto'], 'two agents with one id at another broker', () => {
  it('are named within a minute', async () => {
    await startWithMosquitto();
    startEdge('one');
    startEdge('other');
    await expectNamed();
  });
});

/** Passes connections on, each from another address, and cuts each off after `lastsMs`. */
async function startBadLine(
  target: URL,
  lastsMs: number,
): Promise<{ url: string; cuts: () => number; close: () => void }> {
  let connections = 0;
  let cuts = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const localAddress = `127.0.0.${2 + (connections++ % 5)}`;
    const far = connect({ host: target.hostname, port: Number(target.port), localAddress });
    const timer = setTimeout(() => {
      cuts++;
      near.destroy();
      far.destroy();
    }, lastsMs);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        clearTimeout(timer);
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    near.pipe(far).pipe(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cuts: () => cuts,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

describe('one agent', () => {
  it('on a line that breaks again and again, from changing addresses, is not called two, nor when it is started anew', async () => {
    await startCentral();
    const line = await startBadLine(new URL(brokerUrl), 300);
    const first = startEdge('one', line.url);
    await vi.waitFor(() => expect(line.cuts()).toBeGreaterThanOrEqual(3), { timeout: 30_000, interval: 50 });
    await first.end('SIGKILL');
    const second = startEdge('one', line.url);
    await vi.waitFor(() => expect(line.cuts()).toBeGreaterThanOrEqual(5), { timeout: 30_000, interval: 50 });
    line.close();
    await untilSeen();
    expect(await problems()).toEqual([]);
    expect(first.stderr + second.stderr).not.toContain(LOGGED);
  });
});
