import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import { problemsOf, type Given } from '../../central/inventory/given.ts';
import { importAnswerSchema, type ImportAnswer } from '../../central/inventory/import-answer.ts';
import { givenText, MAX_INVENTORY_BYTES } from '../../central/inventory/inventory-text.ts';
import { KIND_NAMES } from '../../central/inventory/kinds.ts';
import { mergeLists } from '../../central/inventory/merge.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { CentralRefusal, createCentralClient, type CentralClient } from '../central-client.ts';
import { print, printData, printError, terminalJson } from '../terminal.ts';
import { readInventoryFiles } from './read-files.ts';
import { printDifference } from './print-difference.ts';

export interface InventoryOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly json?: true;
}

export interface DifferenceOptions extends InventoryOptions {
  readonly prune?: true;
}

export interface ImportOptions extends DifferenceOptions {
  readonly yes?: true;
}

/** Checks files as a whole inventory, without a central. Throws a UserError (exit 2) with all problems. */
export function runInventoryCheck(files: readonly string[], { json }: { readonly json?: true }): void {
  const { given, notes } = readInventoryFiles(files, emptyInventoryFile());
  const whole = { ...emptyInventoryFile(), ...given.lists };
  const problems = problemsOf(given, whole);
  const entries = Object.fromEntries(KIND_NAMES.map((kind) => [kind, whole[kind].length]));
  if (json === true) print(terminalJson({ valid: problems.length === 0, entries, problems, notes }));
  printNotes(notes);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
  const counts = KIND_NAMES.filter((kind) => whole[kind].length > 0).map(
    (kind) => `${whole[kind].length} ${kind}`,
  );
  if (json !== true) print(`Valid: ${counts.join(', ') || 'nothing'}.\n`);
}

/** Prints what an import would change. True: something. */
export async function runInventoryDiff(
  files: readonly string[],
  options: DifferenceOptions,
  signal: AbortSignal,
): Promise<boolean> {
  const client = createCentralClient(options, signal);
  const given = await readAgainst(client, files, options);
  const answer = await send(client, given, { prune: options.prune, dryRun: true });
  show(answer, options);
  return changesIn(answer) > 0;
}

/** Shows what changes, and changes it if it is told to. */
export async function runInventoryImport(
  files: readonly string[],
  options: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const client = createCentralClient(options, signal);
  const given = await readAgainst(client, files, options);
  const planned = await send(client, given, { prune: options.prune, dryRun: true });
  const isDone = options.yes !== true || changesIn(planned) === 0;
  if (options.json !== true || isDone) show(planned, options);
  if (isDone) {
    if (changesIn(planned) > 0) printError('Nothing was changed yet: add --yes.\n');
    return;
  }
  // What was shown, or nothing.
  const { revision } = planned;
  const answer = await send(client, given, {
    prune: options.prune,
    dryRun: false,
    expectedRevision: revision,
  });
  if (options.json === true) show(answer, options);
  else print(`Changed; the inventory is at revision ${answer.revision}.\n`);
}

export async function runInventoryExport(options: InventoryOptions, signal: AbortSignal): Promise<void> {
  const client = createCentralClient(options, signal);
  printData(await refusing(() => client.read('/inventory/export')));
}

/** The files over what central has now, checked here, where lines are known. Throws a UserError (exit 2) with all problems. */
async function readAgainst(
  client: CentralClient,
  files: readonly string[],
  { prune, json }: DifferenceOptions,
): Promise<Given> {
  const text = await refusing(() => client.read('/inventory/export'));
  const exported = givenText('the export of central', text, MAX_INVENTORY_BYTES);
  const current: InventoryFile = { ...emptyInventoryFile(), ...exported.lists };
  const { given, notes } = readInventoryFiles(files, current);
  printNotes(notes);
  const problems = problemsOf(given, mergeLists(current, given.lists, prune === true));
  if (problems.length === 0) return given;
  if (json === true) print(terminalJson({ valid: false, problems }));
  throw new UserError(EXIT.badConfig, problems);
}

function send(
  client: CentralClient,
  given: Given,
  options: {
    readonly prune: true | undefined;
    readonly dryRun: boolean;
    readonly expectedRevision?: number;
  },
): Promise<ImportAnswer> {
  const query = new URLSearchParams({
    dryRun: String(options.dryRun),
    prune: String(options.prune === true),
  });
  if (options.expectedRevision !== undefined) query.set('expectedRevision', String(options.expectedRevision));
  const path = `/inventory/import?${query.toString()}`;
  return refusing(() => client.call('POST', path, importAnswerSchema, given.lists));
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CentralRefusal)) throw error;
    throw new UserError(error.status === 422 ? EXIT.badConfig : EXIT.failure, error.problems, error);
  }
}

function show(answer: ImportAnswer, { json }: InventoryOptions): void {
  if (json === true) print(terminalJson(answer));
  else printDifference(answer);
}

function changesIn({ counts }: ImportAnswer): number {
  return counts.added + counts.changed + counts.removed;
}

function printNotes(notes: readonly string[]): void {
  for (const note of notes) printError(`Note: ${note}\n`);
}
