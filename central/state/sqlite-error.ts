import { codeOf, EXIT, messageOf, UserError } from '../../runtime/errors.ts';

/** By the first part of SQLite's or the system's error code. Other errors are mistakes in our SQL and stay as they are. */
const REASONS: Readonly<Record<string, string>> = {
  SQLITE_CORRUPT: 'the file is damaged',
  SQLITE_NOTADB: 'the file is no SQLite database, or its header is damaged',
  SQLITE_FULL: 'the disk is full',
  SQLITE_IOERR: 'the disk cannot be read or written',
  SQLITE_READONLY: 'the file cannot be written',
  SQLITE_CANTOPEN: 'the file cannot be opened',
  SQLITE_BUSY: 'another program holds the file',
};
const SYSTEM_ERROR = /^E[A-Z]+$/;

/** Runs `work`; what SQLite or the file system reports about the file becomes a UserError (exit 4) that names it. */
export function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const code = codeOf(error) ?? '';
    const reason = REASONS[code.split('_').slice(0, 2).join('_')];
    if (reason === 'the file is damaged') throw damaged(path, messageOf(error), error);
    if (reason !== undefined) throw unusable(path, `${reason} (${messageOf(error)})`, error);
    if (SYSTEM_ERROR.test(code)) throw unusable(path, messageOf(error), error);
    throw error;
  }
}

export function damaged(path: string, detail: string, cause?: unknown): UserError {
  return unusable(path, `the file is damaged (${detail}); restore a backup: wardwatch restore`, cause);
}

function unusable(path: string, reason: string, cause: unknown): UserError {
  return new UserError(EXIT.dataDirectory, [`${path}: cannot be used as state database: ${reason}`], cause);
}
