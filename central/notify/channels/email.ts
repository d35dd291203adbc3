import { isIP } from 'node:net';
import { z } from 'zod';
import { checkAll } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { readSecret, readTextFile, secretSourceSchema } from '../../../runtime/secret-source.ts';
import { messageText } from '../message/message-text.ts';
import { defineChannelKind, textOrSecret, textSettings, timeoutSetting } from './channel-kind.ts';
import { afterAttempt, noProgress, recipientsLeft, type Progress } from './email/progress.ts';
import { privateTargetRules, targetRules } from './target-rules.ts';

const HOST_NAME = /^[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?$/;
const address = z.email('expected an address such as noc@example.vn').max(254);
const TLS_PORTS = { implicit: 465, starttls: 587, none: 25 } as const;

const emailSettings = z.strictObject({
  kind: z.literal('email'),
  ...textSettings,
  /** Of the mail server: a name, or an address without brackets. */
  host: z
    .string()
    .max(253)
    .refine((text) => isIP(text) !== 0 || HOST_NAME.test(text), 'expected a name or an address'),
  port: z.int().min(1).max(65_535).optional(),
  /** `none`: only to this machine and private networks, where notify.allowTargets of central.yaml has them. */
  tls: z.enum(['implicit', 'starttls', 'none']).default('starttls'),
  /** PEM of the authorities that the server's certificate may come from. Default: those that Node knows. */
  caFile: z.string().min(1).optional(),
  login: z
    .strictObject({
      user: z.union([z.string().min(1).max(254), secretSourceSchema]),
      password: secretSourceSchema,
    })
    .optional(),
  from: address,
  to: z
    .array(address)
    .min(1)
    .max(50)
    .refine((list) => new Set(list).size === list.length, 'has an address twice'),
  /** Of one attempt as a whole. */
  timeout: timeoutSetting.unwrap().default(20_000),
  maxChars: textSettings.maxChars.unwrap().default(20_000),
  /** The canary connects and logs in; it sends nothing. */
  canary: z.boolean().default(false),
});

/** One e-mail in plain text to all recipients, by SMTP. */
export const emailKind = defineChannelKind({
  kind: 'email',
  settingsSchema: emailSettings,
  create: (settings, { id, env, timeZone, allowTargets }) => {
    const { host, tls, port = TLS_PORTS[tls], caFile, login, from, to, timeout } = settings;
    const { language, maxChars, maxPerMinute, digest, canary } = settings;
    const [ca, user, password] = checkAll(
      () => (caFile === undefined ? undefined : authoritiesOf(caFile)),
      () => login && textOrSecret('login.user', login.user, env),
      () => login && readSecret('login.password', login.password, env),
    );
    const guard = tls === 'none' ? privateTargetRules(allowTargets) : targetRules(allowTargets);
    const server = {
      ...{ host, port, tls, guard, timeoutMs: timeout },
      ...(ca !== undefined && { ca }),
      ...(user !== undefined && password !== undefined && { login: { user, password } }),
    };
    // Loaded now, and only where there is such a channel: not when it is needed most. A failure is told by each attempt.
    const loaded = import('./email/send-mail.ts');
    loaded.catch(() => undefined);
    let latest: Progress | undefined;
    return {
      id,
      kind: 'email',
      limits: { perMinute: maxPerMinute, digestAbove: digest.above, digestWithinMs: digest.within },
      send: async (message, { nowMs, signal }) => {
        const { key, madeAtMs, follows = [] } = message;
        const { sendMail } = await loaded;
        const before = latest?.key === key ? latest : noProgress(key);
        const mail = {
          from,
          to,
          key,
          follows,
          madeAtMs,
          ...messageText(message, { language, timeZone, maxChars }),
        };
        const result = await sendMail(mail, recipientsLeft(to, before), server, signal);
        const { outcome, progress } = afterAttempt(before, result, nowMs);
        latest = progress;
        return outcome;
      },
      ...(canary && {
        dryRun: async ({ signal }) => {
          const { visitMailServer } = await loaded;
          const { answer, refusals } = await visitMailServer(server, signal);
          if (answer !== undefined) return { kind: 'delivered', answer };
          return { kind: 'failed', answer: refusals[0]?.answer ?? 'no answer' };
        },
      }),
    };
  },
});

function authoritiesOf(file: string): string {
  const text = readTextFile('caFile', file);
  if (!text.includes('-----BEGIN CERTIFICATE-----'))
    throw new UserError(EXIT.badConfig, [`caFile: ${file} has no certificate in PEM`]);
  return text;
}
