import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/**
 * Secrets here are 192 random bits, never chosen by a person, so one SHA-256 is as hard to undo as a slow hash, and
 * 2,000 agents can reconnect at once.
 */
export function createSecret(prefix: string): string {
  return `${prefix}_${randomBytes(24).toString('base64url')}`;
}

export function hashSecret(secret: string): Buffer {
  return createHash('sha256').update(secret, 'utf8').digest();
}

export function secretMatches(secret: string, hash: Buffer): boolean {
  const given = hashSecret(secret);
  return given.length === hash.length && timingSafeEqual(given, hash);
}
