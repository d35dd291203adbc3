import { expect, it } from 'vitest';
import { ManualClock } from '../../../../runtime/manual-clock.ts';
import type { AtPort } from './at-port.ts';
import { ANSWER_TIMEOUT_MS } from './at-session.ts';
import { AtSource } from './at-source.ts';

/** A port that says nothing, and counts how often it is closed. */
function mute() {
  let end: (reason: string) => void = () => undefined;
  const port = {
    closed: 0,
    write: () => undefined,
    listen: (_onBytes, onEnd) => (end = onEnd),
    close: async () => {
      port.closed++;
      end('closed');
    },
  } satisfies AtPort & { closed: number };
  return port;
}

const options = { path: '/dev/ttyUSB2', baudRate: 115_200, wantsPosition: false };

const unending = new AbortController().signal;

it('an aborted reading closes its port, so that the next one has a port of its own', async () => {
  const clock = new ManualClock();
  const port = mute();
  const source = new AtSource(options, { open: async () => port, clock });
  const over = new AbortController();
  const reading = source.read(over.signal);
  await clock.advance(0);
  over.abort();
  expect((await reading).problems).toEqual(['the port is gone (closed)']);
  expect(port.closed).toBe(1);
  expect(clock.sleeperCount).toBe(0);
});

it('a port is closed with the source while the modem is still being met', async () => {
  const clock = new ManualClock();
  const port = mute();
  const source = new AtSource(options, { open: async () => port, clock });
  const reading = source.read(unending);
  await clock.advance(0);
  await source.close();
  expect((await reading).problems).toEqual(['the port is gone (closed)']);
  expect(port.closed).toBe(1);
  expect(clock.sleeperCount).toBe(0);
});

it('a port that opens only after the source was closed is closed at once', async () => {
  const port = mute();
  let opened: (port: AtPort) => void = () => undefined;
  const open = () => new Promise<AtPort>((resolve) => (opened = resolve));
  const source = new AtSource(options, { open, clock: new ManualClock() });
  const reading = source.read(unending);
  await source.close();
  opened(port);
  await reading;
  expect(port.closed).toBe(1);
});

it('the port of a modem that does not answer is reopened', async () => {
  const clock = new ManualClock();
  const ports: ReturnType<typeof mute>[] = [];
  const open = async () => {
    ports.push(mute());
    return ports.at(-1)!;
  };
  const source = new AtSource(options, { open, clock });
  for (let reading = 0; reading < 4; reading++) {
    const result = source.read(unending);
    await clock.advance(ANSWER_TIMEOUT_MS);
    expect((await result).problems).toEqual(['ATE0: no answer within 3000 ms']);
  }
  expect(ports.map(({ closed }) => closed)).toEqual([1, 0]);
  await source.close();
  expect(ports.map(({ closed }) => closed)).toEqual([1, 1]);
});
