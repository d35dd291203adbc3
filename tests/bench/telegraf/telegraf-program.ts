import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { messageOf } from '../../../runtime/errors.ts';

export interface TelegrafProgram {
  readonly path: string;
  /** As it says itself: `1.40.0`. */
  readonly version: string;
}

const VERSION_LIMIT_MS = 10_000;
const MAX_OUTPUT_BYTES = 64 * 1024;
const execFileAsync = promisify(execFile);

/** Rejects with a line that names the path when there is no Telegraf. */
export async function probeTelegraf(path: string): Promise<TelegrafProgram> {
  const options = { timeout: VERSION_LIMIT_MS, maxBuffer: MAX_OUTPUT_BYTES, killSignal: 'SIGKILL' } as const;
  let text: string;
  try {
    text = (await execFileAsync(path, ['--version'], options)).stdout;
  } catch (error) {
    throw new Error(`--telegraf: ${path} does not run: ${firstLineOf(messageOf(error))}`, { cause: error });
  }
  const version = /^Telegraf (\S+)/.exec(text)?.[1];
  if (version === undefined) {
    throw new Error(
      `--telegraf: ${path} is no Telegraf: expected "Telegraf" and its version from --version, got "${firstLineOf(text)}"`,
    );
  }
  return { path, version };
}

function firstLineOf(text: string): string {
  return text.trim().split('\n')[0]?.slice(0, 200) ?? '';
}
