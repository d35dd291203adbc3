import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ROLES, type Role } from '../access/tokens.ts';
import { ApiHarness } from './testing/api-harness.ts';
import { describedRoutes, type DescribedRoute } from './testing/api-routes.ts';

const GUIDE = join(import.meta.dirname, '../../docs/board.md');
const MARK = { 'x-wardwatch-board': '1', host: 'central.example', origin: 'http://central.example' };
let harness: ApiHarness;
let routes: readonly DescribedRoute[];
beforeAll(async () => {
  harness = await ApiHarness.open();
  routes = (await describedRoutes(harness)).filter(({ needsToken }) => needsToken);
});
afterAll(async () => {
  expect(await harness.close()).toEqual([]);
});

/** The rows of the guide: `| operator | … | `POST /silences`, … |`. What no row names, a viewer may ask. */
function tableOfGuide(): ReadonlyMap<string, Role> {
  const [, table = ''] = readFileSync(GUIDE, 'utf8').split(/<!-- \/?roles -->/);
  return new Map(
    ROLES.flatMap((role) => {
      const row = table.split('\n').find((line) => line.startsWith(`| ${role} |`)) ?? '';
      return [...row.matchAll(/`((?:GET|POST|PUT|DELETE) [^`]+)`/g)].map(
        ([, route = '']) => [route, role] as const,
      );
    }),
  );
}

const nameOf = ({ method, path }: DescribedRoute): string => `${method} ${path.replace('/api/v1', '')}`;

/** With a cookie of a login, as the board asks; nothing but the role may stand in the way. */
async function isTooLow(route: DescribedRoute, role: Role): Promise<boolean> {
  const { sessions, tokens, clock } = harness.parts;
  const info = tokens.list().find(({ name }) => name === role);
  if (info === undefined) throw new Error(`no token of the role ${role}`);
  const cookie = `wardwatch_session=${sessions.openForToken(info, clock.now()).session}`;
  const answers = [
    await harness.call(route.method, route.url, { token: harness.tokens[role] }),
    await harness.call(route.method, route.url, { token: '', headers: { ...MARK, cookie } }),
  ];
  const [byToken, byCookie] = answers.map(({ json }) => json['code'] === 'ROLE_TOO_LOW');
  expect(byCookie, `${nameOf(route)} by ${role}: cookie as token`).toBe(byToken);
  return byToken === true;
}

it('each route asks for the role that the guide says, of tokens and of sessions alike', async () => {
  const table = tableOfGuide();
  expect([...table.keys()].filter((name) => !routes.some((route) => nameOf(route) === name))).toEqual([]);
  const found = new Map<string, Role>();
  for (const route of routes) {
    // From the lowest: what a role may do is not tried, since it would be done.
    for (const role of ROLES) {
      if (await isTooLow(route, role)) continue;
      found.set(nameOf(route), role);
      break;
    }
  }
  const wanted = new Map(routes.map((route) => [nameOf(route), table.get(nameOf(route)) ?? 'viewer']));
  expect(Object.fromEntries(found)).toEqual(Object.fromEntries(wanted));
});
