import { describe, expect, it } from 'vitest';
import { isTargetAddress } from './target-address.ts';

describe('the address of a target', () => {
  it.each(['10.1.2.3', '::1', 'fe80::1%eth0', 'gw-26734-01', 'dns.example.vn.', '_sip.example.vn'])(
    'takes %s',
    (text) => expect(isTargetAddress(text)).toBe(true),
  );
  it.each(['-f', '--help', '', 'a b', 'x;reboot', '$(id)', 'a..b', 'http://x', 'a'.repeat(300), 'ok\n-f'])(
    'refuses %j',
    (text) => expect(isTargetAddress(text)).toBe(false),
  );
});
