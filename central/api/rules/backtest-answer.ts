import { z } from 'zod';
import { unixMs } from '../../../runtime/unix-ms.ts';
import { SEVERITIES } from '../../alerts/rules/severity.ts';
import { ERROR_CODE_NAMES } from '../error-codes.ts';

const severity = z.enum(SEVERITIES);

const alertSchema = z.object({
  rule: z.string(),
  entity: z.record(z.string(), z.string()),
  unit: z.string().optional(),
  site: z.string().optional(),
  severity: severity.describe('the gravest that it had'),
  startedAtMs: unixMs,
  firedAtMs: unixMs,
  endedAtMs: unixMs.optional().describe('not there: it was open at the end'),
  isWithdrawn: z.boolean().optional().describe('it ended since what it was about was gone'),
  valueText: z.string().describe('when it fired'),
});

/** One line of the answer. */
export const backtestLineSchema = z.union([
  z.object({
    progress: z.object({ atMs: unixMs, done: z.number(), values: z.int(), alerts: z.int() }),
  }),
  z.object({
    result: z.object({
      fromMs: unixMs,
      toMs: unixMs.describe('earlier than asked for where a limit was reached'),
      series: z.int(),
      rows: z.int(),
      values: z.int(),
      alerts: z.object({
        total: z.int(),
        bySeverity: z.record(severity, z.int()),
        entities: z.int(),
        open: z.int(),
        told: z.int().optional().describe('that a route of notifications takes'),
        byDay: z.array(
          z.object({
            day: z.string(),
            fired: z.int(),
            isWhole: z.boolean().describe('false: only a part of the day was judged'),
          }),
        ),
        listed: z.array(alertSchema).describe('the first 1,000'),
        isCut: z.boolean().describe('only the first 10,000 were followed; `total` counts all'),
      }),
      gaps: z.object({
        count: z.int(),
        totalMs: z.int(),
        listed: z.array(z.object({ fromMs: unixMs, toMs: unixMs })).describe('the first 20'),
      }),
      notJudged: z.array(z.string()).describe('what the answer does not know'),
    }),
  }),
  z.object({ error: z.object({ code: z.enum(ERROR_CODE_NAMES), detail: z.string() }) }),
]);
export type BacktestLine = z.infer<typeof backtestLineSchema>;
