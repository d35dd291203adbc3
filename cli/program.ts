import { isatty } from 'node:tty';
import { Command, CommanderError } from 'commander';
import { EXIT, messageOf, UserError } from '../runtime/errors.ts';
import { VERSION } from './version.ts';
import { printError } from './terminal.ts';

const EXIT_CODES = `
Exit codes:
  0  done
  1  failure
  2  bad usage or configuration
  3  port in use
  4  data directory not usable
  5  something differs`;

/** What `wardwatch` and `wardwatch-edge` share. `examples`: shown below the help. */
export function createProgram(name: string, examples: string): Command {
  return new Command(name)
    .version(VERSION)
    .showHelpAfterError()
    .enablePositionalOptions()
    .exitOverride()
    .addHelpText('after', `\nExamples:\n${examples}\n${EXIT_CODES}`);
}

/** Runs what the arguments ask for, then exits. */
export async function runProgram(program: Command): Promise<never> {
  // A reader that has closed its end of the pipe must not end a service: there is nobody left to write to.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const exitCode = await program.parseAsync().then(() => Number(process.exitCode ?? EXIT.ok), report);
  await Promise.all([process.stdout, process.stderr].map(flushed));
  process.exit(exitCode);
}

/** A pipe takes 64 KiB at once, and what is not written when the process exits is lost. A reader that is gone needs no more. */
function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write('', () => resolve());
  });
}

/**
 * Aborts after `afterMs`, on Ctrl-C, SIGTERM, or when the parent process or the terminal is gone. A second signal exits at
 * once: what is on disk stays valid. SIGHUP without a terminal calls `onHangUp`, which is false where there is nothing to
 * read again: configuration is read at the start only.
 */
export function shutdownOnSignals(afterMs?: number, onHangUp: () => boolean = () => false): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: string): void => {
    if (controller.signal.aborted) process.exit(EXIT.failure);
    controller.abort(new Error(reason));
  };
  if (afterMs !== undefined) setTimeout(() => controller.abort(new Error('time is up')), afterMs);
  process.on('SIGINT', () => stop('interrupted'));
  process.on('SIGTERM', () => stop('terminated'));
  // Before it is gone. Several signals may tell of it.
  const hasTerminal = isatty(0);
  process.on('SIGHUP', () => {
    if (hasTerminal) controller.abort(new Error('the terminal is gone'));
    else if (!onHangUp()) printError('wardwatch: SIGHUP ignored: a changed configuration needs a restart\n');
  });
  const stopAsOrphan = (): void => controller.abort(new Error('the parent process is gone'));
  process.on('disconnect', stopAsOrphan);
  // The parent may be gone before this line; a process without a channel to a parent has no such property.
  if ('connected' in process && !process.connected) stopAsOrphan();
  return controller.signal;
}

function report(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.badConfig;
  if (error instanceof UserError) {
    for (const problem of error.problems) printError(`wardwatch: ${problem}\n`);
    return error.exitCode;
  }
  if (error instanceof AggregateError) {
    for (const part of error.errors) printError(`wardwatch: ${messageOf(part)}\n`);
    const ofUser = error.errors.find((part) => part instanceof UserError);
    return ofUser?.exitCode ?? EXIT.failure;
  }
  printError(`wardwatch: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return EXIT.failure;
}
