import { pino, type Logger } from 'pino';

export type { Logger };

/** Structured logs on stderr, so that stdout stays free for what a script reads. Secrets are cut out by path. */
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

/** For tests and programs that must stay quiet. */
export const silentLogger: Logger = pino({ level: 'silent' });
