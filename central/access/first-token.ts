import { EXIT, UserError } from '../../runtime/errors.ts';
import { readTextFile } from '../../runtime/secret-source.ts';
import type { AuditLog } from './audit.ts';
import { describeCreated, type TokenStore } from './tokens.ts';

/** Name of a token that nobody has asked for. */
export const FIRST_START = 'first start';
/** As tokens are made. */
const TOKEN = /^wwt_[A-Za-z0-9_-]{32}$/;

export interface FirstTokenDeps {
  readonly tokens: TokenStore;
  readonly audit: AuditLog;
  readonly nowMs: number;
}

/**
 * Makes the text of this file an administrator's token, as long as there is no token at all: whoever set central up knows it without
 * access to state.db. With any token the file is not read, and need not be there. Throws a UserError (exit 2) that names the file.
 */
export function takeFirstToken(file: string, { tokens, audit, nowMs }: FirstTokenDeps): void {
  if (tokens.list().length > 0) return;
  const token = readTextFile('firstTokenFile', file).trim();
  if (!TOKEN.test(token)) {
    const expected = 'expected wwt_ and 32 letters, digits, _ or -, as wardwatch setup makes it';
    throw new UserError(EXIT.badConfig, [`firstTokenFile: ${file}: ${expected}`]);
  }
  const created = tokens.create(FIRST_START, 'admin', nowMs, undefined, { token });
  audit.append({ atMs: nowMs, actor: FIRST_START, action: 'token.create', target: describeCreated(created) });
}
