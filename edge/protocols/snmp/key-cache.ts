import { Authentication } from 'net-snmp';

/** What the library keeps for each engine it was ever asked about, real or not: the names end with the engine id. */
interface KeyCache {
  readonly authToKeyCache?: Record<string, unknown>;
}

/**
 * Else ids that somebody makes up fill the memory. `engineId`: in hexadecimal. Keys of an engine that is used after all are
 * made again, which costs some milliseconds.
 */
export function forgetKeysOf(engineId: string): void {
  const { authToKeyCache: cache = {} } = Authentication as KeyCache;
  const end = Buffer.from(engineId, 'hex').toString('base64');
  for (const name of Object.keys(cache)) if (name.endsWith(end)) Reflect.deleteProperty(cache, name);
}
