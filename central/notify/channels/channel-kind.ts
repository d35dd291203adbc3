import { z } from 'zod';
import { checkConfig } from '../../../runtime/config.ts';
import { durationSchema } from '../../../runtime/duration.ts';
import { UserError } from '../../../runtime/errors.ts';
import type { IpRange } from '../../../runtime/ip-range.ts';
import { readSecret, secretSourceSchema, type SecretSource } from '../../../runtime/secret-source.ts';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { LANGUAGES } from '../message/words.ts';
import type { Channel } from './channel.ts';

/** What a channel is made with; `id` is its file's name without `.yaml`. */
export interface ChannelContext {
  readonly id: string;
  /** Secrets are read from it. */
  readonly env: NodeJS.ProcessEnv;
  readonly timeZone: string;
  /** Addresses that are the city's own and may be connected to. */
  readonly allowTargets: readonly IpRange[];
  /** Paths of programs that may be run; undefined: it is not known, and not checked. */
  readonly allowPrograms: readonly string[] | undefined;
}

/** A kind of channel: what its files hold, and how one is made of that. */
export interface ChannelKind {
  readonly kind: string;
  readonly settingsSchema: z.ZodType;
  /** Reads nothing but secrets. Throws a UserError (exit 2) that lists every problem of the content; `source` names it. */
  read(source: string, content: unknown, context: ChannelContext): Channel;
}

/** `create` throws UserErrors whose problems begin with the setting. */
export function defineChannelKind<Settings>(kind: {
  readonly kind: string;
  readonly settingsSchema: z.ZodType<Settings>;
  readonly create: (settings: Settings, context: ChannelContext) => Channel;
}): ChannelKind {
  return {
    kind: kind.kind,
    settingsSchema: kind.settingsSchema,
    read: (source, content, context) => {
      const settings = checkConfig(source, content, kind.settingsSchema);
      try {
        return kind.create(settings, context);
      } catch (error) {
        if (!(error instanceof UserError)) throw error;
        const problems = error.problems.map((problem) => `${source}: ${problem}`);
        throw new UserError(error.exitCode, problems, error);
      }
    },
  };
}

const headerName = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/, 'expected the name of an HTTP header');
/** Made for each attempt; setting them would break it. */
const RESERVED_HEADERS = /^(host|content-length|transfer-encoding|connection)$/i;

export const timeoutSetting = durationSchema
  .refine((ms) => ms >= 1_000 && ms <= 20_000, 'expected 1s to 20s')
  .default(10_000);

/** Settings of channels that connect to an http:// or https:// address. */
export const httpSettings = {
  /** A secret where the address itself holds one. */
  url: z.union(
    [urlSchema({ protocol: /^https?$/, expected: 'http://… or https://…' }), secretSourceSchema],
    'expected http://…, https://…, { file: … } or { env: … }',
  ),
  headers: z
    .record(
      headerName.refine((name) => !RESERVED_HEADERS.test(name), 'is set for each request'),
      z.union([z.string().max(4_000), secretSourceSchema]),
    )
    .default({}),
  timeout: timeoutSetting,
};

/** Settings of channels that people read. */
export const textSettings = {
  language: z.enum(LANGUAGES).default('en'),
  /** Of title and text together: what the receiver takes. */
  maxChars: z.int().min(70).max(100_000).default(4_000),
  maxPerMinute: z.int().min(1).max(600).default(20),
  /** More messages than `above` within the time become one digest. */
  digest: z
    .strictObject({
      above: z.int().min(1).max(1_000).default(6),
      within: durationSchema.refine((ms) => ms >= 10_000, 'expected 10s or more').default(120_000),
    })
    .prefault({}),
};

/** Throws a UserError (exit 2) that names `setting`, never the secret. */
export function textOrSecret(setting: string, source: string | SecretSource, env: NodeJS.ProcessEnv): string {
  return typeof source === 'string' ? source : readSecret(setting, source, env);
}
