import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { silentLogger } from '../../../runtime/logger.ts';
import { openAuditLog, type AuditLog } from '../../access/audit.ts';
import { openRuleVersions, type RuleVersions } from '../history/rule-versions.ts';
import { loadRules, overrideRules, rulesStanding } from '../rules/load-rules.ts';
import { ruleFile, ruleOf, TEST_CATALOGUE } from '../testing/batches-and-rules.ts';
import { EngineHarness, feed } from '../testing/engine-harness.ts';
import { createRuleReload, type RuleReload } from './rule-reload.ts';

const AT_ONCE = { for: '0s', clearFor: '0s' };
const shipped = [{ ...ruleOf('shipped_one', ruleFile({ for: '1h' })), origin: 'shipped' as const }];
let directory: string;
let harness: EngineHarness;
let audit: AuditLog;
let versions: RuleVersions;
let reload: RuleReload;
let knownToRoutes: string[];
let databaseError: Error | undefined;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-rules-'));
  harness = new EngineHarness();
  audit = openAuditLog(harness.database);
  versions = openRuleVersions(harness.database);
  knownToRoutes = [];
  databaseError = undefined;
  put('cpu_busy', ruleFile(AT_ONCE));
  start();
});
afterEach(() => {
  harness.end();
  rmSync(directory, { recursive: true, force: true });
});

function start(): void {
  const standing = rulesStanding(directory);
  const rules = overrideRules(shipped, loadRules(directory, TEST_CATALOGUE));
  harness.start(versions.record(rules, harness.clock.now()));
  reload = createRuleReload({
    own: { directory, standing, shipped },
    catalogue: TEST_CATALOGUE,
    alerts: harness.engine,
    versions: {
      record: (...given) => {
        if (databaseError !== undefined) throw databaseError;
        return versions.record(...given);
      },
    },
    audit,
    problemsOf: (ids) =>
      knownToRoutes.filter((id) => !ids.includes(id)).map((id) => `routes.yaml: no such rule, got "${id}"`),
    clock: harness.clock,
    log: silentLogger,
  });
}

function put(id: string, content: Record<string, unknown> | string): void {
  writeFileSync(join(directory, `${id}.yaml`), typeof content === 'string' ? content : stringify(content));
}

/** Two looks: the second finds the files at rest. */
function look(): void {
  reload.check();
  reload.check();
}

const running = (): string[] =>
  harness.engine.rules.all().map(({ id, version, origin }) => `${id} ${origin} v${version}`);
const problems = (): string[] =>
  (reload.refused()?.problems ?? []).map((problem) => problem.replace(`${directory}/`, ''));

