import { z } from 'zod';
import type { AlertRule } from '../../central/alerts/rules/rule.ts';
import type { RuleBook } from '../../dashboards/rules.ts';

/** What panels draw of a rule's file: kinds that judge no number lack some of it. */
const drawn = z.object({
  measurement: z.string().optional(),
  field: z.string().optional(),
  op: z.string().optional(),
  levels: z.array(z.object({ severity: z.string(), raise: z.number().optional() })),
});

/** The rules as dashboards want them. Pure. */
export function ruleBook(rules: readonly AlertRule[]): RuleBook {
  return new Map(
    rules.map(({ id, settings: { kind, name, action }, content }) => {
      const { measurement, field, levels, ...rest } = drawn.parse(content);
      // Fewer days are worse, which its file need not say.
      const op = rest.op ?? (kind === 'forecast' ? 'below' : undefined);
      const rule = {
        ...{ id, name, action },
        ...(measurement !== undefined && { measurement }),
        ...(field !== undefined && { field }),
        ...(op !== undefined && { op }),
        levels: levels.map(({ severity, raise }) => ({ severity, ...(raise !== undefined && { raise }) })),
      };
      return [id, rule];
    }),
  );
}
