import { readFileSync } from 'node:fs';
import type { Clock } from '../../runtime/clock.ts';
import { codeOf, messageOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { replaceFileSync } from '../../runtime/record-file.ts';

export interface BirthCounterDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Numbers an agent's connections; grows by one at each call and is on disk before it is used. Without a readable file it
 * starts from the Unix time in seconds, so that an agent with a wiped disk still counts above what central has seen.
 * A disk that takes no writes does not keep an agent from connecting.
 */
export function persistedBirthCounter(file: string, { clock, log }: BirthCounterDeps): () => number {
  let last = readLast(file, { clock, log });
  let failing = false;
  return () => {
    last++;
    try {
      replaceFileSync(file, `${last}\n`);
      failing = false;
    } catch (error) {
      if (!failing) log.warn({ file, problem: messageOf(error) }, 'birth counter cannot be saved');
      failing = true;
    }
    return last;
  };
}

function readLast(file: string, { clock, log }: BirthCounterDeps): number {
  let problem: string | undefined;
  try {
    const text = readFileSync(file, 'utf8').slice(0, 40).trim();
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value)) return value;
    problem = `expected a whole number, got ${JSON.stringify(text)}`;
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') problem = messageOf(error);
  }
  if (problem !== undefined) log.warn({ file, problem }, 'birth counter starts anew');
  return Math.max(0, Math.floor(clock.now() / 1_000));
}
