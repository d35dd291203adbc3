import { setTimeout as rest } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { BacktestProgress, BacktestResult } from '../../alerts/replay/backtest.ts';
import { ApiError } from '../problem.ts';
import { backtestLines, CallerGone } from './backtest-lines.ts';

const PROGRESS: BacktestProgress = { atMs: 1, done: 0.5, values: 1, alerts: 0 };

/** As a backtest does: it tells how far it is, and rests. */
async function* neverDone(signal: AbortSignal): AsyncGenerator<BacktestProgress, BacktestResult> {
  for (;;) {
    yield PROGRESS;
    await rest(60_000, undefined, { signal });
  }
}

/** What comes after the first line of progress, and what is logged. */
async function linesAfter(reason: unknown): Promise<{ lines: unknown[]; logged: unknown[] }> {
  const ending = new AbortController();
  const logged: unknown[] = [];
  const log = { error: (...entry: unknown[]) => void logged.push(entry) };
  const { signal } = ending;
  const running = backtestLines(neverDone(signal), { signal, log });
  expect(JSON.parse(String((await running.next()).value))).toEqual({ progress: PROGRESS });
  const next = running.next();
  ending.abort(reason);
  const lines: unknown[] = [];
  for (let step = await next; step.done !== true; step = await running.next())
    lines.push(JSON.parse(step.value));
  return { lines, logged };
}

describe('the lines of a backtest', () => {
  it('end without an error, here or in the log, when the caller goes', async () => {
    expect(await linesAfter(new CallerGone())).toEqual({ lines: [], logged: [] });
  });

  it('end with what the caller is to know when central stops', async () => {
    const { lines, logged } = await linesAfter(new ApiError('STOPPING', 'central is stopping'));
    expect(lines).toEqual([{ error: { code: 'STOPPING', detail: 'central is stopping' } }]);
    expect(logged).toEqual([]);
  });

  it('end with an error that the log has, too, when the backtest fails', async () => {
    const logged: unknown[] = [];
    const log = { error: (...entry: unknown[]) => void logged.push(entry) };
    const failing = (async function* (): AsyncGenerator<BacktestProgress, BacktestResult> {
      yield PROGRESS;
      throw new Error('a bug');
    })();
    const lines: unknown[] = [];
    for await (const line of backtestLines(failing, { signal: new AbortController().signal, log }))
      lines.push(JSON.parse(line));
    expect(lines.at(-1)).toMatchObject({ error: { code: 'INTERNAL' } });
    expect(logged).toHaveLength(1);
  });
});
