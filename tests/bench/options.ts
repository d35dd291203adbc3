import { parseArgs } from 'node:util';

export const DEFAULT_SECONDS = 20;
const MAX_SECONDS = 600;

export type Options =
  | { readonly help: true }
  | {
      readonly help: false;
      readonly seconds: number;
      /** Names of sections; undefined: all. */
      readonly only: readonly string[] | undefined;
      /** Path of a Telegraf to measure beside. */
      readonly telegraf: string | undefined;
    };

/** Throws with a line for the user. */
export function readOptions(args: readonly string[], sections: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      help: { type: 'boolean', short: 'h', default: false },
      only: { type: 'string' },
      seconds: { type: 'string', default: String(DEFAULT_SECONDS) },
      telegraf: { type: 'string' },
    },
  });
  if (values.help) return { help: true };
  const seconds = Number(values.seconds);
  if (!(seconds >= 1 && seconds <= MAX_SECONDS)) {
    throw new Error(`--seconds: expected 1 to ${MAX_SECONDS}, got ${values.seconds}`);
  }
  const only = values.only?.split(',');
  const unknown = only?.find((name) => !sections.includes(name));
  if (unknown !== undefined)
    throw new Error(`--only: expected some of ${sections.join(', ')}, separated by commas; got ${unknown}`);
  if (values.telegraf === '') throw new Error('--telegraf: expected the path of a Telegraf, got nothing');
  return { help: false, seconds, only, telegraf: values.telegraf };
}
