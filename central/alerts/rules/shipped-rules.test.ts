import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { ruleKinds } from './kinds/index.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './load-rules.ts';
import type { AlertRule } from './rule.ts';

const ALERTS_DOCUMENT = new URL('../../../docs/alerts.md', import.meta.url);
const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

/** As the rule files have it, in the shortest form: 900000 → `15m`. */
function formatDuration(durationMs: number): string {
  const units = { d: 86_400_000, h: 3_600_000, m: 60_000 };
  const [unit, unitMs] = Object.entries(units).find(([, ms]) => durationMs % ms === 0) ?? ['s', 1_000];
  return durationMs === 0 ? '0s' : `${durationMs / unitMs}${unit}`;
}

function condition({ evaluator }: AlertRule): string {
  return evaluator.conditionText.replace(/^\w+\.\w+/, '`$&`');
}

function levels({ settings, evaluator }: AlertRule): string {
  return settings.levels
    .map((level, at) => {
      const own = level.for === undefined ? '' : ` (${formatDuration(level.for)})`;
      return `${level.severity} ${evaluator.levelTexts[at]}${own}`;
    })
    .join('; ');
}

function row(rule: AlertRule): string {
  const { name, for: forMs, clearFor } = rule.settings;
  const times = `${formatDuration(forMs)} / ${formatDuration(clearFor)}`;
  const entity = rule.evaluator.entityTags.join(', ');
  const cells = [`\`${rule.id}\``, name.en, condition(rule), levels(rule), times, entity];
  return `| ${cells.join(' | ')} |`;
}

/** What raises them stands in several folders; the examples of rule tests are run, too. */
function testsOfRules(): string {
  const root = new URL('../../../', import.meta.url);
  return ['central/', 'examples/rule-tests/']
    .flatMap((folder) =>
      readdirSync(new URL(folder, root), { recursive: true, encoding: 'utf8' }).map((file) => folder + file),
    )
    .filter((file) => file.endsWith('.test.ts') || file.startsWith('examples/'))
    .map((file) => readFileSync(new URL(file, root), 'utf8'))
    .join('\n');
}

describe('the shipped rules', () => {
  it('are each tried by a test: thresholds by shipped-thresholds.test.ts, every other one by name', () => {
    const tests = testsOfRules();
    const others = rules.filter(({ settings }) => settings.kind !== 'threshold');
    expect(others.map(({ id }) => id).filter((id) => !new RegExp(`\\b${id}\\b`).test(tests))).toEqual([]);
  });

  it('all fit the catalogue', () => {
    expect(rules.length).toBeGreaterThan(30);
  });

  it('have a name and an action in both languages', () => {
    const untranslated = rules.filter(
      ({ settings: { name, action } }) => name.en === name.vi || action.en === action.vi,
    );
    expect(untranslated.map(({ id }) => id)).toEqual([]);
  });

  it('have a dead band, so that no value right at the limit makes an alert flap', () => {
    const bare = rules.filter(({ settings }) =>
      settings.levels.some(
        (level: { severity: string; raise?: number; clear?: number }) =>
          level.raise !== undefined && level.raise === level.clear,
      ),
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('are of kinds that docs/alerts.md explains, each in a row', () => {
    const document = readFileSync(ALERTS_DOCUMENT, 'utf8');
    for (const { kind } of ruleKinds) expect(document).toContain(`\n| \`${kind}\` | `);
  });

  it('are listed in docs/alerts.md as they are', () => {
    const document = readFileSync(ALERTS_DOCUMENT, 'utf8');
    const table = /<!-- rules -->\n([^]*)<!-- \/rules -->/.exec(document)?.[1];
    const head =
      '| id | name | condition | levels | times | entity |\n| --- | --- | --- | --- | --- | --- |\n';
    expect(table).toBe(`${head}${rules.map((rule) => `${row(rule)}\n`).join('')}`);
  });
});
