import { checkAll } from '../../../runtime/config.ts';
import { EXIT, UserError } from '../../../runtime/errors.ts';
import type { SecretSource } from '../../../runtime/secret-source.ts';
import { urlSchema } from '../../../runtime/url-schema.ts';
import { textOrSecret, type ChannelContext } from './channel-kind.ts';
import { httpPost, type HttpPost } from './http-post.ts';
import type { Outcome } from './channel.ts';
import { targetRules } from './target-rules.ts';

interface HttpSettings {
  readonly url: string | SecretSource;
  readonly headers: Readonly<Record<string, string | SecretSource>>;
  readonly timeout: number;
}

export type PostBody = Pick<HttpPost, 'body' | 'signal' | 'check'> & {
  readonly headers?: Readonly<Record<string, string>>;
};

/** Reads the secrets of an address and its headers; returns what posts there. */
export function httpTarget(
  { url: from, headers, timeout }: HttpSettings,
  { env, allowTargets }: ChannelContext,
): { readonly url: URL; post(body: PostBody): Promise<Outcome> } {
  const [url, ownHeaders] = checkAll(
    () => addressOf(from, env),
    () => Object.fromEntries(checkAll(...Object.entries(headers).map((entry) => () => headerOf(entry, env)))),
  );
  const guard = targetRules(allowTargets);
  return {
    url,
    post: ({ headers: more = {}, ...rest }) =>
      httpPost({ url, headers: { ...more, ...ownHeaders }, timeoutMs: timeout, guard, ...rest }),
  };
}

function addressOf(from: string | SecretSource, env: NodeJS.ProcessEnv): URL {
  const text = textOrSecret('url', from, env);
  // What stands in a file is checked here; the message must not show it.
  const valid = urlSchema({ protocol: /^https?$/, expected: 'http://… or https://…' }).safeParse(text);
  if (!valid.success) throw new UserError(EXIT.badConfig, ['url: expected http://… or https://…']);
  return new URL(text);
}

function headerOf(
  [name, from]: [string, string | SecretSource],
  env: NodeJS.ProcessEnv,
): readonly [string, string] {
  const setting = `headers.${name}`;
  const value = textOrSecret(setting, from, env);
  if (!/^[\x20-\x7e]*$/.test(value))
    throw new UserError(EXIT.badConfig, [`${setting}: expected printable ASCII in one line`]);
  return [name, value];
}
