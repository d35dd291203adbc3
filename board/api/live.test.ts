import { expect, it } from 'vitest';
import { ManualTime, turn } from '../testing/manual-time.ts';
import { Live, type LiveKind } from './live.ts';
import { ApiProblem } from './problem.ts';

/** A central that answers each connection with a stream in the test's hand, or refuses it. */
function openLive() {
  const time = new ManualTime();
  const asked: (string | undefined)[] = [];
  const streams: ReadableStreamDefaultController<Uint8Array>[] = [];
  let refusal: ApiProblem | undefined;
  const live = new Live({
    time,
    random: () => 0.5,
    client: {
      open: async (_path, headers, signal) => {
        asked.push(headers['last-event-id']);
        if (refusal !== undefined) throw refusal;
        const body = new ReadableStream<Uint8Array>({
          start: (controller) => {
            streams.push(controller);
            signal.addEventListener('abort', () => {
              try {
                controller.error(new Error('aborted'));
              } catch {
                // It has ended by itself.
              }
            });
          },
        });
        return new Response(body);
      },
    },
  });
  const kinds: LiveKind[][] = [];
  live.onEvents((told) => kinds.push([...told]));
  const say = async (text: string): Promise<void> => {
    streams.at(-1)?.enqueue(new TextEncoder().encode(text));
    await untilDone();
  };
  return { live, time, asked, streams, kinds, say, refuse: (problem?: ApiProblem) => (refusal = problem) };
}

/** Streams of the platform take some turns of the event loop. */
async function untilDone(): Promise<void> {
  for (let count = 0; count < 20; count++) await new Promise((resolve) => setTimeout(resolve));
  await turn();
}

it('is live once central speaks, tells of events, and knows when it heard the last sign of life', async () => {
  const { live, time, kinds, say } = openLive();
  live.start();
  await untilDone();
  expect(live.state.get()).toEqual({ connection: 'connecting', heardAtMs: undefined });
  await say('retry: 3000\nid: r-0-1\n\n');
  await time.advance(10_000);
  await say('id: r-1-2\nevent: state\ndata: {}\n\n');
  expect(live.state.get()).toEqual({ connection: 'live', heardAtMs: time.now() });
  await time.advance(15_000);
  await say('id: r-1-2\n: heartbeat\n\n');
  expect(live.state.get().heardAtMs).toBe(time.now());
  expect(kinds).toEqual([['state']]);
  live.stop();
});

it('tells once of events that come together', async () => {
  const { live, kinds, say } = openLive();
  live.start();
  await untilDone();
  const alert = (id: string): string => `id: ${id}\nevent: alert\ndata: {}\n\n`;
  await say(alert('r-1-2') + alert('r-2-2') + 'id: r-3-2\nevent: state\ndata: {}\n\n');
  expect(kinds).toEqual([['alert', 'state']]);
  live.stop();
});

it('comes again behind its last event when central restarts under it', async () => {
  const { live, time, asked, streams, kinds, say, refuse } = openLive();
  live.start();
  await untilDone();
  await say('id: r-7-2\nevent: alert\ndata: {}\n\n');
  streams.at(-1)?.close();
  await untilDone();
  expect(live.state.get().connection).toBe('lost');
  refuse(new ApiProblem(0, 'NOT_REACHED', 'refused'));
  for (const delayMs of [500, 750, 1_250]) {
    expect(time.waitingMs()).toEqual([delayMs]);
    await time.advance(delayMs);
    await untilDone();
  }
  refuse();
  await time.advance(10_000);
  await untilDone();
  expect(asked.at(-1)).toBe('r-7-2');
  await say('id: s-0-9\nevent: reset\ndata: {"reason":"restarted"}\n\n');
  expect(live.state.get().connection).toBe('live');
  expect(kinds).toEqual([['alert'], ['reset']]);
  live.stop();
});

it('takes a line for dead that says nothing for half a minute', async () => {
  const { live, time, asked, say } = openLive();
  live.start();
  await untilDone();
  await say('id: r-0-1\n\n');
  await time.advance(31_000);
  await untilDone();
  expect(live.state.get().connection).toBe('live');
  await time.advance(2_000);
  await untilDone();
  expect(live.state.get().connection).toBe('lost');
  await time.advance(1_000);
  await untilDone();
  expect(asked).toHaveLength(2);
  live.stop();
});

it('does not come again when nobody is logged in, until it is started anew', async () => {
  const { live, time, asked, refuse } = openLive();
  refuse(new ApiProblem(401, 'NOT_AUTHENTICATED', 'log in'));
  live.start();
  await untilDone();
  expect(time.waitingMs()).toEqual([]);
  refuse();
  live.start();
  await untilDone();
  expect(asked).toHaveLength(2);
  live.stop();
});

it('that is not for this account is neither asked for again nor lost', async () => {
  const { live, time, asked, refuse } = openLive();
  refuse(new ApiProblem(403, 'OUTSIDE_LIMITS', 'not yours'));
  live.start();
  await untilDone();
  expect(time.waitingMs()).toEqual([]);
  expect(live.state.get()).toEqual({ connection: 'refused', heardAtMs: undefined });
  expect(asked).toHaveLength(1);
  live.stop();
});
