import { stringify } from 'yaml';
import { z } from 'zod';
import { foldText } from '../../../runtime/fold-text.ts';
import { unixMs } from '../../../runtime/unix-ms.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import type { RuleVersions } from '../../alerts/history/rule-versions.ts';
import type { RuleReload } from '../../alerts/reload/rule-reload.ts';
import { RULE_ORIGINS, type AlertRule } from '../../alerts/rules/rule.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import type { App } from '../fastify-app.ts';
import type { Reach } from '../limits/reach.ts';
import { pageOf, pageOfSorted, pageQuery, WHOLE_LIST } from '../paging.ts';
import { ApiError } from '../problem.ts';
import { problemWithoutDirectory } from '../rules/rule-files.ts';
import { ruleDetailSchema, ruleViewSchema, toRuleView, toVersionView } from '../rules/rule-view.ts';
import { searchParameter } from '../search-parameter.ts';

export interface RuleRouteDeps {
  readonly alerts: Pick<AlertEngine, 'rules' | 'active'>;
  readonly ruleVersions: Pick<RuleVersions, 'list'>;
  readonly ruleReload: Pick<RuleReload, 'refused' | 'directory'>;
}

const filters = {
  kind: z
    .string()
    .optional()
    .meta({ description: 'only rules of this kind', examples: ['threshold'] }),
  severity: z.enum(SEVERITIES).optional().describe('only rules that have such a level'),
  measurement: z
    .string()
    .optional()
    .meta({ description: 'only rules that read this measurement', examples: ['environment'] }),
  origin: z.enum(RULE_ORIGINS).optional().describe('only rules from there'),
  owner: z
    .string()
    .optional()
    .meta({ description: 'only rules that this one looks after', examples: ['core network'] }),
  q: searchParameter('id, name in either language, condition and owner'),
};
type Filters = z.output<z.ZodObject<typeof filters>>;

const refusedSchema = z.object({
  atMs: unixMs,
  problems: z.array(z.string()).describe('file: setting: what was expected, got value'),
});

/** The rules that run now. */
export function ruleRoutes(app: App, deps: RuleRouteDeps): void {
  const tags = ['Alerts'];
  app.get(
    '/rules',
    {
      config: { limits: 'filtered' },
      schema: {
        tags,
        summary: 'The alert rules that run, and what is wrong with their files if those do not run',
        querystring: z.object({ ...pageQuery(WHOLE_LIST), ...filters }),
        response: {
          200: pageOf(ruleViewSchema).extend({
            refused: refusedSchema
              .optional()
              .describe(
                'the files in rulesDirectory as they are now do not run: those that ran before go on',
              ),
          }),
        },
      },
    },
    ({ query, reach }) => {
      const counts = countActive(deps.alerts, reach);
      const rules = deps.alerts.rules
        .all()
        .filter((rule) => fits(rule, query))
        .sort((a, b) => (a.id < b.id ? -1 : 1));
      const { items, ...page } = pageOfSorted(rules, RULE_KEY, query);
      const { directory = '' } = deps.ruleReload;
      const refused = deps.ruleReload.refused();
      return {
        items: items.map((rule) => toRuleView(rule, counts.get(rule.id) ?? 0)),
        ...page,
        ...(refused !== undefined && {
          refused: {
            ...refused,
            problems: refused.problems.map((problem) => problemWithoutDirectory(problem, directory)),
          },
        }),
      };
    },
  );
  app.get(
    '/rules/:id',
    {
      config: { limits: 'filtered', problems: ['RULE_NOT_FOUND'] },
      schema: {
        tags,
        summary: 'One alert rule and its versions',
        params: z.object({ id: z.string().meta({ examples: ['room_smoke'] }) }),
        response: { 200: ruleDetailSchema },
      },
    },
    ({ params, reach }) => {
      const rule = deps.alerts.rules.get(params.id);
      if (rule === undefined) throw new ApiError('RULE_NOT_FOUND', `no rule "${params.id}" runs`);
      const versions = deps.ruleVersions.list(rule.id).map(toVersionView);
      const counts = countActive(deps.alerts, reach);
      return {
        ...toRuleView(rule, counts.get(rule.id) ?? 0),
        yaml: stringify(rule.content, { lineWidth: 0 }),
        versions,
      };
    },
  );
}

const RULE_KEY = { of: ({ id }: AlertRule) => id, pattern: /^[a-z][a-z0-9_]{0,63}$/ };

function fits(rule: AlertRule, { kind, severity, measurement, origin, owner, q }: Filters): boolean {
  const { settings, evaluator } = rule;
  return (
    (kind === undefined || settings.kind === kind) &&
    (severity === undefined || settings.levels.some((level) => level.severity === severity)) &&
    (measurement === undefined || evaluator.measurement === measurement) &&
    (origin === undefined || rule.origin === origin) &&
    (owner === undefined || settings.owner === owner) &&
    (q === undefined || isNamed(rule, foldText(q)))
  );
}

function isNamed({ id, settings: { name, owner = '' }, evaluator }: AlertRule, folded: string): boolean {
  return [id, name.en, name.vi, owner, evaluator.conditionText].some((each) =>
    foldText(each).includes(folded),
  );
}

/** Of the caller's own alone. */
function countActive(
  alerts: Pick<AlertEngine, 'active'>,
  reach: Reach | undefined,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const alert of alerts.active())
    if (reach === undefined || reach.hasAlert(alert))
      counts.set(alert.rule, (counts.get(alert.rule) ?? 0) + 1);
  return counts;
}
