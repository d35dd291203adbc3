/** Shorter ones are words that an answer may have by chance. */
const MIN_CHARS = 6;
const HIDDEN = '…';

/**
 * What of a request may be secret: its path and query, whole and in parts (Telegram and Slack have their token there), and the values of
 * its headers, whole and word by word. As sent, and decoded. Longest first.
 */
export function secretsOf({
  url,
  headers,
}: {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
}): readonly string[] {
  const ofUrl = [url.pathname, url.search, ...url.pathname.split('/'), ...url.searchParams.values()];
  const ofHeaders = Object.values(headers).flatMap((value) => [value, ...value.split(/\s+/)]);
  const all = new Set([...ofUrl.flatMap((text) => [text, decoded(text)]), ...ofHeaders]);
  return [...all].filter(({ length }) => length >= MIN_CHARS).sort((a, b) => b.length - a.length);
}

/** A receiver may repeat in its answer what it was sent: receipts and logs must not have it. */
export function hideSecrets(answer: string, secrets: readonly string[]): string {
  return secrets.reduce((text, secret) => text.replaceAll(secret, HIDDEN), answer);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
