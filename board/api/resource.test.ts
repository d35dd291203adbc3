import { expect, it } from 'vitest';
import { ManualTime, turn } from '../testing/manual-time.ts';
import { ApiProblem } from './problem.ts';
import { Resource } from './resource.ts';

function openResource() {
  const time = new ManualTime();
  const loads: { readonly answer: (value: number) => void; readonly fail: (error: unknown) => void }[] = [];
  const resource = new Resource<number>(
    () => new Promise((answer, fail) => loads.push({ answer, fail })),
    time,
  );
  return { resource, time, loads, shown: () => resource.shown.get() };
}

it('reads at once, and a burst of wishes while it reads once more, soon after', async () => {
  const { resource, time, loads, shown } = openResource();
  resource.refresh();
  expect(shown()).toMatchObject({ value: undefined, isLoading: true });
  resource.refresh();
  resource.refresh();
  loads[0]!.answer(1);
  await turn();
  expect(shown()).toMatchObject({ value: 1, isLoading: false, loadedAtMs: time.now() });
  await time.advance(99);
  expect(loads).toHaveLength(1);
  await time.advance(1);
  expect(loads).toHaveLength(2);
});

it('reads once a second while wishes never cease, and soon again once they did', async () => {
  const { resource, time, loads } = openResource();
  const wishFor = async (durationMs: number): Promise<number> => {
    const before = loads.length;
    const answer = async (): Promise<void> => {
      loads.at(-1)?.answer(1);
      await turn();
    };
    for (let atMs = 0; atMs < durationMs; atMs += 50) {
      resource.refresh();
      await answer();
      await time.advance(50);
      await answer();
    }
    return loads.length - before;
  };
  // At once, two that may come sooner, and one at the end of each second.
  expect(await wishFor(10_000)).toBe(3 + 10);
  await time.advance(3_000);
  expect(await wishFor(500)).toBe(3);
});

it('asks less often for what takes long', async () => {
  const { resource, time, loads } = openResource();
  resource.refresh();
  await time.advance(2_000);
  loads[0]!.answer(1);
  await turn();
  resource.refresh();
  expect(time.waitingMs()).toEqual([10_000]);
});

it('keeps the older answer beside the problem, and tries again by itself', async () => {
  const { resource, time, loads, shown } = openResource();
  resource.refresh();
  loads[0]!.answer(7);
  await turn();
  await time.advance(2_000);
  resource.refresh();
  loads[1]!.fail(new ApiProblem(503, 'STORE_AWAY', 'away'));
  await turn();
  expect(shown()).toMatchObject({ value: 7, problem: { status: 503 }, loadedAtMs: time.now() - 2_000 });
  await time.advance(5_000);
  loads[2]!.answer(8);
  await turn();
  expect(shown()).toMatchObject({ value: 8, problem: undefined });
});

it('does not try again what asking again does not heal, and nothing once it is closed', async () => {
  const { resource, time, loads, shown } = openResource();
  resource.refresh();
  loads[0]!.fail(new ApiProblem(404, 'SITE_NOT_FOUND', 'no site'));
  await turn();
  expect(time.waitingMs()).toEqual([]);
  await time.advance(2_000);
  resource.refresh();
  resource.close();
  loads[1]!.answer(1);
  await turn();
  expect(shown().value).toBeUndefined();
});

it('asks no more for what is not for this account, whatever is told', async () => {
  const { resource, time, loads, shown } = openResource();
  resource.refresh();
  resource.refresh();
  loads[0]!.fail(new ApiProblem(403, 'OUTSIDE_LIMITS', 'not yours'));
  await turn();
  resource.refresh();
  await time.advance(60_000);
  expect(loads).toHaveLength(1);
  expect(shown()).toMatchObject({ problem: { status: 403 }, isLoading: false });
});

it('goes on at once where the clock of the screen is set back by an hour', async () => {
  const time = new ManualTime();
  let backMs = 0;
  let loads = 0;
  const set = { now: () => time.now() - backMs, after: time.after.bind(time) };
  const resource = new Resource(() => Promise.resolve(++loads), set);
  resource.refresh();
  await turn();
  backMs = 3_600_000;
  resource.refresh();
  await turn();
  expect(resource.shown.get()).toMatchObject({ value: 2, loadedAtMs: set.now() });
  await time.advance(1_000);
  resource.refresh();
  await turn();
  expect(loads).toBe(3);
});
