import type { Logger } from '../../../runtime/logger.ts';
import type { BacktestProgress, BacktestResult } from '../../alerts/replay/backtest.ts';
import { StoreQueryError, StoreUnavailableError } from '../../store/sample-store.ts';
import type { ErrorCode } from '../error-codes.ts';

const PROGRESS_EVERY_MS = 1_000;

/** JSON Lines: `progress` about every second, then one `result` or one `error`. */
export async function* backtestLines(
  running: AsyncGenerator<BacktestProgress, BacktestResult>,
  log: Pick<Logger, 'error'>,
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
    const error = errorOf(err);
    if (error.code === 'INTERNAL') log.error({ err }, 'a backtest failed');
    yield line({ error });
  } finally {
    await running.return(undefined as never);
  }
}

function errorOf(error: unknown): { readonly code: ErrorCode; readonly detail: string } {
  if (error instanceof StoreUnavailableError) return { code: 'STORE_UNAVAILABLE', detail: error.message };
  if (error instanceof StoreQueryError) return { code: 'QUERY_REFUSED', detail: error.message };
  return { code: 'INTERNAL', detail: 'the backtest failed; the log of central says why' };
}

function line(value: Readonly<Record<string, unknown>>): string {
  return `${JSON.stringify(value)}\n`;
}
