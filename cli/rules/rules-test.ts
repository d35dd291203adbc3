import { readRuleTests, type ExpectedAlert } from '../../central/alerts/replay/rule-test-file.ts';
import type { ReplayedAlert } from '../../central/alerts/replay/replay.ts';
import { runRuleTest, type RuleTestResult } from '../../central/alerts/replay/run-rule-test.ts';
import { checkAll, readConfigFile } from '../../runtime/config.ts';
import { print, printColoured, terminalJson, terminalText } from '../terminal.ts';
import { readCatalogue, readRuleFiles, type RuleFilesOptions } from './rule-files.ts';

/** True: all tests of all files passed. Throws a UserError (exit 2) with the problems of all files. */
export function runRulesTest(
  files: readonly string[],
  options: RuleFilesOptions & { readonly json?: true },
): boolean {
  const context = { catalogue: readCatalogue(options), rules: readRuleFiles(options) };
  const read = checkAll(
    ...files.map((file) => () => ({ file, tests: readRuleTests(file, readConfigFile(file), context) })),
  );
  let failed = 0;
  let count = 0;
  for (const { file, tests } of read) {
    for (const test of tests) {
      const result = runRuleTest(test, context);
      const passed = isPassed(result);
      count++;
      if (!passed) failed++;
      if (options.json === true) print(terminalJson({ file, passed, ...result }));
      else if (passed) print(`ok    ${terminalText(file)}: ${terminalText(result.name)}\n`);
      else printColoured(failureText(file, result), 'red');
    }
  }
  if (options.json !== true) print(`${count - failed} of ${count} tests passed\n`);
  return failed === 0;
}

function isPassed({ refusals, missing, unexpected }: RuleTestResult): boolean {
  return refusals.length + missing.length + unexpected.length === 0;
}

/** Line under line, so that the eye finds the difference. */
function failureText(file: string, { name, refusals, missing, unexpected }: RuleTestResult): string {
  const lines = [
    ...refusals.map((reason) => `sample refused: ${reason}`),
    ...[
      ...missing.map((alert) => ({ key: keyOf(alert), text: `- expected  ${expectedText(alert)}` })),
      ...unexpected.map((alert) => ({ key: keyOf(alert), text: `+ got       ${foundText(alert)}` })),
    ]
      .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
      .map(({ text }) => text),
  ];
  return `FAIL  ${terminalText(file)}: ${terminalText(name)}\n${lines.map((line) => `      ${terminalText(line)}\n`).join('')}`;
}

interface Named {
  readonly rule: string;
  readonly entity: Readonly<Record<string, string>>;
  readonly severity: string;
}

function keyOf({ rule, entity }: Named): string {
  const tags = Object.entries(entity).sort(([a], [b]) => (a < b ? -1 : 1));
  return [rule, ...tags.map(([tag, value]) => `${tag}=${value}`)].join(' ');
}

function expectedText(alert: ExpectedAlert): string {
  const text = alertText(alert, alert.starts, alert.fires, alert.ends);
  return alert.lastSeverity === undefined ? text : `${text}, ${alert.lastSeverity} at last`;
}

function foundText(alert: ReplayedAlert): string {
  const { startedAtMs, firedAtMs, endedAtMs, isWithdrawn, severity, lastSeverity } = alert;
  const text = alertText(alert, startedAtMs, firedAtMs, endedAtMs);
  const last = lastSeverity === severity ? '' : `, ${lastSeverity} at last`;
  return `${text}${last}${isWithdrawn === true ? ' (withdrawn)' : ''}`;
}

function alertText(
  alert: Named,
  startsMs: number | undefined,
  firesMs: number,
  endsMs: number | undefined,
): string {
  const starts = startsMs === undefined ? '' : `starts ${timeText(startsMs)}  `;
  const ends = endsMs === undefined ? 'open' : `ends ${timeText(endsMs)}`;
  return `${keyOf(alert)}  ${alert.severity}  ${starts}fires ${timeText(firesMs)}  ${ends}`;
}

/** As a test file has it. */
function timeText(ms: number): string {
  const units = [
    ['d', 86_400_000],
    ['h', 3_600_000],
    ['m', 60_000],
    ['s', 1_000],
  ] as const;
  const [unit, unitMs] = units.find(([, size]) => ms !== 0 && ms % size === 0) ?? ['s', 1_000];
  return `${ms / unitMs}${unit}`;
}
