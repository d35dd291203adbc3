import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { UserError } from '../../../runtime/errors.ts';
import { ruleKinds } from './kinds/index.ts';
import { loadRules, overrideRules } from './load-rules.ts';
import { absenceFile, ruleFile, ruleOf, TEST_CATALOGUE } from '../testing/batches-and-rules.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-rules-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function put(id: string, content: Record<string, unknown> | string): void {
  writeFileSync(join(directory, `${id}.yaml`), typeof content === 'string' ? content : stringify(content));
}

/** The problems, without the directory. */
function problems(): string[] {
  try {
    loadRules(directory, TEST_CATALOGUE);
  } catch (error) {
    if (error instanceof UserError) return error.problems.map((line) => line.replace(`${directory}/`, ''));
    throw error;
  }
  return [];
}

const port = { measurement: 'interface', entity: ['device', 'interface'] };

describe('reading rule files', () => {
  it('takes the id from the file name and turns durations into milliseconds', () => {
    put('cpu_busy', ruleFile({ where: { host: 'srv-1' } }));
    put('agent_silent', absenceFile());
    const [silent, busy] = loadRules(directory, TEST_CATALOGUE);
    expect(silent).toMatchObject({
      id: 'agent_silent',
      settings: { kind: 'absence', for: 0, clearFor: 10_000 },
    });
    expect(busy).toMatchObject({
      id: 'cpu_busy',
      settings: { for: 300_000, interval: 60_000, where: { host: ['srv-1'] } },
      evaluator: { valueUnit: '%' },
    });
  });

  it('lists every mistake of every file at once, with file, path and value', () => {
    put('one', ruleFile({ for: '5 minutes', severty: 'minor', levels: [{ severity: 'bad', raise: 90 }] }));
    put('two', ruleFile({ measurement: 'cpux' }));
    put('three', 'kind: [threshold');
    put('Four', ruleFile());
    expect(problems()).toEqual([
      expect.stringContaining(
        'Four.yaml: file name: expected <id>.yaml, the id of a-z 0-9 _, got "Four.yaml"',
      ),
      'one.yaml: for: expected a duration such as 30s, 15m, 1h or 7d, got "5 minutes"',
      expect.stringMatching(/^one\.yaml: levels\[0\]\.severity: .*warning.*got "bad"$/),
      expect.stringMatching(/^one\.yaml: levels\[0\]\.clear: .*expected number/),
      'one.yaml: severty: unknown setting',
      expect.stringContaining('three.yaml: not valid YAML'),
      'two.yaml: measurement: not in the catalogue, got "cpux"',
    ]);
  });

  it('tells what the catalogue lacks beside what nobody knows, at once', () => {
    put(
      'a',
      ruleFile({ severty: 'minor', field: 'usage_activ', levels: [{ ...level(90, 85)[0], fro: '5m' }] }),
    );
    expect(problems()).toEqual([
      'a.yaml: levels[0].fro: unknown setting',
      'a.yaml: severty: unknown setting',
      'a.yaml: field: not a field of cpu, got "usage_activ"',
    ]);
  });

  it('has no composite that could depend on itself: conditions name measurements, and never rules', () => {
    const { name, action, eventType, probableCause } = ruleFile();
    const conditions = [{ rule: 'a' }, { measurement: 'cpu', field: 'usage_active', above: 90 }];
    const levels = [{ severity: 'major', need: 3 }];
    put('a', {
      kind: 'composite',
      name,
      action,
      eventType,
      probableCause,
      entity: ['host'],
      conditions,
      levels,
      for: '1m',
      clearFor: '1m',
    });
    expect(problems()).toEqual([
      expect.stringMatching(/^a\.yaml: conditions\[0\]\.measurement: /),
      'a.yaml: conditions[0].rule: unknown setting',
    ]);
    put('a', {
      kind: 'composite',
      name,
      action,
      eventType,
      probableCause,
      entity: ['host'],
      conditions: [conditions[1], conditions[1]],
      levels,
      for: '1m',
      clearFor: '1m',
    });
    expect(problems()).toEqual([
      'a.yaml: levels[0].need: expected at most the number of conditions, 2, got 3',
    ]);
  });

  it('names an unknown field, divisor, tag and a field that is no number', () => {
    put('a', ruleFile({ field: 'usage_activ' }));
    put('b', ruleFile({ measurement: 'system', field: 'load1', divideBy: 'cpus', levels: level(2, 1) }));
    put('c', ruleFile({ entity: ['host', 'socket'], where: { rack: '1' } }));
    put('d', ruleFile({ ...port, field: 'alias', levels: level(2, 1) }));
    put('e', ruleFile({ when: { usage_idle: 1 } }));
    expect(problems()).toEqual([
      'a.yaml: field: not a field of cpu, got "usage_activ"',
      'b.yaml: divideBy: not a field of system, got "cpus"',
      'c.yaml: entity[1]: not a tag of cpu, got "socket"',
      'c.yaml: where.rack: not a tag of cpu, got "rack"',
      'd.yaml: field: expected a number field, interface.alias is string, got "alias"',
      'e.yaml: when.usage_idle: not a field of cpu, got "usage_idle"',
    ]);
  });

  it('refuses a rule that is narrower than its series, unless it says what counts across them', () => {
    const status = { measurement: 'interface', field: 'oper_status', op: 'above', levels: level(2, 1) };
    put('a', ruleFile({ ...status, entity: ['device'] }));
    put('b', ruleFile({ ...status, entity: ['device'], across: 'any' }));
    put('c', ruleFile({ ...status, entity: ['device'], across: 'newest' }));
    put('d', ruleFile({ ...status, entity: ['device', 'interface'] }));
    put('e', ruleFile({ ...status, entity: ['device'], where: { interface: 'ge0' } }));
    put('f', ruleFile({ ...status, entity: ['device'], where: { interface: ['ge0', 'ge1'] } }));
    put('g', ruleFile({ ...status, entity: ['device'], across: 'median' }));
    const expected =
      'across: expected any (one series in breach is enough) or newest (the newest sample counts, whichever series it is of), or more tags in entity: series of interface also differ by interface, got nothing';
    expect(problems()).toEqual([
      `a.yaml: ${expected}`,
      `f.yaml: ${expected}`,
      expect.stringMatching(/^g\.yaml: across: .*any.*newest.*got "median"$/),
    ]);
  });

  it('refuses limits that can never be met and levels in the wrong order', () => {
    put('a', ruleFile({ levels: level(150, 85) }));
    put('b', ruleFile({ levels: level(90, 95) }));
    put('c', ruleFile({ op: 'below', levels: level(10, 5) }));
    put('d', ruleFile({ levels: [...level(95, 90), { severity: 'warning', raise: 90, clear: 80 }] }));
    expect(problems()).toEqual([
      'a.yaml: levels[0].raise: outside the range of usage_active (0 to 100), got 150',
      'b.yaml: levels[0].clear: expected at most the raise level 90, got 95',
      'c.yaml: levels[0].clear: expected at least the raise level 10, got 5',
      'd.yaml: levels[1].raise: expected a worse level than the one before (95), got 90',
      'd.yaml: levels[1].severity: expected graver than the level before (minor), got "warning"',
    ]);
  });

  it('wants values of the type of the field', () => {
    const levels = (values: unknown): unknown => [{ severity: 'major', values }];
    put('a', ruleFile({ measurement: 'device', field: 'reachable', op: 'equals', levels: levels(0) }));
    put('b', ruleFile({ ...port, field: 'oper_status', op: 'equals', levels: levels([2, 'down']) }));
    put('c', ruleFile({ measurement: 'device', field: 'reachable', op: 'equals', levels: levels(false) }));
    expect(problems()).toEqual([
      'a.yaml: levels[0].values: expected a boolean, reachable is bool, got 0',
      'b.yaml: levels[0].values: expected a number, oper_status is int, got "down"',
    ]);
  });

  it('loads no kind that nobody handles, and names the known ones', () => {
    put('a', ruleFile({ kind: 'oracle' }));
    put('b', ruleFile({ kind: undefined }));
    put('c', ruleFile({ kind: ['threshold'] }));
    const expected = `kind: expected one of ${ruleKinds.map(({ kind }) => kind).join(', ')}`;
    expect(problems()).toEqual([
      `a.yaml: ${expected}, got "oracle"`,
      `b.yaml: ${expected}`,
      `c.yaml: ${expected}, got ["threshold"]`,
    ]);
  });

  it('accepts the former name of a kind, and remembers that it had that', () => {
    put('agent_silent', absenceFile({ kind: 'silence' }));
    put('other', absenceFile());
    const [former, current] = loadRules(directory, TEST_CATALOGUE);
    expect(former).toMatchObject({ settings: { kind: 'absence' }, formerKind: 'silence' });
    expect(current).not.toHaveProperty('formerKind');
  });

  it('reports a missing directory', () => {
    expect(() => loadRules(join(directory, 'none'), TEST_CATALOGUE)).toThrow(/none: cannot be read/);
  });

  it('replaces a shipped rule by an own one of the same id', () => {
    const shipped = [ruleOf('a', ruleFile()), ruleOf('b', ruleFile())];
    const own = [ruleOf('b', ruleFile({ for: '1m' })), ruleOf('c', ruleFile())];
    expect(overrideRules(shipped, own).map(({ id, settings }) => [id, settings.for])).toEqual([
      ['a', 300_000],
      ['b', 60_000],
      ['c', 300_000],
    ]);
  });
});

function level(raise: number, clear: number): Record<string, unknown>[] {
  return [{ severity: 'minor', raise, clear }];
}
