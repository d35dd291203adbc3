import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '../manual-clock.ts';
import type { Address } from './address.ts';
import { alternateFamilies } from './address.ts';
import { dial, raceAddresses } from './dial.ts';
import { DialError } from './dial-error.ts';
import { FakeNetwork, type Behaviour } from './testing/fake-network.ts';

const SIX = 'fd77::2';
const FOUR = '10.77.2.2';
const addressesOf = (...texts: string[]): Address[] =>
  texts.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** Connects to a name with these addresses, for so long. */
async function tryFor(
  totalMs: number,
  behaviours: Readonly<Record<string, Behaviour>>,
  options: { readonly attemptTimeoutMs?: number; readonly signal?: AbortSignal } = {},
) {
  const clock = new ManualClock();
  const network = new FakeNetwork(behaviours, clock);
  const startMs = clock.monotonicMs();
  const outcome = raceAddresses(
    { host: 'broker.city.test', port: 1_883 },
    addressesOf(...Object.keys(behaviours)),
    {
      guard: undefined,
      signal: new AbortController().signal,
      ...options,
      clock,
      connect: network.connect,
    },
  ).then(
    ({ address, connectMs }) => ({
      address: address.address,
      connectMs,
      error: undefined,
      atMs: clock.monotonicMs() - startMs,
    }),
    (error: unknown) => ({ error: error as Error, atMs: clock.monotonicMs() - startMs }),
  );
  await clock.advance(totalMs);
  return { ...(await outcome), attempts: network.attempts, sockets: network.sockets, clock };
}

describe('connecting to a name with two addresses', () => {
  it('over a line of 400 ms reaches the one that answers, although the other is a black hole', async () => {
    const tried = await tryFor(1_000, { [SIX]: undefined, [FOUR]: { afterMs: 400 } });
    expect(tried).toMatchObject({ address: FOUR, connectMs: 400, atMs: 650 });
  });

  it('waits for an answer of any slowness within the time of an attempt', async () => {
    const tried = await tryFor(30_000, { [SIX]: { afterMs: 9_000 }, [FOUR]: undefined });
    expect(tried).toMatchObject({ address: SIX, connectMs: 9_000, atMs: 9_000 });
  });

  it('tries only the first if that answers at once, and closes no socket but those that lost', async () => {
    const quick = await tryFor(1_000, { [SIX]: { afterMs: 20 }, [FOUR]: { afterMs: 20 } });
    expect(quick.attempts).toEqual([{ address: SIX, atMs: 0 }]);
    const slow = await tryFor(1_000, { [SIX]: { afterMs: 300 }, [FOUR]: { afterMs: 300 } });
    expect(slow).toMatchObject({ address: SIX, attempts: [{ atMs: 0 }, { atMs: 250 }] });
    expect(slow.sockets.map(({ destroyed }) => destroyed)).toEqual([false, true]);
  });

  it('goes on at once after a failure', async () => {
    const tried = await tryFor(1_000, {
      [SIX]: { afterMs: 5, error: 'ENETUNREACH' },
      [FOUR]: { afterMs: 100 },
    });
    expect(tried).toMatchObject({ address: FOUR, atMs: 105, attempts: [{ atMs: 0 }, { atMs: 5 }] });
  });

  it('names every address with its reason when all fail, and leaves no socket or timer', async () => {
    const behaviours = {
      [SIX]: { afterMs: 0, error: 'ENETUNREACH' },
      [FOUR]: { afterMs: 400, error: 'ECONNREFUSED' },
      '10.77.2.3': undefined,
    };
    const tried = await tryFor(20_000, behaviours, { attemptTimeoutMs: 10_000 });
    const { error, sockets, clock } = tried;
    expect(error).toBeInstanceOf(DialError);
    expect(error?.message).toBe(
      'fd77::2: network unreachable; 10.77.2.2: connection refused; 10.77.2.3: no answer to the connection',
    );
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(sockets.every(({ destroyed }) => destroyed)).toBe(true);
    expect(clock.sleeperCount).toBe(0);
  });

  it('ends with the reason of the signal', async () => {
    const stop = new AbortController();
    const outcome = tryFor(100, { [SIX]: undefined, [FOUR]: undefined }, { signal: stop.signal });
    stop.abort(new Error('stopping'));
    expect(await outcome).toMatchObject({ error: { message: 'stopping' }, atMs: 0 });
  });

  it('never tries more than 16 of a name with too many', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 200 }, (_unused, index) => [
        `10.0.0.${index}`,
        { afterMs: 0, error: 'EHOSTUNREACH' },
      ]),
    );
    const { attempts, error } = await tryFor(1_000, many);
    expect(attempts).toHaveLength(16);
    expect(error?.message).toMatch(/^10\.0\.0\.0: host unreachable; /);
  });
});

describe('dialing', () => {
  const signal = new AbortController().signal;

  it('reports what is under way', async () => {
    const clock = new ManualClock();
    const network = new FakeNetwork({ [FOUR]: { afterMs: 0 } }, clock);
    const steps: string[] = [];
    const dialing = dial(
      { host: 'broker.city.test', port: 1_883 },
      {
        signal,
        guard: undefined,
        clock,
        connect: network.connect,
        lookUp: async () => addressesOf(SIX, FOUR),
        onStep: (step) => steps.push(step),
      },
    );
    await clock.advance(1_000);
    expect(await dialing).toMatchObject({ address: { address: FOUR } });
    expect(steps).toEqual(['looking up broker.city.test', 'connecting to fd77::2, 10.77.2.2']);
  });

  it('reaches a real server whose name has a second address on which nothing listens', async () => {
    const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const lookUp = async () => addressesOf('::1', '127.0.0.1');
    const { socket, address } = await dial(
      { host: 'broker.city.test', port },
      { signal, guard: undefined, lookUp },
    );
    expect(address.address).toBe('127.0.0.1');
    socket.destroy();
    server.close();
    await once(server, 'close');
    const refused = dial({ host: 'broker.city.test', port }, { signal, guard: undefined, lookUp });
    await expect(refused).rejects.toThrow(/^::1: .+; 127\.0\.0\.1: connection refused$/);
    await expect(dial({ host: '127.0.0.1', port }, { signal, guard: undefined })).rejects.toThrow(
      /^connection refused$/,
    );
  });

  it('of a name without an address fails with a reason', async () => {
    const dialing = dial(
      { host: 'broker.city.test', port: 1 },
      { signal, guard: undefined, lookUp: async () => [] },
    );
    await expect(dialing).rejects.toThrow('the host has no address');
  });
});

describe('the order of addresses', () => {
  it('alternates families, beginning with the first', () => {
    const order = (...texts: string[]) =>
      alternateFamilies(addressesOf(...texts)).map(({ address }) => address);
    expect(order('::1', '::2', '::3', '10.0.0.1')).toEqual(['::1', '10.0.0.1', '::2', '::3']);
    expect(order('10.0.0.1', '::1', '10.0.0.2')).toEqual(['10.0.0.1', '::1', '10.0.0.2']);
    expect(order()).toEqual([]);
  });
});
