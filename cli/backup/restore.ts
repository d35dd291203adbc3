import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openAgentCredentials } from '../../central/access/agent-credentials.ts';
import { openAuditLog } from '../../central/access/audit.ts';
import { openTokenStore } from '../../central/access/tokens.ts';
import { openLedger } from '../../central/ledger/sqlite-ledger.ts';
import { openStateDatabase } from '../../central/state/database.ts';
import { lockDirectory } from '../../runtime/directory-lock.ts';
import { createStore } from '../../central/store/create-store.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { makeDirectory } from '../../runtime/make-directory.ts';
import { keepFilesPrivate } from '../file-modes.ts';
import { copyInto, flush, flushFiles } from './copy-files.ts';
import { checkBackup, QUARANTINE, STATE_FILE, STORE_FILE } from './manifest.ts';
import { print } from '../terminal.ts';

export interface RestoreOptions {
  readonly dataDir: string;
  readonly replace?: true;
}

/** What a data directory holds, and what makes room for a backup. */
const ENTRIES = [
  STATE_FILE,
  `${STATE_FILE}-wal`,
  `${STATE_FILE}-shm`,
  STORE_FILE,
  `${STORE_FILE}.wal`,
  QUARANTINE,
];

/** Central must not run. Everything is checked before anything in the data directory changes. */
export async function runRestore(directory: string, options: RestoreOptions, nowMs: number): Promise<void> {
  keepFilesPrivate();
  const { dataDir } = options;
  const manifest = await checkBackup(directory);
  const lock = lockDirectory(dataDir);
  try {
    const present = ENTRIES.filter((name) => existsSync(join(dataDir, name)));
    if (present.length > 0 && options.replace !== true) {
      const problem = `${dataDir}: already has ${present.join(', ')}; --replace puts them aside and restores`;
      throw new UserError(EXIT.dataDirectory, [problem]);
    }
    const staging = join(dataDir, 'restoring');
    rmSync(staging, { recursive: true, force: true });
    mkdirSync(staging, { mode: 0o700 });
    for (const { name } of manifest.files) copyInto(directory, staging, name);
    checkState(join(staging, STATE_FILE));
    await checkStore(join(staging, STORE_FILE));
    flushFiles(staging);
    const aside = join(dataDir, `replaced-${new Date(nowMs).toISOString().replaceAll(':', '')}`);
    if (present.length > 0) moveAll(dataDir, aside, present);
    moveAll(staging, dataDir, ENTRIES);
    flush(dataDir);
    rmSync(staging, { recursive: true });
    print(`${dataDir}: restored the backup of ${manifest.createdAt} (${manifest.program})\n`);
    if (present.length > 0) print(`${aside}: what was there before\n`);
  } finally {
    lock.release();
  }
}

/** Integrity, and whether this program knows the schema of what cannot be lost. Throws a UserError (exit 4). */
function checkState(file: string): void {
  const state = openStateDatabase(file);
  try {
    for (const open of [openLedger, openTokenStore, openAgentCredentials, openAuditLog]) open(state);
  } finally {
    state.close();
  }
}

/** Opens and closes it, which also writes its log into the file. Throws a UserError (exit 4). */
async function checkStore(file: string): Promise<void> {
  if (!existsSync(file)) return;
  const choice = { kind: 'duckdb', file, memoryLimitMiB: 256 } as const;
  const store = await createStore(choice, { catalogue: CATALOGUE, log: silentLogger });
  try {
    await store.open(new AbortController().signal);
  } finally {
    await store.close();
  }
}

function moveAll(from: string, to: string, names: readonly string[]): void {
  makeDirectory(to, 0o700);
  for (const name of names) if (existsSync(join(from, name))) renameSync(join(from, name), join(to, name));
}
