import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../runtime/clock.ts';
import { FakeNetwork } from '../../../runtime/dial/testing/fake-network.ts';
import { ManualClock } from '../../../runtime/manual-clock.ts';
import { connectMs, createTcpProbe } from './tcp-probe.ts';

const plan = { count: 2, replyTimeoutMs: 1_000 };
const quick = { count: 1, replyTimeoutMs: 1_000 };
const signal = AbortSignal.timeout(9_000);

describe('the TCP probe', () => {
  let server: Server;
  let port: number;
  beforeEach(async () => {
    server = createServer((socket) => socket.destroy());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => void server.close());

  it('measures connections one after the other', async () => {
    const hasty = { ...systemClock, sleep: async () => undefined };
    const burst = await createTcpProbe({ clock: hasty, port, guard: undefined })('127.0.0.1', plan, signal);
    expect(burst).toMatchObject({ transmitted: 2, received: 2 });
    for (const rttMs of burst.rttsMs) expect(rttMs).toBeGreaterThan(0);
  });

  it('counts a refusal as an answer', async () => {
    server.close();
    await once(server, 'close');
    expect(
      await createTcpProbe({ clock: systemClock, port, guard: undefined })('127.0.0.1', quick, signal),
    ).toMatchObject({
      received: 1,
    });
  });

  it('rejects when the name cannot be looked up, and when the run is aborted', async () => {
    const probe = createTcpProbe({ clock: systemClock, port, guard: undefined });
    await expect(probe('nowhere.invalid', quick, signal)).rejects.toThrow(/ENOTFOUND|EAI_AGAIN/);
    const controller = new AbortController();
    const probing = probe('127.0.0.1', { count: 60, replyTimeoutMs: 1_000 }, controller.signal);
    controller.abort(new Error('called off'));
    await expect(probing).rejects.toThrow('called off');
  });
});

describe('a handshake with a name of two addresses', () => {
  const two = async () => [
    { address: 'fd77::2', family: 6 as const },
    { address: '10.77.2.2', family: 4 as const },
  ];

  it.each([
    ['takes the time of the line, not of the dead address before it', { afterMs: 400 }, 400],
    ['takes up to the whole timeout', { afterMs: 1_900 }, 1_900],
    ['counts a refusal', { afterMs: 400, error: 'ECONNREFUSED' }, 400],
    ['without any answer is a loss', undefined, undefined],
    ['that no router knows is a loss', { afterMs: 3, error: 'EHOSTUNREACH' }, undefined],
  ])('%s', async (_name, behaviour, expected) => {
    const clock = new ManualClock();
    const network = new FakeNetwork({ 'fd77::2': undefined, '10.77.2.2': behaviour }, clock);
    const attempt = { address: 'broker.city.test', port: 1_883, timeoutMs: 2_000, guard: undefined, signal };
    const rttMs = connectMs(attempt, { clock, lookUp: two, connect: network.connect });
    await clock.advance(3_000);
    expect(await rttMs).toBe(expected);
  });
});
