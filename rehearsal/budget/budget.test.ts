import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import { createRule } from '../../central/alerts/rules/create-rule.ts';
import { ruleKinds } from '../../central/alerts/rules/kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import { candidatesOf, type Candidate } from './candidates.ts';
import { choose, stateOf } from './choose.ts';
import { effectsOf } from './effects.ts';
import { fullestHour } from './page-load.ts';
import { parseBudget } from './parse-budget.ts';
import type { Page, Rehearsed } from './rehearsed.ts';
import { editedText, unifiedDiff } from './rule-diff.ts';

const MINUTE_MS = 60_000;
const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

function shipped(id: string): AlertRule {
  const found = rules.find((rule) => rule.id === id);
  if (found === undefined) throw new Error(`no rule ${id}`);
  return found;
}

function candidate(name: string): Candidate {
  const id = name.split(':')[0] ?? '';
  const found = candidatesOf(shipped(id), CATALOGUE).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no candidate ${name}`);
  return found;
}

/** A page a minute given, each about an entity of its own. */
function pages(rule: string, minutes: readonly number[]): readonly Page[] {
  return minutes.map((minute) => {
    const atMs = minute * MINUTE_MS;
    return { atMs, begins: [{ rule, key: `${rule} ${minute}`, sinceMs: atMs }] };
  });
}

function run(all: readonly Page[], debts: Rehearsed['debts'] = []): Rehearsed {
  return { scenario: 'a', seed: 1, lengthMs: 2 * 60 * MINUTE_MS, pages: all, debts };
}

it('a budget is a whole number of pages an hour, and anything else says so', () => {
  expect(parseBudget('6 pages/h')).toEqual({ pagesPerHour: 6 });
  expect(parseBudget('1 page / h')).toEqual({ pagesPerHour: 1 });
  for (const text of [
    '6',
    '0 pages/h',
    '-1 pages/h',
    '1.5 pages/h',
    '6 pages/day',
    'six pages/h',
    '5000 pages/h',
    '',
  ])
    expect(parseBudget(text)).toBe(
      `expected a number of pages an hour from 1 to 1000, such as "6 pages/h", got ${JSON.stringify(text)}`,
    );
});

it('the fullest hour is any sixty minutes, and the minute after does not belong to it', () => {
  expect(fullestHour([])).toBe(0);
  expect(fullestHour(pages('a', [0, 30, 59, 60, 100]))).toBe(3);
});

describe('candidates of a rule', () => {
  it('are its times longer, and the limits of levels that page further from what is well', () => {
    expect(candidatesOf(shipped('ping_loss'), CATALOGUE).map(({ name }) => name)).toEqual([
      'ping_loss: levels[1].raise 5 → 5.5',
      'ping_loss: levels[1].raise 5 → 6',
      'ping_loss: levels[1].raise 5 → 7',
      'ping_loss: levels[2].for 1m → 90s',
      'ping_loss: levels[2].for 1m → 2m',
      'ping_loss: levels[2].for 1m → 3m',
      'ping_loss: levels[2].for 1m → 5m',
      'ping_loss: for 10m → 15m',
      'ping_loss: for 10m → 20m',
      'ping_loss: for 10m → 30m',
      'ping_loss: for 10m → 50m',
      'ping_loss: clearFor 5m → 450s',
      'ping_loss: clearFor 5m → 10m',
      'ping_loss: clearFor 5m → 15m',
      'ping_loss: clearFor 5m → 25m',
    ]);
  });

  it('are lower where low is bad', () => {
    const raises = candidatesOf(shipped('battery_low'), CATALOGUE).flatMap(({ setting, to }) =>
      setting.key === 'raise' ? [[setting.value, to]] : [],
    );
    expect(raises.length).toBeGreaterThan(0);
    for (const [from, to] of raises) expect(Number(to)).toBeLessThan(Number(from));
  });
});

describe('the choice', () => {
  const short = candidate('port_down: for 1m → 2m');
  const long = candidate('port_down: for 1m → 5m');
  const [begin] = pages('port_down', [10]);
  const story = [...pages('port_down', [10, 20, 30]), ...pages('device_down', [40])];
  const runs = [run(story, [{ name: 'x', fromMs: 0, byMs: 45 * MINUTE_MS, toldAtMs: 40 * MINUTE_MS }])];
  const key = (minute: number): string => `port_down ${minute}`;
  const seen = (minutes: readonly number[], laterMs: number): ReadonlyMap<string, readonly number[]> =>
    new Map(minutes.map((minute) => [key(minute), [minute * MINUTE_MS + laterMs]]));

  it('is what takes pages away for the least delay', () => {
    const begins = [
      new Map([
        [short, seen([10, 20], MINUTE_MS)],
        [long, seen([], 0)],
      ]),
    ];
    const effects = effectsOf(runs, begins, [short, long]);
    expect(choose(runs, effects, { pagesPerHour: 4 })).toEqual([]);
    const chosen = choose(runs, effects, { pagesPerHour: 3 });
    expect(stateOf(runs, chosen, { pagesPerHour: 3 })).toMatchObject({
      excess: 0,
      cost: { lost: 0, delayMs: 0 },
    });
    expect(choose(runs, effects, { pagesPerHour: 1 }).map((effect) => effect.candidate)).toEqual([long]);
  });

  it('is never one by which nobody is told in time of what is due', () => {
    const owed = [run(story, [{ name: 'x', fromMs: 0, byMs: 12 * MINUTE_MS, toldAtMs: begin?.atMs }])];
    const none = effectsOf(owed, [new Map()], [long]);
    expect(choose(owed, none, { pagesPerHour: 1 })).toEqual([]);
    const later = effectsOf(owed, [new Map([[long, seen([10], 5 * MINUTE_MS)]])], [long]);
    expect(choose(owed, later, { pagesPerHour: 1 })).toEqual([]);
    const intime = effectsOf(owed, [new Map([[short, seen([10], MINUTE_MS)]])], [short]);
    expect(stateOf(owed, choose(owed, intime, { pagesPerHour: 2 }), { pagesPerHour: 2 })).toEqual({
      ...{ pages: 2, excess: 0, cost: { lost: 0, delayMs: MINUTE_MS } },
    });
  });
});

describe('the diff', () => {
  const file = shipped('ping_loss').source;
  const text = readFileSync(file, 'utf8');
  const edits = [candidate('ping_loss: for 10m → 20m'), candidate('ping_loss: levels[1].raise 5 → 7')];
  const diff = unifiedDiff('ping_loss.yaml', text, editedText(text, edits));

  it('changes these values and nothing else, and patch takes it', () => {
    const changed = diff.split('\n').filter((line) => /^[-+][^-+]/.test(line));
    expect(changed).toEqual([
      '-  - { severity: major, raise: 5, clear: 2 }',
      '+  - { severity: major, raise: 7, clear: 2 }',
      '-for: 10m',
      '+for: 20m',
    ]);
    const directory = mkdtempSync(join(tmpdir(), 'budget-'));
    try {
      writeFileSync(join(directory, 'ping_loss.yaml'), text);
      execFileSync('git', ['apply', '-'], { cwd: directory, input: diff });
      const patched = join(directory, 'ping_loss.yaml');
      expect(readFileSync(patched, 'utf8')).toBe(editedText(text, edits));
      expect(loadRules(directory, CATALOGUE)).toHaveLength(1);
    } finally {
      rmSync(directory, { recursive: true });
    }
  });

  it('keeps the comments of the file', () => {
    const silent = shipped('agent_silent');
    const before = readFileSync(silent.source, 'utf8');
    const after = editedText(before, [candidate('agent_silent: for 0s → 1m')]);
    expect(after).toBe(before.replace('for: 0s', 'for: 1m'));
    expect(createRule({ ...silent, content: silent.content }, CATALOGUE, ruleKinds).id).toBe('agent_silent');
    expect(unifiedDiff('a.yaml', before, before)).toBe('');
  });
});
