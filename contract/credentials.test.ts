import { expect, it } from 'vitest';
import { deriveAgentPassword } from './credentials.ts';

it('derives one password an agent, as RFC 4231 test case 2 has it', () => {
  expect(deriveAgentPassword('Jefe', 'what do ya want for nothing?')).toBe(
    '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  );
  expect(deriveAgentPassword('Jefe', 'gw-1')).not.toBe(deriveAgentPassword('Jefe', 'gw-2'));
});
