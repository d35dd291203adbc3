import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { checkAll } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import { readSecret, secretSourceSchema } from '../../../runtime/secret-source.ts';
import { httpSettings, textSettings, defineChannelKind } from './channel-kind.ts';
import { httpTarget } from './http-target.ts';
import { DATA_NAMES, messageData, messageJson } from './message-data.ts';
import { fillTemplate, templateProblems, type Template } from './template.ts';

const scalar = z.union([z.string().max(10_000), z.number(), z.boolean(), z.null()]);
const templateSchema: z.ZodType<Template> = z.lazy(() =>
  z.union([scalar, z.array(templateSchema).max(100), z.record(z.string(), templateSchema)]),
);

const webhookSettings = z.strictObject({
  kind: z.literal('webhook'),
  ...httpSettings,
  ...textSettings,
  /** JSON, with data in its texts: `{{title}}`, `{{text}}` and the others. Without it: the whole message. */
  body: z.record(z.string(), templateSchema).optional(),
  /** The receiver took it only if its JSON answer has this value there, whatever the status. */
  expect: z
    .strictObject({
      field: z.string().regex(/^[\w.]{1,100}$/, 'expected the name of a field, such as ok or result.ok'),
      value: z.union([z.string(), z.number(), z.boolean()]),
    })
    .optional(),
  /** Signs time and body with HMAC-SHA256, in the header X-Wardwatch-Signature. */
  signature: z.strictObject({ secret: secretSourceSchema }).optional(),
  /** The canary posts `{ "kind": "canary", … }`: only where a program reads it, so not with a body of its own. */
  canary: z.boolean().default(false),
});
type WebhookSettings = z.infer<typeof webhookSettings>;

/** Posts JSON: to a chat, a gateway, a program of one's own. */
export const webhookKind = defineChannelKind({
  kind: 'webhook',
  settingsSchema: webhookSettings,
  create: (settings, context) => {
    const { body, expect, signature, maxChars, maxPerMinute, digest, language } = settings;
    const [target, secret] = checkAll(
      () => httpTarget(settings, context),
      () => signature && readSecret('signature.secret', signature.secret, context.env),
      () => checkTemplate(body),
      () => checkCanary(settings),
    );
    const post = (content: unknown, key: string, nowMs: number, signal: AbortSignal) => {
      const text = JSON.stringify(content);
      return target.post({
        signal,
        body: text,
        headers: {
          'content-type': 'application/json',
          'idempotency-key': key,
          ...(secret !== undefined && { 'x-wardwatch-signature': signatureOf(secret, nowMs, text) }),
        },
        ...(expect !== undefined && { check: (answer) => problemOfAnswer(answer, expect) }),
      });
    };
    const textOptions = { language, timeZone: context.timeZone, maxChars };
    return {
      id: context.id,
      kind: 'webhook',
      limits: { perMinute: maxPerMinute, digestAbove: digest.above, digestWithinMs: digest.within },
      send: (message, { nowMs, signal }) => {
        const content =
          body === undefined
            ? messageJson(message, context.id, textOptions)
            : fillTemplate(body, messageData(message, textOptions));
        return post(content, message.key, nowMs, signal);
      },
      ...(settings.canary && {
        dryRun: ({ nowMs, signal }) => {
          const content = {
            kind: 'canary',
            status: 'canary',
            channel: context.id,
            madeAtMs: nowMs,
            alerts: [],
          };
          return post(content, `canary-${nowMs}`, nowMs, signal);
        },
      }),
    };
  },
});

/** `t=<when it is sent, Unix s>,v1=<HMAC-SHA256 of "t.body", hexadecimal>`. */
export function signatureOf(secret: string, nowMs: number, body: string): string {
  const seconds = Math.floor(nowMs / 1_000);
  const digest = createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex');
  return `t=${seconds},v1=${digest}`;
}

function checkTemplate(body: WebhookSettings['body']): undefined {
  const problems = body === undefined ? [] : templateProblems(body, DATA_NAMES);
  if (problems.length > 0) throw new UserError(EXIT.badConfig, problems);
}

function checkCanary({ canary, body }: WebhookSettings): undefined {
  if (canary && body !== undefined)
    throw new UserError(EXIT.badConfig, [
      'canary: expected false beside body: whoever gets a body of its own cannot tell the canary from an alert',
    ]);
}

function problemOfAnswer(
  answer: string,
  { field, value }: NonNullable<WebhookSettings['expect']>,
): string | undefined {
  let found: unknown;
  try {
    found = field.split('.').reduce<unknown>(partOf, JSON.parse(answer));
  } catch {
    return `expected JSON with ${field}: ${String(value)}`;
  }
  return found === value ? undefined : `expected ${field}: ${String(value)}`;
}

function partOf(whole: unknown, name: string): unknown {
  if (typeof whole !== 'object' || whole === null || !Object.hasOwn(whole, name)) return undefined;
  return (whole as Readonly<Record<string, unknown>>)[name];
}
