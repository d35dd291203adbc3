import { Authentication, AuthProtocols } from 'net-snmp';
import { expect, it } from 'vitest';
import { forgetKeysOf } from './key-cache.ts';

it('the keys of one engine are forgotten, and those of another are kept', () => {
  const { authToKeyCache: cache } = Authentication as unknown as { authToKeyCache: Record<string, unknown> };
  const before = Object.keys(cache).length;
  const ids = ['80001f880501020304', '80001f880501020305'];
  for (const id of ids) Authentication.passwordToKey(AuthProtocols.sha, 'a-password', Buffer.from(id, 'hex'));
  forgetKeysOf(ids[0]!);
  const names = Object.keys(cache);
  expect(names).toHaveLength(before + 1);
  expect(names.at(-1)).toContain(Buffer.from(ids[1]!, 'hex').toString('base64'));
});
