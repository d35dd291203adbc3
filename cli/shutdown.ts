/**
 * Aborts after `afterMs`, on Ctrl-C, SIGTERM, or when the process that started this one is gone. A second Ctrl-C ends at once: what was
 * durable stays durable.
 */
export function shutdownOnSignals(afterMs?: number): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: string): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(new Error(reason));
  };
  if (afterMs !== undefined) setTimeout(() => controller.abort(new Error('time is up')), afterMs);
  process.on('SIGINT', () => stop('interrupted'));
  process.on('SIGTERM', () => stop('terminated'));
  process.on('disconnect', () => controller.abort(new Error('the parent process is gone')));
  return controller.signal;
}
