import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ERROR_CODE_NAMES, ERROR_CODES, type ErrorCode } from './error-codes.ts';
import { ApiHarness, type Answer } from './testing/api-harness.ts';
import { describedRoutes, type DescribedRoute } from './testing/api-routes.ts';

const EXPECTED_TIME =
  'expected a time: Unix time in ms (a whole number from 0 to 253402300799999), RFC 3339 such as 2026-01-31T08:00:00Z or ' +
  '2026-01-31T08:00:00%2B07:00, how long ago such as -15m, -1h or -7d, now, today, yesterday, this-week, last-week, this-month, ' +
  'last-month, this-year, or a day such as 2026-01-31; today, yesterday and a day also with an hour, such as yesterdayT14:00';
let harness: ApiHarness;
let routes: readonly DescribedRoute[];

beforeAll(async () => {
  harness = await ApiHarness.open();
  await addNode(3);
  for (const number of [0, 1, 2]) await seeNext(number);
  await harness.advance(61_000);
  routes = await describedRoutes(harness);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** At a site of its own, without a link. */
async function addNode(number: number): Promise<void> {
  const [unit, site] = ['26740', `site-${number}`];
  const payload = JSON.stringify({
    sites: [{ id: site, unit, name: site, kind: 'site', longitude: 106.69, latitude: 10.79 }],
    devices: [{ id: `node-${number}`, kind: 'node', site, unit, agent: 'gw-3' }],
  });
  expect(await harness.call('POST', '/api/v1/inventory/import', { payload })).toMatchObject({ status: 200 });
}

/** A node sees the next one at a port: a proposal for the inventory. */
async function seeNext(number: number): Promise<void> {
  const tags = { device: `node-${number}`, interface: 'ge-0/0/1' };
  const fields = { remote_device: `node-${number + 1}` };
  const timeMs = harness.parts.clock.now();
  await harness.send(`gw-${number + 1}`, [{ measurement: 'lldp_neighbor', tags, fields, timeMs }]);
}

/** What the route needs, without a mistake. */
function requiredQuery({ parameters }: DescribedRoute): string {
  const required = parameters.filter((parameter) => parameter.required === true);
  return required.map(({ name }) => `${name}=${name === 'field' ? 'smoke' : 'environment'}`).join('&');
}

/** A refusal that programs can read, with a code that the list has and OpenAPI names for the route. */
function expectProblem(answer: Answer, what: string, route?: DescribedRoute): void {
  expect(answer.type, what).toContain('application/problem+json');
  const code = answer.json['code'] as ErrorCode;
  expect(ERROR_CODES[code].status, what).toBe(answer.status);
  expect(answer.json['status'], what).toBe(answer.status);
  if (route !== undefined) expect(route.answers[answer.status], what).toContain(`\`${code}\``);
}

describe('every route', () => {
  it('needs a token, but for the two that a watchdog asks and those of the login', async () => {
    const open = routes.filter((route) => !route.needsToken).map((route) => route.url);
    expect(open).toEqual(['/healthz', '/readyz', '/api/v1/login', '/api/v1/login', '/api/v1/logout']);
    for (const route of routes.filter((each) => each.needsToken)) {
      const what = `${route.method} ${route.url}`;
      const answer = await harness.call(route.method, route.url, { token: '' });
      expect(answer, what).toMatchObject({ status: 401, json: { code: 'NOT_AUTHENTICATED' } });
      expectProblem(answer, what, route);
    }
  });

  it('has its answers documented, the good one and the errors that any route can give', () => {
    for (const route of routes) {
      const statuses = Object.keys(route.answers);
      expect(
        statuses.some((status) => status.startsWith('2')),
        `${route.method} ${route.url}`,
      ).toBe(true);
      expect(statuses).toEqual(expect.arrayContaining(['400', '500']));
      expect(statuses.includes('429'), route.url).toBe(route.url !== '/healthz');
    }
  });

  it('refuses all unknown query parameters at once, each by name', async () => {
    for (const route of routes) {
      const what = `${route.method} ${route.url}`;
      const answer = await harness.call(route.method, `${route.url}?nonsense=1&colour=red`);
      expect(answer, what).toMatchObject({
        status: 400,
        json: {
          code: 'UNKNOWN_PARAMETER',
          problems: ['nonsense', 'colour'].map(
            (name) =>
              expect.stringMatching(
                `^unknown query parameter "${name}": (expected some of \\w+|none is taken here)`,
              ) as string,
          ),
        },
      });
      expectProblem(answer, what, route);
    }
  });

  it('names the known query parameter that a misspelt one is nearest to', async () => {
    const misspelt = (name: string): string => `${name}${name.at(-1) ?? ''}`;
    let tried = 0;
    for (const route of routes) {
      for (const { name } of route.parameters.filter((parameter) => parameter.name.length > 3)) {
        const answer = await harness.call(route.method, `${route.url}?${misspelt(name)}=1`);
        const what = `${route.method} ${route.url} ${name}`;
        expect(answer.json['detail'], what).toBe(
          `unknown query parameter "${misspelt(name)}", did you mean "${name}"?`,
        );
        tried++;
      }
    }
    expect(tried).toBeGreaterThan(30);
  });

  it('refuses a change by a role that is too low', async () => {
    const { viewer } = harness.tokens;
    const answers = await Promise.all(
      routes
        // A link to the page is for whoever may read.
        .filter(
          ({ method, url, needsToken }) => method !== 'GET' && needsToken && url !== '/api/v1/page-links',
        )
        .map(
          async (route) => [route, await harness.call(route.method, route.url, { token: viewer })] as const,
        ),
    );
    expect(answers.length).toBeGreaterThan(5);
    for (const [route, answer] of answers) {
      const what = `${route.method} ${route.url}`;
      expect(answer, what).toMatchObject({ status: 403, json: { code: 'ROLE_TOO_LOW' } });
      expectProblem(answer, what, route);
    }
  });
});

describe('every list', () => {
  const isPaged = (route: DescribedRoute): boolean =>
    route.parameters.some((parameter) => parameter.name === 'cursor');

  const needsParameters = (route: DescribedRoute): boolean =>
    route.parameters.some((parameter) => parameter.required === true);

  it('is read by pages', async () => {
    for (const route of routes.filter(({ method }) => method === 'GET')) {
      const { json } = await harness.call('GET', route.url);
      if ('items' in json) expect(isPaged(route), route.url).toBe(true);
    }
    expect(routes.filter(isPaged).map((route) => route.url)).toEqual(
      expect.arrayContaining([
        '/api/v1/units',
        '/api/v1/sites',
        '/api/v1/agents',
        '/api/v1/devices',
        '/api/v1/alerts',
        '/api/v1/ledger',
        '/api/v1/ledger/hours',
        '/api/v1/quarantine',
        '/api/v1/tokens',
        '/api/v1/audit',
      ]),
    );
  });

  it('has each entry on exactly one page', async () => {
    for (const { url } of routes.filter((route) => isPaged(route) && !needsParameters(route))) {
      const whole = (await harness.call('GET', url)).json;
      expect(whole, url).not.toHaveProperty('nextCursor');
      const walked: unknown[] = [];
      let cursor: unknown = undefined;
      do {
        const query: string = typeof cursor === 'string' ? `limit=1&cursor=${cursor}` : 'limit=1';
        const page = (await harness.call('GET', `${url}?${query}`)).json;
        expect(page['items'], JSON.stringify(page)).toHaveLength(1);
        walked.push(...(page['items'] as unknown[]));
        cursor = page['nextCursor'];
      } while (cursor !== undefined);
      expect(walked, url).toEqual(whole['items']);
      expect(walked.length, url).toBeGreaterThanOrEqual(3);
    }
  });

  const encode = (key: string): string => Buffer.from(key, 'utf8').toString('base64url');
  it.each([
    ['nothing', ''],
    ['a text that is not base64url', 'nonsense!'],
    ['bytes that are not UTF-8', 'gICA'],
    ['an encoded NUL', '%00'],
    ['base64url of a text that is no key', encode('Ünit 7')],
    ['base64url of SQL', encode("1' OR '1'='1")],
    ['base64url of a negative number', encode('-1.5')],
    ['base64url of a number without end', encode('9'.repeat(400))],
    ['base64url of __proto__', encode('__proto__')],
    ['a key that is not encoded', 'a-0123456789abcdef0123'],
    ['a huge text', 'A'.repeat(8_000)],
  ])('refuses a cursor of %s', async (_, cursor) => {
    for (const route of routes.filter(isPaged)) {
      const answer = await harness.call('GET', `${route.url}?${requiredQuery(route)}&cursor=${cursor}`);
      expect(answer, route.url).toMatchObject({ status: 400, json: { code: 'BAD_CURSOR' } });
      expectProblem(answer, route.url, route);
    }
  });

  it('refuses the cursor of an alert that does not exist', async () => {
    const answer = await harness.call('GET', `/api/v1/alerts?cursor=${encode(`a-${'0'.repeat(20)}`)}`);
    expect(answer).toMatchObject({ status: 400, json: { code: 'BAD_CURSOR' } });
  });
});

describe('hostile input', () => {
  it.each([
    ['the name __proto__', '__proto__=1'],
    ['a name within __proto__', '__proto__[unit]=1'],
    ['the name constructor', 'constructor=1'],
    ['the name hasOwnProperty', 'hasOwnProperty=1'],
    ['a name of a list', 'unit[]=1'],
    ['a name with an operator', 'unit[$ne]=1'],
    ['a name that is NUL', '%00=1'],
    ['a name that ends in NUL', 'unit%00=1'],
    ['no name', '=1'],
    ['half an escape', '%'],
    ['an escape that is none', '%zz=%zz'],
    ['an emoji', '%F0%9F%92%A5=1'],
    ['a name in Vietnamese', 'đơn_vị=1'],
    ['a change of direction', '%E2%80%AE=1'],
    ['a huge name', `${'x'.repeat(7_000)}=1`],
    ['many names', Array.from({ length: 1_500 }, (_, index) => `a${index}=1`).join('&')],
    ['a tag without a name', 'tag.=1&x=1'],
    ['a tag named __proto__', 'tag.__proto__=1&x=1'],
  ])('%s in a query is refused', async (_, query) => {
    for (const route of routes) {
      const what = `${route.method} ${route.url}`;
      const answer = await harness.call(route.method, `${route.url}?${query}`);
      expect(answer.status, what).toBe(400);
      expectProblem(answer, what, route);
    }
  });

  it.each([
    ['NUL', '%00'],
    ['nothing', ''],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['SQL', "'%20OR%201=1%20--"],
    ['an emoji', '%F0%9F%92%A5'],
    ['half an emoji', '%F0%9F'],
    ['a change of direction', '%E2%80%AE'],
    ['a negative number', '-1'],
    ['a fraction', '1.5'],
    ['more than a double', '1e400'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['more than an exact integer', '9007199254740993'],
    ['a huge text', 'x'.repeat(7_000)],
    ['a second value', '1&NAME=2'],
    ['a thousand values', '1&NAME=2'.repeat(1_000)],
  ])('%s as the value of a parameter is never an error of central', async (_, value) => {
    for (const route of routes) {
      for (const { name } of route.parameters) {
        const query = new URLSearchParams(requiredQuery(route));
        query.set(name, value.replaceAll('NAME', name));
        const text = [...query].map(([key, each]) => `${key}=${each}`).join('&');
        const what = `${route.method} ${route.url}?${text.slice(0, 80)}`;
        const answer = await harness.call(route.method, `${route.url}?${text}`);
        expect(answer.status, what).toBeLessThan(500);
        if (answer.status >= 400) expectProblem(answer, what, route);
      }
    }
  });

  it.each([
    ['measurement=__proto__&field=x', 'UNKNOWN_MEASUREMENT'],
    ['measurement=enviroment&field=smoke', 'UNKNOWN_MEASUREMENT'],
    ['measurement=environment&field=constructor', 'UNKNOWN_FIELD'],
    ['measurement=environment&field=smoke&groupBy=constructor', 'UNKNOWN_TAG'],
    ['measurement=environment&field=smoke&tag.constructor=1', 'UNKNOWN_TAG'],
    ['measurement=environment&field=smoke&tag.__proto__=1', 'BAD_TAG'],
    ['measurement=environment&field=smoke&from=1.5', 'INVALID_REQUEST'],
    ['measurement=environment&field=smoke&to=1e300', 'INVALID_REQUEST'],
    ['measurement=environment&field=smoke&every=0s', 'BAD_WIDTH'],
    ['measurement=environment&field=smoke&every=1m&aggregate=max', 'QUERY_REFUSED'],
    ['measurement=environment&field=smoke&every=999999999d&aggregate=count', 'BAD_WIDTH'],
    ['measurement=environment&field=smoke&from=', 'INVALID_REQUEST'],
  ])('series?%s is refused with %s', async (query, code) => {
    const answer = await harness.call('GET', `/api/v1/series?${query}`);
    expect(answer).toMatchObject({ status: 400, json: { code } });
  });

  it.each([
    [
      'field=smoke&every=5m&aggregate=sum',
      'querystring.aggregate: expected mean, count, first, last, share for "smoke", which is bool, got "sum" (mean without it)',
    ],
    [
      'field=smoke&every=5m&aggregate=p95',
      'querystring.aggregate: expected mean, count, first, last, share for "smoke", which is bool, got "p95" (mean without it)',
    ],
    [
      'field=temperature_celsius&every=5m&aggregate=share',
      'querystring.aggregate: expected mean, min, max, sum, count, first, last, p50, p95, p99 for "temperature_celsius", which is float, got "share" (mean without it)',
    ],
    [
      'field=smoke&every=5m&aggregate=share&across=max',
      'querystring.across: expected sum or mean for shares of "smoke", got "max"',
    ],
    [
      'field=smoke&every=0s',
      'querystring.every: expected a width above zero and of at most 36500d, got "0s"',
    ],
    [
      'field=smoke&every=999999999d&aggregate=count',
      'querystring.every: expected a width above zero and of at most 36500d, got "999999999d"',
    ],
    ['field=smoke&every=5x', 'querystring.every: expected a width such as 30s, 5m, 1h, got "5x"'],
    ['field=smoke&from=1.5', `querystring.from: ${EXPECTED_TIME}, got "1.5"`],
    ['field=smoke&from=1e300', `querystring.from: ${EXPECTED_TIME}, got "1e300"`],
    ['field=smoke&to=999999999999999', `querystring.to: ${EXPECTED_TIME}, got "999999999999999"`],
    ['field=smoke&from=', `querystring.from: ${EXPECTED_TIME}, got ""`],
    ['field=smoke&from=1&from=2', `querystring.from: ${EXPECTED_TIME}, got ["1","2"]`],
    ['field=smoke&from=2026-01-01 07:00', `querystring.from: ${EXPECTED_TIME}, got "2026-01-01 07:00"`],
    ['field=smoke&fill=null', 'querystring.fill: expected together with every, such as every=5m'],
    [
      'field=smoke&aggregate=mean&across=sum',
      'querystring.aggregate: expected together with every, such as every=5m; querystring.across: expected together with every, such as every=5m',
    ],
    [
      'field=smoke&every=5m&aggregate=last&across=sum',
      'querystring.across: expected count for "smoke", which is bool, got "sum"',
    ],
    [
      'field=smoke&every=5m&aggregate=last&group=unit,site',
      'querystring.across: expected sum, mean, max, min, count, p50, p95, p99: how the series of one unit and site are put together',
    ],
    ['field=smoke&group=unit&groupBy=unit', 'groupBy and its former name group cannot be used together'],
    [
      'field=smoke&every=1d&aggregate=last&tz=+07:00',
      'querystring.tz: expected a time zone such as Asia/Ho_Chi_Minh or UTC, got " 07:00" (in a query, + is written %2B)',
    ],
    [
      'field=constructor',
      'querystring.field: expected a field of environment, got "constructor"; /api/v1/catalogue lists them',
    ],
    [
      'field=toString&every=5m',
      'querystring.field: expected a field of environment, got "toString"; /api/v1/catalogue lists them',
    ],
    [
      'field=smok&every=5m',
      'querystring.field: expected a field of environment, got "smok", did you mean "smoke"?',
    ],
  ])(
    'series?%s is a mistake that the answer names with parameter, value and what was expected',
    async (query, detail) => {
      const answer = await harness.call('GET', `/api/v1/series?measurement=environment&${query}`);
      expect(answer).toMatchObject({ status: 400, json: { detail } });
    },
  );

  it('takes times in every notation, as OpenAPI says', async () => {
    for (const time of [
      '1800000000000',
      '2026-01-31T08:00:00Z',
      '2026-01-31T08:00:00%2B07:00',
      '2026-01-31T08:00:00+07:00',
      '-1h',
      'yesterday',
      'yesterdayT14:00',
      'last-month',
      '2026-01-31',
    ]) {
      const url = `/api/v1/series?measurement=environment&field=smoke&from=${time}&to=1900000000000`;
      expect((await harness.call('GET', url)).status, time).toBe(200);
    }
    const series = routes.find(({ url }) => url === '/api/v1/series');
    expect(series?.parameters.find(({ name }) => name === 'from')).toMatchObject({
      required: false,
      schema: {
        anyOf: [
          { type: 'integer' },
          { type: 'string', format: 'date-time' },
          { enum: expect.arrayContaining(['now', 'today', 'last-month']) as unknown },
          {},
          {},
        ],
      },
    });
  });

  it.each([
    ['/%zz', 400, 'BAD_PATH'],
    [`/api/v1/agents/${'x'.repeat(201)}`, 414, 'PATH_TOO_LONG'],
    ['/api/v1/agents/%00', 404, 'AGENT_NOT_FOUND'],
    ['/api/v1/agents/..%2f..%2fetc', 404, 'AGENT_NOT_FOUND'],
    ['/api/v1/agents/__proto__', 404, 'AGENT_NOT_FOUND'],
    ['/api/v1/alerts/%F0%9F%92%A5', 404, 'ALERT_NOT_FOUND'],
    ['/api/v1/nowhere?x=1', 404, 'ROUTE_NOT_FOUND'],
  ])('the path %s is answered with %s %s', async (path, status, code) => {
    const answer = await harness.call('GET', path);
    expect(answer).toMatchObject({ status, json: { code } });
    expectProblem(answer, path);
  });

  it.each([
    ['an empty body', '', 'application/json', 'INVALID_JSON'],
    ['half a body', '{"name":', 'application/json', 'INVALID_JSON'],
    ['a body with __proto__', '{"__proto__":{"role":"admin"}}', 'application/json', 'INVALID_JSON'],
    ['a body that is a list', '[]', 'application/json', 'INVALID_REQUEST'],
    ['a body that is null', 'null', 'application/json', 'INVALID_REQUEST'],
    ['a body with unknown names', '{"nonsense":1}', 'application/json', 'INVALID_REQUEST'],
    ['a deep body', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 'application/json', 'INVALID_REQUEST'],
    ['a body that is too large', `"${'x'.repeat(70_000)}"`, 'application/json', 'BODY_TOO_LARGE'],
    ['a form', 'name=x', 'application/x-www-form-urlencoded', 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text', '{}', 'text/plain', 'UNSUPPORTED_MEDIA_TYPE'],
    ['no media type at all', '{}', 'nonsense', 'UNSUPPORTED_MEDIA_TYPE'],
  ])('%s is refused', async (_, payload, type, code) => {
    const withBody = routes.filter(
      (route) => route.takesJson && !(code === 'BODY_TOO_LARGE' && isImport(route)),
    );
    expect(withBody.length).toBeGreaterThanOrEqual(3);
    for (const route of withBody) {
      const answer = await harness.call(route.method, route.url, { payload, type });
      const what = `${route.method} ${route.url}`;
      expect(answer.json['code'], what).toBe(code);
      expectProblem(answer, what, route);
    }
  });
});

/** It takes larger bodies than any other. */
const isImport = ({ url }: DescribedRoute): boolean => url === '/api/v1/inventory/import';

describe('the list of error codes', () => {
  it('is what OpenAPI gives as the codes of a problem', async () => {
    const { json } = await harness.call('GET', '/docs/json');
    const { schemas } = json['components'] as { schemas: Record<string, unknown> };
    expect(schemas['Problem']).toMatchObject({ properties: { code: { enum: ERROR_CODE_NAMES } } });
  });

  it('has no code that nothing answers with', () => {
    const directory = import.meta.dirname;
    const sources = readdirSync(directory, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'error-codes.ts')
      .map((name) => readFileSync(join(directory, name), 'utf8'))
      .join('\n');
    const answered = ERROR_CODE_NAMES.filter((code) =>
      new RegExp(`ApiError\\(\\s*'${code}'|: '${code}'`).test(sources),
    );
    expect(answered).toEqual(ERROR_CODE_NAMES);
  });
});
