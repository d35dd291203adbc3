import { parentPort, workerData } from 'node:worker_threads';
import { parseConfigText } from './config.ts';
import { UserError } from './errors.ts';
import type { YamlAnswer, YamlQuestion } from './yaml-thread.ts';

/** The program of the thread: one text, one answer. */
const { source, text } = workerData as YamlQuestion;
parentPort?.postMessage(answer());

function answer(): YamlAnswer {
  try {
    return { value: parseConfigText(source, text) };
  } catch (error) {
    if (error instanceof UserError) return { problems: error.problems };
    throw error;
  }
}
