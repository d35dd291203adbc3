import { Readable } from 'node:stream';
import { z } from 'zod';
import type { Catalogue } from '../../../contract/catalogue.ts';
import type { Clock } from '../../../runtime/clock.ts';
import { parseConfigText } from '../../../runtime/config.ts';
import { UserError } from '../../../runtime/errors.ts';
import type { AlertEngine } from '../../alerts/engine/engine.ts';
import { backtest, type BacktestDeps } from '../../alerts/replay/backtest.ts';
import { measurementsOf, whyNotBacktestable } from '../../alerts/replay/needed-reads.ts';
import { createRule } from '../../alerts/rules/create-rule.ts';
import { ruleKinds } from '../../alerts/rules/kinds/index.ts';
import { RULE_ID } from '../../alerts/rules/load-rules.ts';
import type { AlertRule } from '../../alerts/rules/rule.ts';
import type { App } from '../fastify-app.ts';
import { ApiError } from '../problem.ts';
import { backtestLines, CallerGone } from '../rules/backtest-lines.ts';
import { BacktestPlaces } from '../rules/backtest-places.ts';
import { DAY_MS, presentOf, rangeOf, rangeParameters } from '../times/time-range.ts';

export interface RuleBacktestRouteDeps {
  readonly clock: Pick<Clock, 'now'>;
  readonly timeZone: string;
  readonly catalogue: Catalogue;
  readonly alerts: Pick<AlertEngine, 'rules'>;
  readonly backtests: BacktestDeps;
}

const MAX_RANGE_MS = 31 * DAY_MS;
/** Characters. A shipped rule has about 1,000 at most. */
const MAX_RULE_TEXT = 16_384;
const MOST_AT_ONCE = 2;
const RETRY_AFTER_S = 30;
const JSON_LINES = 'application/jsonl';
const SOURCE = 'the body';

const body = z
  .strictObject({
    id: z
      .string()
      .regex(RULE_ID, 'expected the id of a rule')
      .optional()
      .describe('a rule that runs; with `rule`: the id that it is to have, as routes may name it'),
    changes: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('settings in place of those of the running rule, such as `levels` or `for`'),
    rule: z
      .union([z.record(z.string(), z.unknown()), z.string().max(MAX_RULE_TEXT)])
      .optional()
      .describe('a rule as its file has it: an object, or the text in YAML'),
  })
  .meta({ examples: [{ id: 'memory_low', changes: { for: '5m' } }] });
type Body = z.output<typeof body>;

const DESCRIPTION =
  'JSON Lines. `progress` about every second: `atMs`, `done` (0 to 1), `values`, `alerts`. Then one `result`: `fromMs`, `toMs`, `series`, `rows` and `values` that were judged; ' +
  '`alerts` with `total`, `bySeverity`, `entities`, `open`, `told` (that a route of notifications takes), `byDay` and the first 1,000 as `listed`; `gaps`; and `notJudged`, ' +
  'what the answer does not know. Or one `error` with `code` and `detail`. It ends when the caller goes.';

