import { expect, it } from 'vitest';
import { NEW_ROW, patchFrom, settingsProblems, type CollectorRow } from './rollout-settings.ts';

const row = (part: Partial<CollectorRow>): CollectorRow => ({ ...NEW_ROW, ...part });
const problemsOf = (...collectors: CollectorRow[]) =>
  Object.fromEntries(settingsProblems({ logLevel: '', collectors }));

it('turns what was typed into a patch, and leaves out what was not', () => {
  const collectors = [
    row({ intervalS: '30' }),
    row({ kind: 'ping', name: ' portal ', timeoutS: '2.5' }),
    row({ kind: 'snmp', does: 'remove', intervalS: 'no matter' }),
  ];
  expect(settingsProblems({ logLevel: 'debug', collectors }).size).toBe(0);
  expect(patchFrom({ logLevel: 'debug', collectors })).toEqual({
    collectors: [
      { kind: 'server', intervalMs: 30_000 },
      { kind: 'ping', name: 'portal', timeoutMs: 2_500 },
    ],
    remove: [{ kind: 'snmp' }],
    log: { level: 'debug' },
  });
  expect(patchFrom({ logLevel: 'warn', collectors: [] })).toEqual({ log: { level: 'warn' } });
});

it('names the field of everything that is wrong, all at once', () => {
  expect(problemsOf()).toEqual({ settings: 'nothing' });
  expect(problemsOf(row({}))).toEqual({ '0.intervalS': 'nothing' });
  expect(
    problemsOf(
      row({ intervalS: '0.5', timeoutS: '0' }),
      row({ name: 'Portal', intervalS: '1e9' }),
      row({ kind: 'ping', intervalS: 'ten', timeoutS: ' ' }),
    ),
  ).toEqual({
    ...{ '0.intervalS': 'interval', '0.timeoutS': 'timeout' },
    ...{ '1.name': 'name', '1.intervalS': 'interval' },
    ...{ '2.intervalS': 'interval', '2.timeoutS': 'timeout' },
  });
  expect(problemsOf(row({ intervalS: '10', timeoutS: '11' }))).toEqual({ '0.timeoutS': 'timeoutAbove' });
  expect(problemsOf(row({ intervalS: '10' }), row({ name: 'server', intervalS: '20' }))).toEqual({
    '1.name': 'twice',
  });
});
