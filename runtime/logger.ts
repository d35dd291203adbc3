import { pino, type Logger } from 'pino';
import { visibleLines } from './visible-text.ts';

export type { Logger };

/**
 * Structured logs on stderr, so that stdout is free for output that scripts read. Secrets are redacted by path. People read
 * logs at terminals: what those would act on is written as JSON writes control characters, and is the same value.
 */
export function createLogger(options: { level: string; name: string }): Logger {
  const stderr = pino.destination({ dest: 2, sync: true });
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: {
        paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret'],
        censor: '[secret]',
      },
    },
    visibleStream(stderr),
  );
}

/** Passes lines on, escaped. */
export function visibleStream(to: { write(line: string): unknown }): { write(line: string): void } {
  return { write: (line) => void to.write(visibleLines(line)) };
}

/** For tests and programs without logs. */
export const silentLogger: Logger = pino({ level: 'silent' });
