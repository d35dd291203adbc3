import { CATALOGUE } from '../contract/measurements/index.ts';
import { loadEdgeConfig } from '../edge/config/edge-config.ts';
import { revisionInstead } from '../edge/doctor/check-config.ts';
import { readOnce } from '../edge/scheduler/read-once.ts';
import { systemClock } from '../runtime/clock.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { createLogger } from '../runtime/logger.ts';
import { printSamples, type PrintFormat } from './sample-print.ts';
import { printData, printError } from './terminal.ts';

/** Prints what the agent would send to stdout, and what could not be read to stderr. Sends and stores nothing. */
export async function runEdgeOnce(
  options: { readonly config: string; readonly print: PrintFormat },
  signal: AbortSignal,
): Promise<void> {
  const config = await loadEdgeConfig(options.config);
  const log = createLogger({ name: 'wardwatch-edge', level: 'error' });
  const revision = await revisionInstead(config, log);
  if (revision !== undefined) {
    printError(
      `wardwatch: these are the collectors of the file; the agent runs revision ${revision}, pushed by central\n`,
    );
  }
  const readings = await readOnce(config, { clock: systemClock, log, signal });
  const samples = readings.flatMap((reading) => reading.samples);
  printData(printSamples(samples, options.print, CATALOGUE));
  const problems = readings.flatMap(({ collector, errors }) =>
    errors.map((error) => `collector ${collector}: ${error.message}`),
  );
  if (problems.length > 0) throw new UserError(EXIT.failure, problems);
}
