import { pbkdf2Sync } from 'node:crypto';

/** Mosquitto's own default (mosquitto_passwd(1), -I). Passwords of setup are random, so more would only cost time at each login. */
const ITERATIONS = 101;
const HASH_BYTES = 64;
export const SALT_BYTES = 12;

/**
 * A line of Mosquitto's password file, without its end: `user:$7$iterations$salt$hash`, PBKDF2 with SHA-512, salt and hash in base64.
 * The format of Mosquitto 2.0 and newer. Pure: `salt` has SALT_BYTES random bytes.
 */
export function mosquittoPasswordLine(user: string, password: string, salt: Buffer): string {
  const hash = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return `${user}:$7$${ITERATIONS}$${salt.toString('base64')}$${hash.toString('base64')}`;
}

/** The users of a password file. Pure. */
export function mosquittoUsers(text: string): ReadonlySet<string> {
  const lines = text.split('\n').filter((line) => line.includes(':'));
  return new Set(lines.map((line) => line.slice(0, line.indexOf(':'))));
}

/** The file with these lines added; a line of the same user is replaced. Pure. */
export function withPasswordLines(text: string, added: readonly string[]): string {
  const users = mosquittoUsers(added.join('\n'));
  const kept = text.split('\n').filter((line) => line !== '' && !users.has(line.slice(0, line.indexOf(':'))));
  return [...kept, ...added, ''].join('\n');
}
