import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CATALOGUE } from '../../../contract/measurements/index.ts';
import { formatDuration } from '../../../runtime/duration.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from './load-rules.ts';
import type { AlertRule } from './rule.ts';

const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);

function condition(rule: AlertRule): string {
  if (rule.kind === 'silence') return 'no batch for … of its intervals';
  const divisor = rule.op !== 'equals' && rule.divideBy !== undefined ? ` ÷ ${rule.divideBy}` : '';
  const tags = Object.entries(rule.where).map(([tag, values]) => `${tag} ${values.join(' or ')}`);
  const fields = Object.entries(rule.when).map(([field, values]) => `${field} ${values.join(' or ')}`);
  const limits = [...tags, ...fields].map((text) => `, ${text}`).join('');
  return `\`${rule.measurement}.${rule.field}\`${divisor} ${rule.op}${limits}`;
}

function levels(rule: AlertRule): string {
  return rule.levels
    .map((level) => {
      const limit = 'values' in level ? level.values.join(' or ') : `${level.raise} → ${level.clear}`;
      const own = level.for === undefined ? '' : ` (${formatDuration(level.for)})`;
      return `${level.severity} ${limit}${own}`;
    })
    .join('; ');
}

function row(rule: AlertRule): string {
  const entity = rule.kind === 'silence' ? ['agent'] : rule.entity;
  const times = `${formatDuration(rule.for)} / ${formatDuration(rule.clearFor)}`;
  const cells = [`\`${rule.id}\``, rule.name.en, condition(rule), levels(rule), times, entity.join(', ')];
  return `| ${cells.join(' | ')} |`;
}

describe('the shipped rules', () => {
  it('all fit the catalogue', () => {
    expect(rules.length).toBeGreaterThan(30);
  });

  it('tell the operator what to do in both languages', () => {
    const untold = rules.filter(({ name, action }) => name.en === name.vi || action.en === action.vi);
    expect(untold.map(({ id }) => id)).toEqual([]);
  });

  it('have a dead band, so that no value right at the limit makes an alert flutter', () => {
    const bare = rules.filter(({ levels: all }) =>
      all.some((level) => 'raise' in level && level.raise === level.clear),
    );
    expect(bare.map(({ id }) => id)).toEqual([]);
  });

  it('stand in docs/alerts.md as they are', () => {
    const document = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8');
    const table = /<!-- rules -->\n([^]*)<!-- \/rules -->/.exec(document)?.[1];
    const head =
      '| id | name | condition | levels | times | entity |\n| --- | --- | --- | --- | --- | --- |\n';
    expect(table).toBe(`${head}${rules.map((rule) => `${row(rule)}\n`).join('')}`);
  });
});
