/**
 * Aborts on Ctrl-C, SIGTERM, or when the process that started this one is gone. A second Ctrl-C ends at once: what was
 * durable stays durable.
 */
export function shutdownOnSignals(): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: string): void => {
    if (controller.signal.aborted) process.exit(1);
    controller.abort(new Error(reason));
  };
  process.on('SIGINT', () => stop('interrupted'));
  process.on('SIGTERM', () => stop('terminated'));
  process.on('disconnect', () => controller.abort(new Error('the parent process is gone')));
  return controller.signal;
}
