import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { parseConfigText } from './config.ts';
import { EXIT, UserError } from './errors.ts';

/** The value of a text in YAML, not checked; `source` names it in problems. Rejects with a UserError (exit 2). */
export type ReadYaml = (source: string, text: string) => Promise<unknown>;

export interface YamlQuestion {
  readonly source: string;
  readonly text: string;
}
export type YamlAnswer = { readonly value: unknown } | { readonly problems: readonly string[] };

export interface YamlLimits {
  readonly timeoutMs: number;
  readonly memoryMib: number;
}

/** Ten times what the largest text that anybody sends needs on a small machine. */
const LIMITS: YamlLimits = { timeoutMs: 20_000, memoryMib: 256 };

/** Without a thread: for programs that have nothing else to do meanwhile. */
export const readYamlHere: ReadYaml = (source, text) =>
  new Promise((resolve) => {
    resolve(parseConfigText(source, text));
  });

/**
 * Reads in a thread of its own, so that everything else goes on: 256 KiB take a second, in which nothing would be judged. One text
 * after the other. `program`: the file of yaml-worker.ts as it is built.
 */
export function createYamlThread(program: URL, limits = LIMITS): ReadYaml {
  let last: Promise<unknown> = Promise.resolve();
  return (source, text) => {
    const result = last.then(() => readIn(program, { source, text }, limits));
    last = result.catch(() => undefined);
    return result;
  };
}

/** Short texts are read at once: they cost less than a thread does. */
export function shortTextsHere(thread: ReadYaml, maxBytes: number): ReadYaml {
  return (source, text) => (Buffer.byteLength(text) <= maxBytes ? readYamlHere : thread)(source, text);
}

async function readIn(
  program: URL,
  question: YamlQuestion,
  { timeoutMs, memoryMib }: YamlLimits,
): Promise<unknown> {
  const resourceLimits = { maxOldGenerationSizeMb: memoryMib };
  const worker = new Worker(program, { workerData: question, resourceLimits });
  const limit = AbortSignal.timeout(timeoutMs);
  try {
    const [answer] = (await once(worker, 'message', { signal: limit })) as [YamlAnswer];
    if ('problems' in answer) throw new UserError(EXIT.badConfig, answer.problems);
    return answer.value;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = limit.aborted
      ? `takes longer than ${timeoutMs / 1_000} s to read`
      : `needs more than ${memoryMib} MiB to read`;
    if (!limit.aborted && !isOutOfMemory(error)) throw error;
    throw new UserError(EXIT.badConfig, [`${question.source}: not usable YAML: it ${why}`], error);
  } finally {
    await worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
