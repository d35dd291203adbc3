import type { ProgramResult } from '../../../protocols/system/run-program.ts';
import { parseJson, type Json } from './json.ts';

/** Runs mmcli with these arguments. */
export type RunMmcli = (args: readonly string[], signal: AbortSignal) => Promise<ProgramResult>;

/** `unsupported`: this modem cannot do it. `absent`: no such modem, or no ModemManager. */
export class MmcliError extends Error {
  override readonly name = 'MmcliError';
  readonly code: 'failed' | 'unsupported' | 'absent';
  constructor(code: MmcliError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

export async function askMmcli(run: RunMmcli, args: readonly string[], signal: AbortSignal): Promise<Json> {
  return parseJson(await runMmcli(run, ['-J', ...args], signal));
}

/** Its output. Rejects with an MmcliError. */
export async function runMmcli(run: RunMmcli, args: readonly string[], signal: AbortSignal): Promise<string> {
  const { error, stdout, stderr } = await run(args, signal);
  signal.throwIfAborted();
  if (error === null) return stdout;
  const what = `mmcli ${args.filter((arg) => arg !== '-J').join(' ')}`;
  if (error.code === 'ENOENT') {
    throw new MmcliError('absent', 'mmcli is not installed (package modemmanager)');
  }
  if (error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER') {
    throw new MmcliError('failed', `${what}: printed more than can be an answer`);
  }
  if (error.killed === true) throw new MmcliError('failed', `${what}: did not end in time`);
  throw toMmcliError(what, stderr);
}

/** D-Bus names an error `….Error.Core.Unsupported`; mmcli prints the last part and a sentence. */
function toMmcliError(what: string, stderr: string): MmcliError {
  const right = /not authorized for '([\w.]{1,80})'/.exec(stderr)?.[1];
  if (right !== undefined || /Unauthorized|AccessDenied/.test(stderr)) {
    const named = right ?? 'org.freedesktop.ModemManager1.Device.Control';
    return new MmcliError('failed', `${what}: not allowed: the agent’s user lacks the polkit right ${named}`);
  }
  if (/Unsupported/.test(stderr)) return new MmcliError('unsupported', `${what}: this modem cannot do that`);
  if (/couldn't find modem|no modems? (were|was) found|modem.*not found/i.test(stderr)) {
    return new MmcliError('absent', 'ModemManager has no such modem');
  }
  if (
    /couldn't get bus|ServiceUnknown|couldn't create manager|couldn't find the ModemManager/i.test(stderr)
  ) {
    return new MmcliError('absent', 'ModemManager is not running, or D-Bus cannot be reached');
  }
  const said = (/error: [^\n]*/.exec(stderr)?.[0] ?? stderr.trim().split('\n')[0] ?? '')
    .replace(/[^\x20-\x7e]/g, '?')
    .replace(/\d{12,}/g, '…') // an IMEI, an IMSI, an ICCID
    .slice(0, 120);
  return new MmcliError('failed', `${what}: ${said === '' ? 'failed without a message' : said}`);
}
