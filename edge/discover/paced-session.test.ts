import { expect, it } from 'vitest';
import { ManualClock } from '../../runtime/manual-clock.ts';
import { TokenBucket } from '../../runtime/token-bucket.ts';
import { FakeSession } from '../protocols/snmp/testing/fake-session.ts';
import { pacedSession } from './paced-session.ts';

it('keeps all sessions together within the request rate', async () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ capacity: 1, refillPerS: 10 }, clock.monotonicMs());
  const devices = [new FakeSession({}), new FakeSession({})];
  const sessions = devices.map((device) => pacedSession(device, bucket, clock));
  const { signal } = new AbortController();
  const bulk = { nonRepeaters: [], repeaters: ['1.3'], maxRepetitions: 1 };
  const asking = sessions.flatMap((session) => [session.get(['1.3'], signal), session.getBulk(bulk, signal)]);
  const sent = (): number => devices.reduce((sum, { requests }) => sum + requests.length, 0);
  const counts: number[] = [];
  for (let step = 0; step < 3; step++) {
    await clock.advance(100);
    counts.push(sent());
  }
  await Promise.all(asking);
  expect(counts).toEqual([2, 3, 4]);
});

it('stops waiting when it is aborted', async () => {
  const clock = new ManualClock();
  const bucket = new TokenBucket({ capacity: 1, refillPerS: 1 }, clock.monotonicMs());
  bucket.take(5, clock.monotonicMs());
  const device = new FakeSession({});
  const controller = new AbortController();
  const asking = pacedSession(device, bucket, clock).get(['1.3'], controller.signal);
  controller.abort(new Error('interrupted'));
  await expect(asking).rejects.toThrow('interrupted');
  expect(device.requests).toEqual([]);
});