describe('rules that follow their directory', () => {
  it('are read again once the files have come to rest, and only then', () => {
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v1']);
    put(
      'cpu_busy',
      ruleFile({ ...AT_ONCE, op: 'below', levels: [{ severity: 'minor', raise: 5, clear: 9 }] }),
    );
    reload.check();
    put('cpu_free', ruleFile(AT_ONCE));
    reload.check();
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v1']);
    reload.check();
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v2', 'cpu_free own v1']);
    look();
    const [entry, ...others] = audit.list(10);
    expect(entry).toMatchObject({
      actor: `file ${directory}`,
      action: 'rules.reload',
      target: 'added cpu_free; changed cpu_busy',
    });
    expect(others).toEqual([]);
  });

  it('replace a shipped rule by the file of its id, and give it back when the file goes', () => {
    put('shipped_one', ruleFile({ for: '2h' }));
    look();
    expect(running()).toEqual(['shipped_one replacement v2', 'cpu_busy own v1']);
    rmSync(join(directory, 'shipped_one.yaml'));
    look();
    expect(running()).toEqual(['shipped_one shipped v3', 'cpu_busy own v1']);
    expect(versions.list('shipped_one').map(({ content }) => (content as { for: string }).for)).toEqual([
      '1h',
      '2h',
      '1h',
    ]);
  });

  it('stay as they were when one file is wrong, with every problem of every file, and go on once all are mended', () => {
    feed(harness.engine, 0, 95);
    put('cpu_busy', ruleFile({ ...AT_ONCE, levels: [{ severity: 'grave', raise: 90, clear: 95 }] }));
    put('good', ruleFile());
    put('bad', ruleFile({ field: 'usage_aktive', fro: '5m' }));
    put('torn', 'kind: [');
    look();
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v1']);
    expect(problems()).toEqual([
      'bad.yaml: fro: unknown setting',
      'bad.yaml: field: not a field of cpu, got "usage_aktive"',
      expect.stringMatching(/^cpu_busy\.yaml: levels\[0\]\.severity: .*, got "grave"$/),
      expect.stringMatching(/^torn\.yaml: not valid YAML: /),
    ]);
    feed(harness.engine, 10, 96);
    rmSync(join(directory, 'torn.yaml'));
    put('bad', ruleFile());
    put('cpu_busy', ruleFile({ ...AT_ONCE, levels: [{ severity: 'critical', raise: 90, clear: 85 }] }));
    look();
    expect(problems()).toEqual([]);
    expect(running()).toHaveLength(4);
    expect(harness.events()).toEqual(['0 fired', '10 escalated']);
    expect(harness.engine.active()).toMatchObject([{ rule: 'cpu_busy', ruleVersion: 1 }]);
  });

  it('may be put back as they were: that mends it, too, and is no change', () => {
    const before = ruleFile(AT_ONCE);
    put('cpu_busy', 'nonsense');
    look();
    expect(problems()).toHaveLength(1);
    put('cpu_busy', before);
    look();
    expect(problems()).toEqual([]);
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v1']);
    expect(audit.list(10)).toEqual([]);
  });

  it('keep a rule that a route of notifications names', () => {
    knownToRoutes = ['cpu_busy'];
    rmSync(join(directory, 'cpu_busy.yaml'));
    look();
    expect(problems()).toEqual(['routes.yaml: no such rule, got "cpu_busy"']);
    expect(running()).toEqual(['shipped_one shipped v1', 'cpu_busy own v1']);
  });

  it('withdraw the alerts of a rule whose file is gone', () => {
    feed(harness.engine, 0, 95);
    rmSync(join(directory, 'cpu_busy.yaml'));
    look();
    expect(harness.engine.active()).toEqual([]);
    expect(harness.recorded.at(-1)?.event.kind).toBe('withdrawn');
  });

  it('are not taken away by a directory that is empty or gone, unless somebody asks for it', () => {
    for (const id of ['a', 'b', 'c']) put(id, ruleFile());
    look();
    const away = `${directory}-away`;
    renameSync(directory, away);
    look();
    expect(problems()).toEqual([expect.stringContaining('cannot be read: ENOENT')]);
    mkdirSync(directory);
    look();
    expect(problems()).toEqual([
      `${directory}: lacks 4 of its 4 rules, as a directory that is not mounted would; if that is wanted, send SIGHUP to central`,
    ]);
    expect(running()).toHaveLength(5);
    expect(reload.reread()).toBe(true);
    expect(running()).toEqual(['shipped_one shipped v1']);
    expect(problems()).toEqual([]);
    rmSync(away, { recursive: true });
  });

  it('are tried again every minute where the database did not take them, or a file could not be read', () => {
    databaseError = new Error('database or disk is full');
    put('more', ruleFile());
    look();
    expect(problems()).toEqual([
      expect.stringMatching(/is valid, but state\.db did not take it: database or disk is full$/),
    ]);
    expect(running()).toHaveLength(2);
    databaseError = undefined;
    look();
    expect(running()).toHaveLength(2);
    harness.clock.freeze(60_000);
    reload.check();
    expect(running()).toHaveLength(3);
    expect(problems()).toEqual([]);
  });

  it('that cannot be read are told of by name', () => {
    mkdirSync(join(directory, 'folder.yaml'));
    reload.reread();
    expect(problems()).toEqual([expect.stringMatching(/^folder\.yaml: cannot be read: EISDIR/)]);
  });

  it('with more files than a thousand are refused', () => {
    for (let at = 0; at < 1_000; at++) put(`r_${at}`, 'kind: none');
    look();
    expect(problems()).toEqual([`${directory}: at most 1000 rules, got 1001`]);
  });
});

it('without a directory there is nothing to follow', () => {
  const none = createRuleReload({
    own: undefined,
    catalogue: TEST_CATALOGUE,
    alerts: harness.engine,
    versions,
    audit,
    problemsOf: () => [],
    clock: harness.clock,
    log: silentLogger,
  });
  none.check();
  expect([none.reread(), none.refused()]).toEqual([false, undefined]);
});
