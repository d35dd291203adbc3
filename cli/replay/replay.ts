import { createReadStream, readFileSync } from 'node:fs';
import { z } from 'zod';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { systemClock } from '../../runtime/clock.ts';
import { checkConfig, readConfigFile } from '../../runtime/config.ts';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { createLogger } from '../../runtime/logger.ts';
import { readSecret } from '../../runtime/secret-source.ts';
import { urlSchema } from '../../runtime/url-schema.ts';
import { mappingSchema, type Mapping } from '../../simulators/replay/mapping.ts';
import { mappingProblems } from '../../simulators/replay/mapping-problems.ts';
import { HeaderError } from '../../simulators/replay/read-samples.ts';
import type { ReplayReport } from '../../simulators/replay/replay-report.ts';
import {
  checkReplay,
  runReplay,
  type ReplayPlan,
  type ReplayTimes,
} from '../../simulators/replay/run-replay.ts';
import { print, printError, terminalJson, terminalText } from '../terminal.ts';
import { reportLines } from './report-lines.ts';

export interface ReplayCommand {
  readonly mapping: string;
  readonly check?: true;
  readonly broker?: string;
  readonly ca?: string;
  readonly dataDir?: string;
  readonly passwordFile?: string;
  readonly times: ReplayTimes;
  readonly speed?: number;
  readonly json?: true;
}

const BROKER_URL = urlSchema({ protocol: /^mqtts?$/, expected: 'mqtt://host:port or mqtts://host:port' });

export async function runReplayCommand(
  files: readonly string[],
  options: ReplayCommand,
  signal: AbortSignal,
): Promise<void> {
  const mapping = readMapping(options.mapping);
  const { times, json } = options;
  const plan: ReplayPlan = {
    ...{ mapping, catalogue: CATALOGUE, times },
    speed: options.speed ?? (times === 'now' ? 1 : undefined),
    sources: files.map((file) => ({ file, open: () => createReadStream(file) })),
  };
  const report = await userErrors(() =>
    options.check === true ? checkReplay(plan, signal) : send(plan, options, signal),
  );
  if (json === true) print(terminalJson({ event: 'replayed', checked: options.check === true, report }));
  else
    print(
      reportLines(report, options.check === true)
        .map((line) => `${terminalText(line)}\n`)
        .join(''),
    );
  if (report.badCells > 0 || report.duplicates > 0) process.exitCode = EXIT.differs;
}

function readMapping(file: string): Mapping {
  const mapping = checkConfig<Mapping>(file, readConfigFile(file), mappingSchema);
  const problems = mappingProblems(mapping, CATALOGUE);
  if (problems.length > 0)
    throw new UserError(
      EXIT.badConfig,
      problems.map((problem) => `${file}: ${problem}`),
    );
  return mapping;
}

async function send(
  plan: ReplayPlan,
  { json, ...options }: ReplayCommand,
  signal: AbortSignal,
): Promise<ReplayReport> {
  const text = z.string('expected with rows to send; --check sends nothing');
  const {
    '--broker': url,
    '--data-dir': directory,
    '--password-file': passwordFile,
  } = checkConfig(
    'command line',
    { '--broker': options.broker, '--data-dir': options.dataDir, '--password-file': options.passwordFile },
    z.object({ '--broker': text.pipe(BROKER_URL), '--data-dir': text, '--password-file': text }),
  );
  const { agent } = plan.mapping;
  const password = readSecret('--password-file', { file: passwordFile }, {});
  const lock = lockDirectory(directory);
  try {
    return await runReplay(plan, {
      connection: {
        ...{ url, username: agent, password },
        ...(options.ca !== undefined && { ca: readFileSync(options.ca, 'utf8') }),
      },
      ...{ directory, clock: systemClock, random: Math.random, signal },
      log: createLogger({ name: 'replay', level: 'warn' }),
      onProgress: (report, waiting) => {
        const { rows, samples } = report;
        if (json === true) print(terminalJson({ event: 'progress', rows, samples, waiting }));
        else if (process.stderr.isTTY)
          printError(`${rows} rows read, ${samples} samples, ${waiting} batches on their way\n`);
      },
    });
  } finally {
    lock.release();
  }
}

/** A file that is not there or not the one of the mapping. */
async function userErrors<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof HeaderError) throw new UserError(EXIT.badConfig, error.message.split('\n'), error);
    if (codeOf(error)?.startsWith('E') === true && error instanceof Error && 'path' in error)
      throw new UserError(
        EXIT.badConfig,
        [`${String(error.path)}: cannot be read: ${messageOf(error)}`],
        error,
      );
    throw error;
  }
}
