import { z } from 'zod';

/**
 * An address without user name and password: addresses are logged, shown and sent to central. `protocol` without its colon,
 * `expected` such as `http://host:port`.
 */
export function urlSchema({
  protocol,
  expected,
  instead,
}: {
  readonly protocol: RegExp;
  readonly expected: string;
  /** What to give for them. */
  readonly instead?: string;
}) {
  const error = `must not hold a user name or password${instead === undefined ? '' : `; ${instead}`}`;
  return z
    .url({ protocol, error: `expected ${expected}` })
    .max(2_000)
    .refine((text) => !hasUserInfo(text), { error });
}

export function hasUserInfo(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password } = new URL(text);
  return username !== '' || password !== '';
}

/** Whatever may be a user name or password is replaced, in an address that is not valid, too. Pure. */
export function withoutUserInfo(text: string): string {
  const from = text.indexOf('://');
  const to = text.lastIndexOf('@');
  return from < 0 || to < from ? text : `${text.slice(0, from + 3)}[secret]${text.slice(to)}`;
}
