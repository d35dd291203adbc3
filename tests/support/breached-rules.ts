import { Series } from '../../central/samples/series.ts';
import type { RowEvaluator } from '../../central/alerts/rules/kinds/rule-kind.ts';
import { loadRules, SHIPPED_RULES_DIRECTORY } from '../../central/alerts/rules/load-rules.ts';
import { CATALOGUE } from '../../contract/measurements/index.ts';
import type { Sample } from '../../contract/sample.ts';

/** Shipped rules that a sample breaches, with the tags of the entity except the host; `for:` is ignored. */
export function breachedRules(samples: readonly Sample[]): string[] {
  const rules = loadRules(SHIPPED_RULES_DIRECTORY, CATALOGUE);
  const breached = samples.flatMap((sample) =>
    rules.flatMap(({ id, evaluator }) => {
      if (evaluator.reads !== 'rows' || !isBreach(evaluator, sample)) return [];
      const entity = evaluator.entityTags
        .filter((tag) => tag !== 'host')
        .map((tag) => sample.tags[tag] ?? '');
      return [[id, ...entity].join(' ')];
    }),
  );
  return [...new Set(breached)].sort();
}

function isBreach(evaluator: RowEvaluator, { measurement, tags, fields, timeMs }: Sample): boolean {
  if (evaluator.measurement !== measurement) return false;
  if (!Object.entries(evaluator.where).every(([tag, values]) => values.includes(tags[tag] ?? '')))
    return false;
  const series = new Series(measurement, Object.values(tags));
  const row = { series, timeMs, values: Object.values(fields) };
  const table = { measurement, tags: Object.keys(tags), fields: Object.keys(fields), rows: [row] };
  const plan = evaluator.planColumns(table);
  const value = plan?.readValue(row, timeMs);
  return plan !== undefined && value !== undefined && plan.isBreach(value, row);
}
