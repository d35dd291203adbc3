import { basename } from 'node:path';
import { backtestLineSchema, type BacktestLine } from '../../central/api/rules/backtest-answer.ts';
import { parseConfigText, readConfigFile } from '../../runtime/config.ts';
import { describeDuration } from '../../runtime/duration.ts';
import { EXIT, UserError } from '../../runtime/errors.ts';
import { CentralRefusal, createCentralClient } from '../central-client.ts';
import { print, printError, terminalText } from '../terminal.ts';
import { textTable } from '../text-table.ts';

export interface BacktestOptions {
  readonly url: string;
  readonly tokenFile: string;
  readonly rule?: string;
  readonly changes?: string;
  readonly from: string;
  readonly to: string;
  readonly unit?: string;
  readonly device?: string;
  readonly json?: true;
}

type Result = Extract<BacktestLine, { result: unknown }>['result'];

/** Prints what central found, and its progress on stderr where a person looks on. */
export async function runRulesBacktest(
  id: string | undefined,
  options: BacktestOptions,
  signal: AbortSignal,
): Promise<void> {
  const body = bodyOf(id, options);
  const client = createCentralClient(options, signal);
  try {
    let isOver = false;
    for await (const text of client.lines('POST', `/rules/backtest?${queryOf(options)}`, body)) {
      const line = readLine(text, options.url);
      if (options.json === true) print(`${text}\n`);
      else if ('progress' in line) showProgress(line.progress);
      else if ('result' in line) print(resultText(line.result));
      if ('error' in line) throw new UserError(EXIT.failure, [`${line.error.code}: ${line.error.detail}`]);
      isOver ||= 'result' in line;
    }
    if (!isOver) throw new UserError(EXIT.failure, [`${options.url}: the answer broke off`]);
  } catch (error) {
    if (!(error instanceof CentralRefusal)) throw error;
    throw new UserError(error.status === 422 ? EXIT.badConfig : EXIT.failure, error.problems, error);
  }
}

function bodyOf(
  id: string | undefined,
  { rule, changes }: BacktestOptions,
): Readonly<Record<string, unknown>> {
  if ((id === undefined) === (rule === undefined))
    throw new UserError(EXIT.badConfig, [
      'rules backtest: expected either the id of a running rule or --rule FILE',
    ]);
  if (rule !== undefined && changes !== undefined)
    throw new UserError(EXIT.badConfig, ['--changes: expected only with the id of a running rule']);
  if (rule !== undefined) return { id: basename(rule, '.yaml'), rule: readConfigFile(rule) };
  return { id, ...(changes !== undefined && { changes: parseConfigText('--changes', changes) }) };
}

function queryOf({ from, to, unit, device }: BacktestOptions): string {
  const given = Object.entries({ from, to, unit, device }).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as [string, string]],
  );
  return new URLSearchParams(given).toString();
}

function readLine(text: string, url: string): BacktestLine {
  const parsed = backtestLineSchema.safeParse(parsedJson(text));
  if (parsed.success) return parsed.data;
  throw new UserError(EXIT.failure, [`${url}: does not answer like central`]);
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function showProgress({
  done,
  values,
  alerts,
}: Extract<BacktestLine, { progress: unknown }>['progress']): void {
  if (!process.stderr.isTTY) return;
  printError(`${Math.floor(done * 100)} %, ${values} values, ${alerts} alerts\n`);
}

const MAX_SHOWN = 50;

/** Pure. */
export function resultText(result: Result): string {
  const { alerts, series, rows, values, fromMs, toMs, notJudged } = result;
  const severities = Object.entries(alerts.bySeverity).filter(([, count]) => count > 0);
  const bySeverity = severities.map(([severity, count]) => `${count} ${severity}`).join(', ');
  const told = alerts.told === undefined ? 'nobody is told of anything' : `a route takes ${alerts.told}`;
  const shown = alerts.listed.slice(0, MAX_SHOWN);
  const more = alerts.total - shown.length;
  return [
    `${timeText(fromMs)} to ${timeText(toMs)}: ${series} series, ${rows} rows, ${values} values\n`,
    `${alerts.total} alerts about ${alerts.entities} entities${bySeverity === '' ? '' : ` (${bySeverity})`}, ${alerts.open} open at the end; ${told}\n\n`,
    textTable(
      ['DAY', 'ALERTS'],
      alerts.byDay.map(({ day, fired, isWhole }) => [`${day}${isWhole ? '' : ' (part)'}`, String(fired)]),
      [1],
    ),
    ...(shown.length === 0
      ? []
      : ['\n', textTable(['FIRED', 'LASTED', 'SEVERITY', 'VALUE', 'ENTITY'], shown.map(alertCells))]),
    ...(more > 0 ? [`… and ${more} more\n`] : []),
    '\nNot judged:\n',
    ...notJudged.map((line) => `  ${terminalText(line)}\n`),
  ].join('');
}

function alertCells(alert: Result['alerts']['listed'][number]): string[] {
  const { firedAtMs, startedAtMs, endedAtMs, severity, valueText, entity } = alert;
  const lasted = endedAtMs === undefined ? 'open' : describeDuration(endedAtMs - startedAtMs);
  const tags = Object.entries(entity).map(([tag, value]) => `${tag}=${value}`);
  return [timeText(firedAtMs), lasted, severity, valueText, tags.join(' ')];
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}
