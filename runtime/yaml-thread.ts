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

/** Ten times what the largest text that anybody sends needs on a small machine. */
const LIMIT_MS = 20_000;
const MEMORY_MIB = 256;

/** Without a thread: for programs that have nothing else to do meanwhile. */
export const readYamlHere: ReadYaml = (source, text) =>
  new Promise((resolve) => {
    resolve(parseConfigText(source, text));
  });

/**
 * Reads in a thread of its own, so that everything else goes on: 256 KiB take a second, in which nothing would be judged. One text
 * after the other. `program`: the file of yaml-worker.ts as it is built.
 */
export function createYamlThread(program: URL): ReadYaml {
  let last: Promise<unknown> = Promise.resolve();
  return (source, text) => {
    const result = last.then(() => readIn(program, { source, text }));
    last = result.catch(() => undefined);
    return result;
  };
}

async function readIn(program: URL, question: YamlQuestion): Promise<unknown> {
  const resourceLimits = { maxOldGenerationSizeMb: MEMORY_MIB };
  const worker = new Worker(program, { workerData: question, resourceLimits });
  const limit = AbortSignal.timeout(LIMIT_MS);
  try {
    const [answer] = (await once(worker, 'message', { signal: limit })) as [YamlAnswer];
    if ('problems' in answer) throw new UserError(EXIT.badConfig, answer.problems);
    return answer.value;
  } catch (error) {
    if (error instanceof UserError) throw error;
    const why = limit.aborted
      ? `takes longer than ${LIMIT_MS / 1_000} s to read`
      : `needs more than ${MEMORY_MIB} MiB to read`;
    if (!limit.aborted && !isOutOfMemory(error)) throw error;
    throw new UserError(EXIT.badConfig, [`${question.source}: not usable YAML: it ${why}`], error);
  } finally {
    await worker.terminate();
  }
}

function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
}
