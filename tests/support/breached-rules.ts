import { compileRule } from '../../central/alerts/rules/kinds/threshold.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';

/** Shipped rules that a sample breaches, with the tags of the entity except the host; `for:` is ignored. */
export function breachedRules(samples: readonly Sample[]): string[] {
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const breached = samples.flatMap(({ measurement, tags, fields }) =>
    rules.flatMap((rule) => {
      if (rule.kind !== 'threshold' || rule.measurement !== measurement) return [];
      if (!Object.entries(rule.where).every(([tag, values]) => values.includes(tags[tag] ?? ''))) return [];
      const value = fields[rule.field];
      if (value === undefined) return [];
      const divisor = rule.op !== 'equals' && rule.divideBy !== undefined ? fields[rule.divideBy] : 1;
      const judged = divisor === 1 ? value : Number(value) / Number(divisor);
      if (!compileRule(rule).breaches(judged)) return [];
      const entity = rule.entity.filter((tag) => tag !== 'host').map((tag) => tags[tag] ?? '');
      return [[rule.id, ...entity].join(' ')];
    }),
  );
  return [...new Set(breached)].sort();
}
