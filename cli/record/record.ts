import { z } from 'zod';
import { emptyInventoryFile } from '../../contract/inventory.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { anonymised } from '../../rehearsal/recording/anonymise.ts';
import { RECORDING_ENDING, writeRecording } from '../../rehearsal/recording/recording-file.ts';
import { givenText } from '../../central/inventory/inventory-text.ts';
import { CentralRefusal, createCentralClient } from '../central-client.ts';
import { print, printError } from '../terminal.ts';
import { readCity, type Ask } from './read-city.ts';

export interface RecordOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly from?: string;
  readonly minutes: number;
}

const MINUTE_MS = 60_000;
const MAX_INVENTORY_BYTES = 32 * 1024 * 1024;

/** `wardwatch record`: a span of a running city into a file, without its names. */
export async function runRecord(file: string, options: RecordOptions, shutdown: AbortSignal): Promise<void> {
  const nowMs = Date.now();
  const span = spanOf(file, options, nowMs);
  const client = createCentralClient(options, shutdown);
  const text = await refusing(() => client.read('/inventory/export'));
  const { lists } = givenText('the export of central', text, MAX_INVENTORY_BYTES);
  const inventory = { ...emptyInventoryFile(), ...lists };
  const ask: Ask = (path, schema) => refusing(() => client.call('GET', path, schema));
  const recording = anonymised(
    await readCity(ask, inventory, span, (name, at, of) => {
      shutdown.throwIfAborted();
      printError(`${at + 1} of ${of} measurements: ${name}\n`);
    }),
    {
      catalogue: CATALOGUE,
      rules: new Set(loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE).map(({ id }) => id)),
    },
  );
  const rows = [...recording.samples.values()].reduce((sum, own) => sum + own.length, 0);
  if (rows === 0)
    throw new UserError(EXIT.failure, [
      `nothing is stored from ${new Date(span.fromMs).toISOString()} to ${new Date(span.toMs).toISOString()}: no recording was written`,
    ]);
  writeRecording(file, recording);
  print(
    `${file}: ${rows} rows of ${recording.samples.size} agents, ${recording.incidents.length} incidents. Look through it before it leaves the house.\n`,
  );
}

function spanOf(file: string, { from, minutes }: RecordOptions, nowMs: number) {
  const fromMs = from === undefined ? nowMs - minutes * MINUTE_MS : Date.parse(from);
  const problems = [
    ...(file.endsWith(RECORDING_ENDING)
      ? []
      : [`expected a file that ends in ${RECORDING_ENDING}, got ${JSON.stringify(file)}`]),
    ...(z.int().safeParse(fromMs).success
      ? []
      : [`--from: expected a time such as 2026-11-24T10:00:00+07:00, got ${JSON.stringify(from)}`]),
    ...(fromMs + minutes * MINUTE_MS > nowMs
      ? [`--from: expected ${minutes} min that are over, got ${JSON.stringify(from)}`]
      : []),
  ];
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  return { fromMs, toMs: fromMs + minutes * MINUTE_MS };
}

async function refusing<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof CentralRefusal) throw new UserError(EXIT.failure, error.problems, error);
    throw error;
  }
}
