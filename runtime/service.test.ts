import { describe, expect, it } from 'vitest';
import { silentLogger } from './logger.ts';
import { runServices, ServiceStack, type Service } from './service.ts';

const { signal } = new AbortController();
const options = { log: silentLogger, stopTimeoutMs: 1_000 };

function service(name: string, said: string[], more: Partial<Service> = {}): Service {
  return {
    name,
    start: async () => void said.push(`start ${name}`),
    stop: async () => void said.push(`stop ${name}`),
    ...more,
  };
}

describe('a stack of services', () => {
  it('stops in reverse', async () => {
    const said: string[] = [];
    const stack = new ServiceStack(options);
    await stack.start(service('store', said), signal);
    stack.add('lock', () => void said.push('release'));
    await stack.start(service('api', said), signal);
    expect(await stack.stop()).toEqual([]);
    expect(said).toEqual(['start store', 'start api', 'stop api', 'release', 'stop store']);
    expect(await stack.stop()).toEqual([]);
  });

  it('stops every one, whatever another throws, and gives what was thrown', async () => {
    const said: string[] = [];
    const stack = new ServiceStack(options);
    stack.add('lock', () => void said.push('release'));
    stack.add('database', () => {
      throw new Error('disk full');
    });
    await stack.start(service('bus', said, { stop: () => Promise.reject(new Error('no broker')) }), signal);
    expect(await stack.stop()).toMatchObject([{ message: 'no broker' }, { message: 'disk full' }]);
    expect(said.at(-1)).toBe('release');
  });

  it('does not wait for ever for one that does not stop, and names it', async () => {
    const said: string[] = [];
    const stack = new ServiceStack({ ...options, stopTimeoutMs: 5 });
    stack.add('lock', () => void said.push('release'));
    stack.add('store', () => new Promise(() => undefined));
    expect(await stack.stop()).toMatchObject([{ message: 'stopping store took longer than 5 ms' }]);
    expect(said).toEqual(['release']);
  });

  it('stops one whose start failed', async () => {
    const said: string[] = [];
    const stack = new ServiceStack(options);
    const half = service('half', said, { start: () => Promise.reject(new Error('port in use')) });
    await expect(stack.start(half, signal)).rejects.toThrow('port in use');
    await stack.stop();
    expect(said).toEqual(['stop half']);
  });
});

it('joins what went wrong at the start and at the stop', async () => {
  const said: string[] = [];
  const running = runServices(
    [
      service('a', said, { stop: () => Promise.reject(new Error('a does not stop')) }),
      service('b', said, { start: () => Promise.reject(new Error('b does not start')) }),
    ],
    { ...options, shutdown: signal },
  );
  await expect(running).rejects.toMatchObject({
    errors: [{ message: 'b does not start' }, { message: 'a does not stop' }],
  });
});

it('does not call a start that a shutdown interrupted a failure', async () => {
  const shutdown = new AbortController();
  const said: string[] = [];
  const slow = service('slow', said, {
    start: (stopping) =>
      new Promise((_, reject) => stopping.addEventListener('abort', () => reject(stopping.reason as Error))),
  });
  const running = runServices([slow], { ...options, shutdown: shutdown.signal });
  shutdown.abort(new Error('interrupted'));
  await running;
  expect(said).toEqual(['stop slow']);
});
