import { parentPort, workerData } from 'node:worker_threads';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { finishRun, type PlannedRun } from './finished-run.ts';

/** The program of a thread: one run after the other, each with its answer. */
const { directory } = workerData as { readonly directory: string };
const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
const port = parentPort;
port?.on('message', (planned: PlannedRun) => {
  finishRun(planned, { directory, rules }).then(
    (finished) => port.postMessage(finished),
    // What a listener throws ends the thread, and whoever started it hears why.
    (error: unknown) => {
      setImmediate(() => {
        throw error;
      });
    },
  );
});
