import { randomInt } from 'node:crypto';
import { errorOf, readSeries } from './answer.ts';
import type { InfluxAnswer } from './http.ts';
import { limitOf } from './refusals.ts';
import { StoreUnavailableError } from '../sample-store.ts';

/** A measurement of its own, so that the probe touches nobody's data; the point stays there until its time is over. */
export const PROBE = 'wardwatch_probe';
const SUPPORTED = /^v?1\.\d+/;
/** An integer that a double does not hold, a text with everything that needs an escape. */
const INTEGER = 2n ** 53n + 1n;
const TEXT = 'đường "a" \\ b, c=d';
const TAG = 'giá trị, a=b';

export interface ProbeDeps {
  /** Without name or password. */
  readonly url: string;
  readonly nowMs: number;
  readonly write: (line: string) => Promise<InfluxAnswer>;
  readonly ask: (statement: string) => Promise<InfluxAnswer>;
}

/**
 * Some engines speak the same API, answer 200 or 204 to anything, say that they are InfluxDB, and store something else or nothing. Refuses
 * what does not call itself InfluxDB 1.x and what does not give a point back exactly as it was written. Throws StoreUnavailableError.
 */
export async function checkEngine({ url, nowMs, write, ask }: ProbeDeps): Promise<void> {
  const nonce = randomInt(2 ** 40) / 8;
  const written = await write(
    `${PROBE},tag=${TAG.replace(/[, =]/g, '\\$&')} ` +
      `float=${nonce},int=${INTEGER}i,bool=true,text="${TEXT.replace(/["\\]/g, '\\$&')}" ${nowMs}`,
  );
  const { version } = written;
  if (version === undefined || !SUPPORTED.test(version))
    throw refused(url, 'X-Influxdb-Version: 1.x', version ?? 'no such header');
  if (written.status !== 204) throw notWritten(written);
  const expected = [nowMs, true, nonce, String(INTEGER), TAG, TEXT];
  const read = readSeries(
    await ask(`SELECT "bool", "float", "int", "tag", "text" FROM "${PROBE}" WHERE time = ${nowMs}ms`),
  );
  const found = read.flatMap(({ values }) => values);
  if (JSON.stringify(found) !== JSON.stringify([expected])) {
    throw refused(url, `the probe point ${JSON.stringify(expected)}`, JSON.stringify(found).slice(0, 200));
  }
}

function refused(url: string, expected: string, found: string): StoreUnavailableError {
  const message = `${url}: not InfluxDB 1.x as Wardwatch needs it: expected ${expected}, found ${found}`;
  return new StoreUnavailableError(message, { limit: 'not InfluxDB 1.x' });
}

/** A limit that is reached says nothing about the engine. */
function notWritten(answer: InfluxAnswer): StoreUnavailableError {
  const text = errorOf(answer) ?? answer.body.slice(0, 200);
  const limit = limitOf(text, answer.status);
  return new StoreUnavailableError(`InfluxDB: the probe was not written, status ${answer.status}: ${text}`, {
    limit,
  });
}
