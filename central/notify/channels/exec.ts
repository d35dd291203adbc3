import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { messageText } from '../message/message-text.ts';
import { textSettings, timeoutSetting, defineChannelKind } from './channel-kind.ts';
import { runProgram } from './run-program.ts';

const execSettings = z.strictObject({
  kind: z.literal('exec'),
  ...textSettings,
  /** Absolute, and in notify.allowPrograms of central.yaml. */
  program: z.string().max(4_000).refine(isAbsolute, 'expected an absolute path'),
  args: z.array(z.string().max(4_000)).max(64).default([]),
  timeout: timeoutSetting,
  /** Three parts of an SMS with Vietnamese letters. */
  maxChars: textSettings.maxChars.unwrap().default(200),
  /** The canary runs the program with these instead of `args`, and nothing on its stdin: it must send nothing then. */
  canary: z.strictObject({ args: z.array(z.string().max(4_000)).min(1).max(64) }).optional(),
});

/** Runs a program, such as that of an SMS gateway: the message on its stdin, its key in WARDWATCH_KEY. */
export const execKind = defineChannelKind({
  kind: 'exec',
  settingsSchema: execSettings,
  create: (settings, { id, timeZone, allowPrograms }) => {
    const { program, args, timeout, language, maxChars, maxPerMinute, digest, canary } = settings;
    if (allowPrograms?.includes(program) === false) {
      const fix = `to allow it, in central.yaml: notify: { allowPrograms: ['${program}'] }`;
      throw new UserError(EXIT.badConfig, [`program: ${program} may not be run; ${fix}`]);
    }
    return {
      id,
      kind: 'exec',
      limits: { perMinute: maxPerMinute, digestAbove: digest.above, digestWithinMs: digest.within },
      send: (message, { signal }) => {
        const { title, text } = messageText(message, { language, timeZone, maxChars });
        const input = text === '' ? `${title}\n` : `${title}\n${text}\n`;
        const env = { WARDWATCH_KEY: message.key };
        return runProgram({ program, args, input, env, timeoutMs: timeout, signal });
      },
      ...(canary !== undefined && {
        dryRun: ({ signal }) => {
          const env = { WARDWATCH_CANARY: '1' };
          return runProgram({ program, args: canary.args, input: '', env, timeoutMs: timeout, signal });
        },
      }),
    };
  },
});
