import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../runtime/config.ts';
import { silentLogger } from '../../runtime/logger.ts';
import { centralConfigSchema } from '../config/config.ts';
import { createCentral, type Central } from '../main.ts';

let directory: string;
let central: Central;
let admin: string;
let engineer: string;
let operator: string;

const config = { collectors: [{ kind: 'server', intervalMs: 5_000 }], log: { level: 'debug' } };

async function call(method: string, path: string, token: string, body?: unknown) {
  const answer = await fetch(`${central.apiUrl()}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, json: (await answer.json()) as Record<string, unknown> };
}

async function tokenFor(role: string): Promise<string> {
  return String((await call('POST', '/tokens', admin, { name: role, role })).json['token']);
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-agent-config-'));
  const parts = { dataDirectory: directory, api: { port: 0 }, broker: { kind: 'embedded', port: 0 } };
  central = createCentral(checkConfig('test', parts, centralConfigSchema), {
    log: silentLogger,
    version: 'test',
    env: {},
    checkAgentConfig: async (value) =>
      JSON.stringify(value).includes('server')
        ? []
        : ['collectors[0].kind: no such kind', 'broker: unknown setting'],
  });
  await central.start(new AbortController().signal);
  admin = central.createAdminToken();
  engineer = await tokenFor('engineer');
  operator = await tokenFor('operator');
  central.credentials().issue('gw-1', 0);
});
afterAll(async () => {
  await central.stop();
  rmSync(directory, { recursive: true });
});

describe('the API of agents’ configs', () => {
  it('says of an agent that nothing was pushed to that its own file counts', async () => {
    expect(await call('GET', '/agents/gw-1/config', operator)).toEqual({
      status: 200,
      json: { agent: 'gw-1', state: 'own_file', desired: 0, running: 0, history: [] },
    });
  });

  it('takes a config from an engineer only, and only for an agent that is known', async () => {
    const body = { expectedRevision: 0, config };
    expect((await call('PUT', '/agents/gw-1/config', operator, body)).status).toBe(403);
    expect((await call('PUT', '/agents/gw-typo/config', engineer, body)).status).toBe(404);
    expect(await call('PUT', '/agents/gw-1/config', engineer, body)).toEqual({
      status: 200,
      json: { agent: 'gw-1', state: 'pending', desired: 1, running: 0 },
    });
    const read = await call('GET', '/agents/gw-1/config', operator);
    expect(read.json).toMatchObject({ desired: 1, config, history: [{ revision: 1, actor: 'engineer' }] });
  });

  it('pushes nothing to a Sparkplug node, which could not take it', async () => {
    central.credentials().issue('spb-power--n1', 0, { group: 'power', node: 'n1' });
    const body = { expectedRevision: 0, config };
    const path = '/agents/spb-power--n1/config';
    const refused = { status: 409, json: { code: 'NOT_AN_EDGE_AGENT' } };
    expect(await call('PUT', path, engineer, body)).toMatchObject(refused);
    const restore = { expectedRevision: 0, revision: 1 };
    expect(await call('POST', `${path}/restore`, engineer, restore)).toMatchObject(refused);
    expect((await call('GET', path, operator)).json).toMatchObject({ desired: 0, history: [] });
  });

  it('lists every problem of a config', async () => {
    const body = { expectedRevision: 1, config: { collectors: [{ kind: 'x' }], broker: {} } };
    expect(await call('PUT', '/agents/gw-1/config', engineer, body)).toMatchObject({
      status: 422,
      json: {
        code: 'CONFIG_REFUSED',
        problems: ['collectors[0].kind: no such kind', 'broker: unknown setting'],
      },
    });
  });

  it('lets nobody overwrite what he has not seen', async () => {
    const moved = { status: 409, json: { code: 'REVISION_MOVED' } };
    const path = '/agents/gw-1/config';
    expect(await call('PUT', path, engineer, { expectedRevision: 0, config })).toMatchObject(moved);
    expect(await call('DELETE', `${path}?expectedRevision=7`, engineer)).toMatchObject(moved);
    const restore = { expectedRevision: 0, revision: 1 };
    expect(await call('POST', `${path}/restore`, engineer, restore)).toMatchObject(moved);
    expect((await call('PUT', path, engineer, { config })).status).toBe(400);
  });

  it('goes back to an earlier revision, takes a config back, and has all of it in the audit log', async () => {
    const path = '/agents/gw-1/config';
    const restore = { expectedRevision: 1, revision: 1 };
    expect((await call('POST', `${path}/restore`, engineer, restore)).json).toMatchObject({ desired: 2 });
    expect((await call('GET', `${path}/revisions/2`, operator)).json).toMatchObject({
      config,
      restoredFrom: 1,
    });
    expect((await call('GET', `${path}/revisions/9`, operator)).status).toBe(404);
    expect((await call('DELETE', `${path}?expectedRevision=2`, engineer)).json).toMatchObject({ desired: 3 });
    expect(await call('DELETE', `${path}?expectedRevision=3`, engineer)).toMatchObject({ status: 404 });
    const { items } = (await call('GET', '/audit', admin)).json as {
      items: { action: string; target: string }[];
    };
    expect(items.slice(0, 3).map(({ action, target }) => `${action} ${target}`)).toEqual([
      'agent.config.remove gw-1 revision 3',
      'agent.config.restore gw-1 revision 2',
      'agent.config.put gw-1 revision 1',
    ]);
  });

  it('stands in the list of agents, and finds those whose config failed', async () => {
    expect((await call('GET', '/agents?config=failed', operator)).json).toEqual({ items: [] });
    const { paths } = (await (await fetch(`${central.apiUrl()}/docs/json`)).json()) as { paths: object };
    expect(Object.keys(paths)).toContain('/api/v1/agents/{id}/config/restore');
  });
});
