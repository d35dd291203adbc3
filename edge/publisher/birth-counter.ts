import { readFileSync } from 'node:fs';
import type { Clock } from '../../runtime/clock.ts';
import { codeOf } from '../../runtime/errors.ts';
import type { Logger } from '../../runtime/logger.ts';
import { replaceFileSync } from '../../runtime/record-file.ts';

export interface BirthCounterDeps {
  readonly clock: Clock;
  readonly log: Logger;
}

/**
 * Numbers an agent's connections: grows by one at each call and is on disk before it is used. Without a readable file it
 * starts from the Unix time in seconds, so that an agent with a wiped disk still counts above what central has seen.
 * When the disk refuses writes the agent connects all the same.
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
      if (!failing) log.warn({ file, err: error }, 'birth counter cannot be saved');
      failing = true;
    }
    return last;
  };
}

function readLast(file: string, { clock, log }: BirthCounterDeps): number {
  let problem: unknown;
  try {
    const text = readFileSync(file, 'utf8').slice(0, 40).trim();
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (Number.isSafeInteger(value)) return value;
    problem = new Error(`expected a whole number, got ${JSON.stringify(text)}`);
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') problem = error;
  }
  if (problem !== undefined)
    log.warn({ file, err: problem }, 'birth counter cannot be read and starts from the clock');
  return Math.max(0, Math.floor(clock.now() / 1_000));
}
