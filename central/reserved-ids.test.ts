import { expect, it } from 'vitest';
import { warnOfReservedIds } from './reserved-ids.ts';

function told(agents: readonly string[], logins: readonly string[]): readonly unknown[] {
  const lines: unknown[] = [];
  warnOfReservedIds({
    agents,
    logins: logins.map((agent) => ({ agent, createdAtMs: 0 })),
    log: { warn: (...line: unknown[]) => void lines.push(line) },
  });
  return lines;
}

it('names agents and logins with the id of a phone, each once', () => {
  const tooLong = `phone-${'x'.repeat(33)}`;
  expect(told(['phone-hub', 'gw-1'], ['gw-1', tooLong, 'phone-hub', 'phone-07'])).toEqual([
    [
      { agents: ['phone-hub', tooLong], count: 2 },
      expect.stringMatching(/begin with phone-.*survey-id.*another id/) as string,
    ],
  ]);
});

it('names no phone that has only a login, and no other agent', () => {
  expect(told(['gw-1', 'telephone-1'], ['phone-07', 'gw-1'])).toEqual([]);
});
