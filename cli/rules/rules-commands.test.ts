import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UserError } from '../../runtime/errors.ts';
import { runRulesCheck } from './rules-check.ts';
import { runRulesExplain } from './rules-explain.ts';
import { runRulesList } from './rules-list.ts';
import { runRulesTest } from './rules-test.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));
let directory: string;
let printed: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-rules-'));
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

function put(name: string, text: string): string {
  writeFileSync(join(directory, name), text);
  return join(directory, name);
}

function problemsOf(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((line) => line.replace(`${directory}/`, ''));
    throw error;
  }
  return [];
}

describe('wardwatch rules', () => {
  it('check says what a directory adds and replaces', () => {
    runRulesCheck(join(EXAMPLES, 'rules'), {});
    expect(printed).toMatch(/rules: valid: 2 added to the \d+ shipped rules, 1 replaced\n/);
    expect(printed).toContain('added     mains_voltage_high, trap_link_down\n');
    expect(printed).toContain('replaced  disk_full\n');
  });

  it('check lists every problem, and in JSON, too', () => {
    put('a.yaml', 'kind: thresold');
    put('B.yaml', 'kind: threshold');
    expect(problemsOf(() => runRulesCheck(directory, { json: true }))).toEqual([
      'B.yaml: file name: expected <id>.yaml, the id of a-z 0-9 _, got "B.yaml"',
      expect.stringMatching(/^a\.yaml: kind: expected one of threshold, .*got "thresold"$/),
    ]);
    expect(JSON.parse(printed)).toMatchObject({ event: 'checked', valid: false });
  });

  it('list has the shipped rules and one’s own', () => {
    runRulesList({ rulesDir: join(EXAMPLES, 'rules') });
    expect(printed).toMatch(/^ID +KIND +FROM +NAME +CONDITION +LEVELS\n/);
    expect(printed).toMatch(/^disk_full +threshold +replacement /m);
    expect(printed).toMatch(
      /^memory_low +threshold +shipped +Little memory left +mem\.available_percent below/m,
    );
    printed = '';
    runRulesList({ json: true });
    const rows = printed
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { id: string });
    expect(rows.find(({ id }) => id === 'memory_low')).toMatchObject({
      kind: 'threshold',
      origin: 'shipped',
      levels: [
        { severity: 'minor', limit: '10 → 15' },
        { severity: 'major', limit: '5 → 10' },
      ],
    });
  });

  it('explain says in both languages what is read, when it fires and ends', () => {
    runRulesExplain('memory_low', {});
    expect(printed).toContain('Name       Little memory left\n           Còn ít bộ nhớ\n');
    expect(printed).toContain('MINOR: below 10 %, once that lasts 15 min; ends back at 15 % for 5 min\n');
    expect(printed).toContain(
      'NHẸ: dưới 10 %, khi kéo dài 15 phút; kết thúc khi trở lại 15 % trong 5 phút\n',
    );
    runRulesExplain('port_down', {});
    expect(printed).toContain('NẶNG: bằng 2 hoặc 7, khi kéo dài 60 giây');
    expect(problemsOf(() => runRulesExplain('memry_low', {}))).toEqual([
      'there is no rule "memry_low", did you mean "memory_low"?',
    ]);
  });

  it('test passes on every example', () => {
    const files = readdirSync(join(EXAMPLES, 'rule-tests')).map((name) => join(EXAMPLES, 'rule-tests', name));
    expect(files.length).toBeGreaterThan(0);
    expect(runRulesTest(files, {})).toBe(true);
    expect(printed).toContain('6 of 6 tests passed\n');
  });

  it('test shows what was expected above what came', () => {
    const file = put(
      't.yaml',
      `tests:
  - name: too early
    rules: [memory_low]
    series: [{ measurement: mem, tags: { host: srv-1 }, fields: { available_percent: [8 x20] } }]
    alerts: [{ rule: memory_low, entity: { host: srv-1 }, severity: minor, fires: 14m }]`,
    );
    expect(runRulesTest([file], {})).toBe(false);
    expect(printed).toBe(
      `FAIL  ${file}: too early
      - expected  memory_low host=srv-1  minor  fires 14m  open
      + got       memory_low host=srv-1  minor  starts 0s  fires 15m  open
0 of 1 tests passed
`,
    );
  });

  it('test names the problems of all files', () => {
    const [one, other] = [put('one.yaml', 'tests: ['), put('other.yaml', 'test: []')];
    expect(problemsOf(() => runRulesTest([one, other], {}))).toEqual([
      expect.stringMatching(/^one\.yaml: not valid YAML/),
      expect.stringMatching(/^other\.yaml: tests: /),
      'other.yaml: test: unknown setting',
    ]);
  });
});
