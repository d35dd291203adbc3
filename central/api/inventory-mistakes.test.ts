import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiHarness } from './testing/api-harness.ts';

const ROWS = 50_000;
/** Of each kind. */
const TIMES = 25;

let harness: ApiHarness;
beforeEach(async () => {
  harness = await ApiHarness.open();
});
afterEach(async () => {
  expect(await harness.close()).toEqual([]);
});

const HEADER = [
  'id',
  'kind',
  'name',
  'site',
  'unit',
  'agent',
  'parents',
  'agency',
  'installedOn',
  'retiredOn',
];
type Cells = Record<string, string>;

interface Mistake {
  readonly cells: (at: number) => Cells;
  /** Of the row before it. */
  readonly before?: (at: number) => Cells;
  /** What central says to it. */
  readonly says: (at: number) => string;
}

const MISTAKES: readonly Mistake[] = [
  { cells: () => ({ kind: 'nod' }), says: () => ', got "nod", did you mean "node"?' },
  {
    cells: () => ({ site: 'site-00' }),
    says: () => 'site: no such entry, got "site-00", did you mean "site-0"?',
  },
  { cells: () => ({ agent: 'gw 1' }), says: () => ', got "gw 1", did you mean "gw-1"?' },
  {
    cells: () => ({ unit: '16734' }),
    says: () => 'unit: no such entry, got "16734", did you mean "26734"?',
  },
  {
    // "Sở 1", as a Mac writes it.
    cells: () => ({ agency: 'Sở 1'.normalize('NFD') }),
    says: () => ', got "Sở 1", did you mean "agency-1"?',
  },
  { cells: () => ({ installedOn: '31/02/2026' }), says: () => ', got "31/02/2026"' },
  {
    cells: () => ({ installedOn: '2026-05-01', retiredOn: '2026-04-30' }),
    says: () => 'retiredOn: before it was installed on 2026-05-01, got "2026-04-30"',
  },
  {
    cells: (at) => ({ id: `d-${at - 1}`, site: 'site-1', unit: '26737' }),
    says: (at) =>
      `id: expected a unique id in one site, not in site-0 and in site-1, got "d-${at - 1}" again (first in devices.csv line ${at + 1})`,
  },
  {
    cells: (at) => ({ parents: `d-${at}` }),
    says: (at) => `parents: leads only back to itself: d-${at} → d-${at}, got "d-${at}"`,
  },
  {
    before: (at) => ({ parents: `d-${at}` }),
    cells: (at) => ({ parents: `d-${at - 1}` }),
    says: (at) =>
      `parents: leads only back to itself: d-${at - 1} → d-${at} → d-${at - 1}, got "d-${at - 1}"`,
  },
  {
    cells: (at) => ({ parents: `dd-${at}`, retiredOn: '2026-04-30' }),
    says: (at) => `parents: no such entry, got "dd-${at}", did you mean "d-${at}"?`,
  },
  { cells: () => ({ agent: '' }), says: () => 'agent: expected a value, got nothing' },
];

function mistakeAt(at: number): Mistake | undefined {
  const every = Math.floor(ROWS / (MISTAKES.length * TIMES));
  const turn = Math.floor(at / every);
  return at % every === 1 && turn < MISTAKES.length * TIMES ? MISTAKES[turn % MISTAKES.length] : undefined;
}

function fileOf(separator: string): string {
  const lines = Array.from({ length: ROWS }, (_, at) => {
    const name = `Nút mạng số ${at}`.normalize('NFD');
    const right: Cells = { id: `d-${at}`, kind: 'node', name, site: 'site-0', unit: '26734', agent: 'gw-1' };
    const cells: Cells = { ...right, ...mistakeAt(at)?.cells(at), ...mistakeAt(at + 1)?.before?.(at + 1) };
    return HEADER.map((column) => cells[column] ?? '').join(separator);
  });
  return `\ufeff${HEADER.join(separator)}\r\n${lines.join('\r\n')}\r\n`;
}

describe('a file of 50,000 devices with 300 mistakes', () => {
  it('has all of them named at once, and nothing of it is taken', async () => {
    const exported = async () =>
      (await harness.call('GET', '/api/v1/inventory/export')).text.replace(/^#.*$/gm, '');
    const before = await exported();
    const { status, json } = await harness.call('POST', '/api/v1/inventory/import-csv?kind=devices', {
      payload: fileOf(';'),
      type: 'text/csv',
      token: harness.tokens.engineer,
    });
    expect(status).toBe(422);
    const problems = json['problems'] as string[];
    const lineOf = (problem: string): number => Number(/^devices\.csv line (\d+): /.exec(problem)?.[1]);
    const named = new Map(problems.map((problem) => [lineOf(problem), problem]));
    for (let at = 0; at < ROWS; at++) {
      const says = mistakeAt(at)?.says(at);
      if (says !== undefined) expect(named.get(at + 2)).toContain(says);
    }
    expect(problems).toHaveLength(MISTAKES.length * TIMES);
    expect(await exported()).toBe(before);
  });
});
