import { loadEdgeConfig } from '../edge/config/edge-config.ts';
import { checkRunning } from '../edge/doctor/check-running.ts';
import { diagnose } from '../edge/doctor/doctor.ts';
import type { Finding } from '../edge/doctor/finding.ts';
import { systemClock } from '../runtime/clock.ts';
import { EXIT, UserError } from '../runtime/errors.ts';
import { silentLogger } from '../runtime/logger.ts';
import { print, terminalJson, terminalText } from './terminal.ts';

const MARKS = { ok: 'ok  ', warn: 'WARN', fail: 'FAIL' } as const;

/** Prints a line (or a JSON object) per finding; exit code 1 if a check failed. */
export async function runDoctor(
  options: { readonly config: string; readonly running?: true; readonly json?: true },
  signal: AbortSignal,
): Promise<void> {
  const config = await loadEdgeConfig(options.config);
  const deps = { env: process.env, clock: systemClock, log: silentLogger, signal };
  const findings =
    options.running === true
      ? await checkRunning(config.dataDirectory, { agent: config.agent, nowMs: systemClock.now() })
      : await diagnose(config, deps);
  for (const finding of findings) {
    print(options.json === true ? terminalJson(finding) : lineOf(finding));
  }
  const failures = findings.filter(({ level }) => level === 'fail').length;
  if (failures > 0) throw new UserError(EXIT.failure, [`${failures} of ${findings.length} checks failed`]);
}

function lineOf({ check, level, seen, advice }: Finding): string {
  const hint = advice === undefined ? '' : `\n      → ${terminalText(advice)}`;
  return `${MARKS[level]}  ${terminalText(check)}: ${terminalText(seen)}${hint}\n`;
}
