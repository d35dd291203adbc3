import type { Logger } from '../../../runtime/logger.ts';
import type { BacktestProgress, BacktestResult } from '../../alerts/replay/backtest.ts';
import { StoreQueryError, StoreUnavailableError } from '../../store/sample-store.ts';
import type { ErrorCode } from '../error-codes.ts';
import { ApiError } from '../problem.ts';

const PROGRESS_EVERY_MS = 1_000;

/** Nobody waits for the answer any more. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone';
}

export interface BacktestCourse {
  /** That of the backtest; its reason is a CallerGone, or an ApiError to tell the caller. */
  readonly signal: AbortSignal;
  readonly log: Pick<Logger, 'error'>;
}

/** JSON Lines: `progress` about every second, then one `result` or one `error`. */
export async function* backtestLines(
  running: AsyncGenerator<BacktestProgress, BacktestResult>,
  { signal, log }: BacktestCourse,
): AsyncGenerator<string> {
  let toldAtMs = -Infinity;
  try {
    for (;;) {
      const step = await running.next();
      if (step.done === true) {
        yield line({ result: step.value });
        return;
      }
      if (performance.now() - toldAtMs < PROGRESS_EVERY_MS) continue;
      toldAtMs = performance.now();
      yield line({ progress: step.value });
    }
  } catch (err) {
    const error = errorOf(signal.aborted ? signal.reason : err);
    if (error === undefined) return;
    if (error.code === 'INTERNAL') log.error({ err }, 'a backtest failed');
    yield line({ error });
  } finally {
    await running.return(undefined as never);
  }
}

/** Undefined: the caller is gone. */
function errorOf(error: unknown): { readonly code: ErrorCode; readonly detail: string } | undefined {
  if (error instanceof ApiError) return { code: error.code, detail: error.message };
  if (error instanceof CallerGone) return undefined;
  if (error instanceof StoreUnavailableError) return { code: 'STORE_UNAVAILABLE', detail: error.message };
  if (error instanceof StoreQueryError) return { code: 'QUERY_REFUSED', detail: error.message };
  return { code: 'INTERNAL', detail: 'the backtest failed; the log of central says why' };
}

function line(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(value)}\n`;
}
