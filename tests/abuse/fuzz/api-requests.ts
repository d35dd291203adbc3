import { connect } from 'node:net';
import { z } from 'zod';
import { mutateBytes } from './byte-mutations.ts';
import { pick, type Seeded } from './choice.ts';
import { mutateJson } from './json-mutations.ts';

const ANSWER_TIMEOUT_MS = 10_000;

const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({ parameters: z.array(z.object({ name: z.string(), in: z.string() })).optional() }),
    ),
  ),
});

interface Operation {
  readonly path: string;
  readonly method: string;
  readonly queryNames: readonly string[];
}

const ODD_VALUES: readonly string[] = [
  '',
  '0',
  '-1',
  '1',
  '1.5',
  '1e300',
  '9007199254740993',
  'NaN',
  'null',
  'undefined',
  'ping',
  'cpu',
  'average_response_ms',
  'constructor',
  '__proto__',
  'gw-fuzz-1',
  'gw-fuzz-victim',
  '../../../etc/passwd',
  '..%2f..%2fstate.db',
  "'; DROP TABLE token; --",
  '%00',
  '%',
  '%zz',
  '%F0%9F%92%A5',
  '%E0%80%AF',
  '2026-11-29T00:00:00%2B07:00',
  '1795462349123',
  '5m',
  '0s',
  '999999999999d',
  'mean',
  'last',
  'agent,url',
  '{{7*7}}',
  '<script>',
  'x'.repeat(300),
  'x'.repeat(20_000),
];

const BODIES: readonly unknown[] = [
  { name: 'fuzz', role: 'viewer', expiresAtMs: 1_900_000_000_000 },
  { agent: 'gw-fuzz-victim', password: 'x'.repeat(32) },
  { config: { collectors: [{ kind: 'ping', targets: ['127.0.0.1'] }] }, reason: 'fuzz' },
  { name: 'fuzz', expiresInMs: 600_000 },
  {},
];

const TYPES: readonly string[] = [
  'application/json',
  'application/json; charset=utf-16',
  'text/plain',
  'application/xml',
  'x',
];

/** Requests to every operation that the API describes, most of them wrong. `tokens`: valid ones, of any role. */
export async function fuzzedRequests(
  apiUrl: string,
  tokens: readonly string[],
): Promise<(random: Seeded) => Buffer> {
  const document = documentSchema.parse(await (await fetch(`${apiUrl}/docs/json`)).json());
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { parameters = [] }]): Operation => {
      const queryNames = parameters.filter((each) => each.in === 'query').map(({ name }) => name);
      return { path, method: method.toUpperCase(), queryNames };
    }),
  );
  // Copies of the store would fill the disk, which an administrator may.
  const allowed = operations.filter(({ path, method }) => method === 'GET' || !path.endsWith('/store-copy'));
  return (random) => {
    const text = requestText(pick(allowed, random), tokens, random);
    return random() < 0.25 ? mutateBytes(Buffer.from(text), random) : Buffer.from(text);
  };
}

function requestText(
  { path, method, queryNames }: Operation,
  tokens: readonly string[],
  random: Seeded,
): string {
  const filled = path.replaceAll(/\{[^}]*\}/g, () => pick(ODD_VALUES, random));
  const query = queryNames
    .filter(() => random() < 0.4)
    .map((name) => `${random() < 0.1 ? pick(ODD_VALUES, random) : name}=${pick(ODD_VALUES, random)}`)
    .join('&');
  const usedMethod =
    random() < 0.1
      ? pick(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE', 'OPTIONS', 'x'], random)
      : method;
  const token = pick([pick(tokens, random), pick(tokens, random), 'wwt_wrong', '', '\u{1f4a5}'], random);
  const body = usedMethod === 'GET' ? '' : mutateJson(pick(BODIES, random), random);
  const lines = [
    `${usedMethod} ${filled}${query === '' ? '' : `?${query}`} HTTP/1.1`,
    'host: central',
    'connection: close',
    ...(token === '' ? [] : [`authorization: Bearer ${token}`]),
    ...(body === ''
      ? []
      : [`content-type: ${pick(TYPES, random)}`, `content-length: ${Buffer.byteLength(body)}`]),
    ...(random() < 0.1 ? [`cookie: wardwatch_session=${pick(ODD_VALUES, random)}`] : []),
    ...(random() < 0.05 ? [`x-forwarded-for: ${pick(ODD_VALUES, random)}`] : []),
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** The status of the answer; undefined: the connection was closed without one, or nothing came. */
export function ask(apiUrl: string, localAddress: string, request: Buffer): Promise<number | undefined> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect({ host: '127.0.0.1', port: Number(new URL(apiUrl).port), localAddress });
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => socket.destroy());
    socket.on('error', () => undefined);
    socket.on('data', (data: Buffer) => {
      if (text.length < 12) text += data.toString('latin1', 0, 12);
    });
    socket.on('close', () => {
      const [, status] = /^HTTP\/1\.1 (\d{3})/.exec(text) ?? [];
      resolve(status === undefined ? undefined : Number(status));
    });
    socket.end(request);
  });
}
