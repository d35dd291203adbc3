import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured logs on stderr, so that stdout is free for output that scripts read. Secrets are redacted by path. */
export function createLogger(options: { level: string; name: string }): Logger {
  return pino(
    {
      name: options.name,
      level: options.level,
      redact: {
        paths: ['password', 'token', 'secret', '*.password', '*.token', '*.secret'],
        censor: '[secret]',
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/** For tests and programs without logs. */
export const silentLogger: Logger = pino({ level: 'silent' });
