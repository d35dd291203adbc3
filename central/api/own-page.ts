import type { IncomingHttpHeaders } from 'node:http';

/** Only a page can add it, and a page elsewhere only if central allowed it to (CORS), which it never does. */
export const BOARD_HEADER = 'x-wardwatch-board';

/**
 * Whether a request that a browser sends with its cookie comes from a page of central's own. `ownOrigin`: as people write the address, where
 * a proxy stands in front; else it is what the browser asked for. Browsers add both headers themselves: `Sec-Fetch-Site` (W3C Fetch Metadata)
 * where the connection is safe, `Origin` (RFC 6454) with every write. Pure.
 */
export function isOfOwnPage(headers: IncomingHttpHeaders, ownOrigin: string | undefined): boolean {
  if (headers[BOARD_HEADER] !== '1') return false;
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin') return false;
  const { origin, host } = headers;
  if (origin === undefined) return site === 'same-origin';
  if (ownOrigin !== undefined) return origin === ownOrigin;
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`);
}
