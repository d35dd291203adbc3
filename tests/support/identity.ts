import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from './find-program.ts';

export const openssl = findProgram('openssl');

export interface Identity {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1 and its key; also as `name`.crt and `name`.key in the directory. */
export function makeIdentity(directory: string, name: string): Identity {
  const [keyFile, certFile] = [join(directory, `${name}.key`), join(directory, `${name}.crt`)];
  const args =
    'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -addext subjectAltName=IP:127.0.0.1';
  const made = spawnSync(openssl ?? '', [
    ...args.split(' '),
    ...['-subj', `/CN=${name}`, '-keyout', keyFile, '-out', certFile],
  ]);
  if (made.status !== 0) throw new Error(String(made.stderr));
  return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8') };
}
