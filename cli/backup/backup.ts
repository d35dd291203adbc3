import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { openStateDatabase } from '../../central/state/database.ts';
import { lockDirectory, type DirectoryLock } from '../../runtime/directory-lock.ts';
import { EXIT, messageOf, UserError } from '../../runtime/errors.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import { CentralRefusal, createCentralClient, type CentralClient } from '../central-client.ts';
import { keepFilesPrivate } from '../file-modes.ts';
import { VERSION } from '../version.ts';
import { copyInto, flushFiles } from './copy-files.ts';
import { QUARANTINE, STATE_FILE, STORE_FILE, writeManifest } from './manifest.ts';
import { print } from '../terminal.ts';

export interface BackupOptions {
  readonly dataDir: string;
  readonly url: string;
  readonly tokenFile?: string;
}

const POLL_MS = 200;
const copyStateSchema = z.object({
  state: z.enum(['none', 'running', 'done', 'failed']),
  file: z.string().optional(),
  reason: z.string().optional(),
});

/** Central may run meanwhile. */
export async function runBackup(
  directory: string,
  options: BackupOptions,
  shutdown: AbortSignal,
): Promise<void> {
  keepFilesPrivate();
  const { dataDir } = options;
  if (!existsSync(join(dataDir, STATE_FILE)))
    throw new UserError(EXIT.dataDirectory, [
      `${dataDir}: no ${STATE_FILE} here; give central's data directory`,
    ]);
  makeEmpty(directory);
  const lock = lockUnlessRunning(dataDir);
  try {
    // Before the store: what the ledger calls stored is then always in the copy of the store.
    copyState(dataDir, directory);
    if (lock === undefined) await copyRunningStore(directory, options, shutdown);
    else for (const name of [STORE_FILE, `${STORE_FILE}.wal`]) copyInto(dataDir, directory, name);
    copyInto(dataDir, directory, QUARANTINE);
  } finally {
    lock?.release();
  }
  flushFiles(directory);
  const { files } = await writeManifest(directory, VERSION, Date.now());
  flushFiles(directory);
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  print(`${directory}: ${files.length} files, ${bytes} bytes\n`);
}

function makeEmpty(directory: string): void {
  try {
    makeDirectory(directory, 0o700);
    if (readdirSync(directory).length > 0) throw new Error('not empty; give a new directory for each backup');
  } catch (error) {
    throw new UserError(EXIT.dataDirectory, [`${directory}: ${messageOf(error)}`], error);
  }
}

/** undefined: central runs. */
function lockUnlessRunning(dataDir: string): DirectoryLock | undefined {
  try {
    return lockDirectory(dataDir);
  } catch (error) {
    if (error instanceof UserError && error.message.includes('already in use')) return undefined;
    throw error;
  }
}

function copyState(dataDir: string, directory: string): void {
  const state = openStateDatabase(join(dataDir, STATE_FILE));
  try {
    state.copyTo(join(directory, STATE_FILE));
  } finally {
    state.close();
  }
}

/** Only the process that has it open can copy DuckDB's file: central does it within its data directory. */
async function copyRunningStore(
  directory: string,
  options: BackupOptions,
  shutdown: AbortSignal,
): Promise<void> {
  const { dataDir, url, tokenFile } = options;
  if (!existsSync(join(dataDir, STORE_FILE))) return;
  if (tokenFile === undefined)
    throw new UserError(EXIT.badConfig, [
      'central is running: expected --token-file with a token of role admin',
    ]);
  const file = await copyByCentral(createCentralClient({ url, tokenFile }, shutdown), url, shutdown);
  if (file === undefined) return;
  const copies = join(dataDir, basename(dirname(file)));
  if (!existsSync(join(copies, STORE_FILE)))
    throw new UserError(EXIT.failure, [
      `${url}: this central has another data directory: it copied to ${file}`,
    ]);
  copyInto(copies, directory, STORE_FILE);
  rmSync(copies, { recursive: true });
}

async function copyByCentral(
  central: CentralClient,
  url: string,
  shutdown: AbortSignal,
): Promise<string | undefined> {
  try {
    let copy = await central.call('POST', '/store-copy', copyStateSchema);
    while (copy.state === 'running') {
      await delay(POLL_MS, undefined, { signal: shutdown });
      copy = await central.call('GET', '/store-copy', copyStateSchema);
    }
    if (copy.file !== undefined) return copy.file;
    throw new UserError(EXIT.failure, [`${url}: ${copy.reason ?? 'the copy of the store is gone'}`]);
  } catch (error) {
    if (!(error instanceof CentralRefusal)) throw error;
    if (error.code === 'STORE_ELSEWHERE') return undefined;
    throw new UserError(
      EXIT.failure,
      error.problems.map((problem) => `${url}: ${problem}`),
      error,
    );
  }
}