/** What a rule would have done: the same code over stored samples. */
export function ruleBacktestRoute(app: App, deps: RuleBacktestRouteDeps): void {
  const places = new BacktestPlaces(MOST_AT_ONCE);
  const stopping = new AbortController();
  app.addHook('preClose', async () =>
    stopping.abort(new ApiError('STOPPING', 'central is stopping; ask again once it runs')),
  );
  app.post(
    '/rules/backtest',
    {
      config: {
        role: 'operator',
        problems: ['RULE_NOT_FOUND', 'RULE_REFUSED', 'NOT_OVER_HISTORY', 'TOO_MANY_BACKTESTS'],
      },
      schema: {
        tags: ['Alerts'],
        summary:
          'The alerts that a rule, or a running one with other limits, would have raised over stored samples',
        querystring: z.object({
          ...rangeParameters('a day'),
          unit: z.string().optional().describe('only samples with this tag `unit`'),
          device: z.string().optional().describe('only samples with this tag `device`'),
        }),
        body,
        response: { 200: { description: DESCRIPTION, content: { [JSON_LINES]: { schema: z.string() } } } },
      },
    },
    async (request, reply) => {
      const { query, caller, log } = request;
      const { fromMs, toMs } = rangeOf(query, presentOf(deps, query.tz), DAY_MS);
      if (toMs - fromMs > MAX_RANGE_MS)
        throw new ApiError('INVALID_REQUEST', 'querystring.from: expected at most 31 days before to');
      const release = places.take(caller?.id ?? '');
      if (typeof release === 'string')
        throw new ApiError('TOO_MANY_BACKTESTS', release, { retryAfterS: RETRY_AFTER_S });
      const closed = new AbortController();
      const end = (): void => {
        closed.abort(new CallerGone());
        release();
      };
      // A caller who left before has closed it already: it does not close again.
      if (reply.raw.destroyed) end();
      else reply.raw.once('close', end);
      // Only with a place: to read a text in YAML takes the event loop a while.
      const rule = ruleOf(request.body, deps);
      const tags = tagsOf(query, rule, deps.catalogue);
      const signal = AbortSignal.any([closed.signal, stopping.signal]);
      const running = backtest({ rule, fromMs, toMs, tags }, deps.backtests, signal);
      return reply
        .type(JSON_LINES)
        .header('x-accel-buffering', 'no')
        .send(asText(Readable.from(backtestLines(running, { signal, log }))));
    },
  );
}

/** Fastify sends a stream as it is; the schema of the answer only says what comes out of it. */
function asText(stream: Readable): string {
  return stream as unknown as string;
}

function ruleOf({ id, changes, rule }: Body, deps: RuleBacktestRouteDeps): AlertRule {
  if (rule === undefined && id === undefined)
    throw new ApiError('INVALID_REQUEST', 'body: expected id or rule');
  if (rule !== undefined && changes !== undefined)
    throw new ApiError('INVALID_REQUEST', 'body.changes: expected only with the id of a running rule');
  try {
    const content = rule === undefined ? { ...contentOf(id ?? '', deps), ...changes } : readRule(rule);
    const made = createRule({ id: id ?? 'backtest', source: SOURCE, content }, deps.catalogue, ruleKinds);
    const problem = whyNotBacktestable(made);
    if (problem !== undefined)
      throw new ApiError(
        'NOT_OVER_HISTORY',
        `kind ${made.settings.kind} cannot be tested over history: ${problem.en}`,
      );
    return made;
  } catch (error) {
    if (error instanceof UserError) throw refused(error.problems);
    throw error;
  }
}

function contentOf(id: string, { alerts }: RuleBacktestRouteDeps): object {
  const running = alerts.rules.get(id);
  if (running === undefined) throw new ApiError('RULE_NOT_FOUND', `no rule "${id}" runs`);
  return running.content as object;
}

function readRule(rule: NonNullable<Body['rule']>): unknown {
  return typeof rule === 'string' ? parseConfigText(SOURCE, rule) : rule;
}

function refused(problems: readonly string[]): ApiError {
  return new ApiError('RULE_REFUSED', 'the rule cannot be tried; all problems are listed', { problems });
}

/** Throws an ApiError where the rule's measurement has no such tag. */
function tagsOf(
  { unit, device }: { readonly unit?: string | undefined; readonly device?: string | undefined },
  { evaluator }: AlertRule,
  catalogue: Catalogue,
): Readonly<Record<string, readonly string[]>> {
  const names = measurementsOf(evaluator);
  const wanted = Object.entries({ unit, device }).flatMap(([tag, value]) =>
    value === undefined ? [] : [[tag, value] as const],
  );
  for (const [tag] of wanted) {
    const lacking = names.filter((name) => catalogue.get(name)?.tags[tag] === undefined);
    if (lacking.length > 0)
      throw new ApiError('INVALID_REQUEST', `querystring.${tag}: not a tag of ${lacking.join(', ')}`);
  }
  return Object.fromEntries(wanted.map(([tag, value]) => [tag, [value]]));
}
