import { expect, it } from 'vitest';
import { ApiProblem } from './problem.ts';
import { mayDo, Session, type Me } from './session.ts';

const ME: Me = { name: 'lan', role: 'operator', language: 'vi', mayWrite: true };
const clientOf = (answer: () => Promise<Me>) =>
  ({ get: answer }) as unknown as Parameters<Session['load']>[0];

it('tells a session that has ended from one that never was', async () => {
  const session = new Session();
  const refuses = clientOf(() => Promise.reject(new ApiProblem(401, 'NOT_AUTHENTICATED', 'log in')));
  await session.load(refuses);
  expect(session.state.get()).toEqual({ is: 'out' });
  await session.load(clientOf(async () => ME));
  expect(session.state.get()).toEqual({ is: 'in', me: ME });
  await session.load(refuses);
  await session.load(refuses);
  expect(session.state.get()).toEqual({ is: 'over' });
});

it('does not take a central that is away for an end', async () => {
  const session = new Session();
  session.enter(ME);
  await expect(
    session.load(clientOf(() => Promise.reject(new ApiProblem(0, 'NOT_REACHED', 'away')))),
  ).rejects.toThrow();
  expect(session.state.get().is).toBe('in');
});

it('lets nobody do more than the role, and nobody write who may only read', () => {
  expect(mayDo({ is: 'in', me: ME }, 'operator')).toBe(true);
  expect(mayDo({ is: 'in', me: ME }, 'engineer')).toBe(false);
  expect(mayDo({ is: 'in', me: { ...ME, role: 'admin', mayWrite: false } }, 'viewer')).toBe(false);
  expect(mayDo({ is: 'unknown' }, 'viewer')).toBe(false);
});
