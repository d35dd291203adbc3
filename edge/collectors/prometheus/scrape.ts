import { request, type IncomingMessage } from 'node:http';
import type { DialOptions } from '../../../runtime/dial/dial.ts';
import { dialWeb } from '../../../runtime/dial/http-agent.ts';
import type { TargetGuard } from '../../../runtime/dial/target-guard.ts';
import { ExpositionReader } from './exposition-reader.ts';
import type { Metric } from './exposition.ts';

/** Reads the wanted metrics of one exporter. Rejects when it cannot be read. */
export type Scraper = (
  url: URL,
  wanted: ReadonlySet<string>,
  signal: AbortSignal,
) => Promise<readonly Metric[]>;

const ACCEPT = 'application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5';

export function createScraper(guard: TargetGuard | undefined): Scraper {
  return (url, wanted, signal) => scrape(url, wanted, { signal, guard });
}

type Way = Pick<DialOptions, 'signal' | 'guard'>;

async function scrape(url: URL, wanted: ReadonlySet<string>, way: Way): Promise<readonly Metric[]> {
  const { signal } = way;
  const response = await get(url, way);
  try {
    if (response.statusCode !== 200) throw new Error(`status ${response.statusCode ?? 0}, expected 200`);
    const type = response.headers['content-type'] ?? '';
    const reader = new ExpositionReader(wanted);
    for await (const chunk of response as AsyncIterable<Buffer>) reader.push(chunk);
    return reader.end({ isOpenMetrics: type.startsWith('application/openmetrics-text') });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    response.destroy();
  }
}

async function get(url: URL, way: Way): Promise<IncomingMessage> {
  const { signal } = way;
  const socket = await dialWeb(url, way);
  return new Promise((resolve, reject) => {
    const sent = request({
      signal,
      createConnection: () => socket,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        accept: ACCEPT,
        'accept-encoding': 'identity',
        'user-agent': 'Wardwatch',
        connection: 'close',
      },
    });
    sent.once('response', resolve);
    sent.on('error', (error) => reject(signal.aborted ? (signal.reason as Error) : error));
    sent.end();
  });
}
