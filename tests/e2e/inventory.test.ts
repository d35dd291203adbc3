import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { Wardwatch, type Ended } from '../support/wardwatch.ts';

const EXAMPLE = fileURLToPath(new URL('../../examples/inventory.yaml', import.meta.url));

let scratch: ReturnType<typeof temporaryDirectory>;
let central: Wardwatch | undefined;
let url: string;
beforeEach(() => {
  scratch = temporaryDirectory('inventory');
});
afterEach(async () => {
  await central?.end('SIGTERM');
  scratch.remove();
});

const path = (name: string): string => join(scratch.path, name);
const file = (name: string, text: string): string => {
  writeFileSync(path(name), text);
  return path(name);
};
const run = (...args: string[]): Promise<Ended> => new Wardwatch(['inventory', ...args]).end();
const online = (...args: string[]): Promise<Ended> =>
  run(...args, '--url', url, '--token-file', path('token'));

async function startCentral(settings: object = {}): Promise<void> {
  const api = { port: 0 };
  const broker = { kind: 'embedded', port: 0 };
  const config = { dataDirectory: path('data'), api, broker, ...settings };
  central = new Wardwatch(['central', '--config', file('central.yaml', JSON.stringify(config)), '--json']);
  url = String((await central.event('ready'))['apiUrl']);
  const added = await new Wardwatch([
    'tokens',
    'add',
    'test',
    '--role',
    'engineer',
    '--data-dir',
    path('data'),
  ]).end();
  file('token', added.stdout);
}

const idsOf = async (list: string): Promise<unknown[]> => {
  const headers = { authorization: `Bearer ${readFileSync(path('token'), 'utf8').trim()}` };
  const answer = (await (await fetch(`${url}/api/v1/${list}`, { headers })).json()) as {
    items: { id: string }[];
  };
  return answer.items.map(({ id }) => id);
};

describe('wardwatch inventory', () => {
  it('checks without a central, shows what an import changes, changes it when told to, and exports the same', async () => {
    expect(await run('check', EXAMPLE)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Valid: 3 units, /) as string,
    });
    await startCentral();
    const shown = await online('import', EXAMPLE);
    expect(shown).toMatchObject({ code: 0, stderr: 'Nothing was changed yet: add --yes.\n' });
    expect(shown.stdout).toContain('+ devices/n-hub-01\n');
    expect(await idsOf('devices')).toEqual([]);
    expect(await online('diff', EXAMPLE)).toMatchObject({ code: 5 });

    expect(await online('import', EXAMPLE, '--yes')).toMatchObject({ code: 0 });
    expect(await idsOf('devices')).toContain('n-hub-01');
    expect(await online('diff', EXAMPLE)).toMatchObject({ code: 0, stdout: 'No difference.' });

    const exported = file('export.yaml', (await online('export')).stdout);
    expect(await run('check', exported)).toMatchObject({ code: 0 });
    expect(await online('diff', exported, '--prune')).toMatchObject({ code: 0 });
    expect(JSON.parse((await online('diff', exported, '--json')).stdout)).toMatchObject({
      dryRun: true,
      counts: { added: 0, changed: 0, removed: 0 },
    });
  });

  it('takes YAML of any form through the API, which a thread reads, and names what is wrong with it', async () => {
    await startCentral();
    const send = async (body: string): Promise<{ readonly status: number; readonly text: string }> => {
      const token = readFileSync(path('token'), 'utf8').trim();
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/yaml' };
      const answer = await fetch(`${url}/api/v1/inventory/import`, { method: 'POST', headers, body });
      return { status: answer.status, text: await answer.text() };
    };
    expect(await send(readFileSync(EXAMPLE, 'utf8'))).toMatchObject({ status: 200 });
    expect(await idsOf('devices')).toContain('n-hub-01');
    const refused = await send('agencies: []\nagencies: []\n');
    expect(refused).toMatchObject({ status: 422 });
    expect(refused.text).toContain('Map keys must be unique at line 2, column 1');
  });

  it('names every mistake in CSV with its line, and the nearest known name, and changes nothing', async () => {
    await startCentral();
    await online('import', EXAMPLE, '--yes');
    const devices = file(
      'devices.csv',
      '\uFEFFid;kind;site;unit;agent\nups-9;ups;site-26737-1;26737;gw-26737-01\nups-10;upss;site-26737-01;26737;gw-26737-01\n',
    );
    const refused = await online('import', devices, '--yes');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toMatch(
      /devices\.csv line 2: site: no such entry, got "site-26737-1", did you mean "site-26737-01"\?/,
    );
    expect(refused.stderr).toMatch(/devices\.csv line 3: kind: .*"upss".*did you mean "ups"\?/);
    expect(await idsOf('devices')).not.toContain('ups-9');

    file('devices.csv', 'id,kind,site,unit,agent\nups-9,ups,site-26737-01,26737,gw-26737-01\n');
    expect(await online('import', devices, '--yes')).toMatchObject({ code: 0 });
    expect(await idsOf('devices')).toEqual(expect.arrayContaining(['ups-9', 'n-hub-01']));
  });

  it('refuses to change what is that of a file, which central reads again by itself and on SIGHUP', async () => {
    const inventoryFile = file('inventory.yaml', readFileSync(EXAMPLE, 'utf8'));
    await startCentral({ inventoryFile });
    expect(await idsOf('agencies')).not.toContain('agency-9');
    const extra = file('more.yaml', 'agencies: [{ id: agency-9, name: Sở Y tế }]');
    const refused = await online('import', extra, '--yes');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(
      `the inventory is that of ${inventoryFile} (inventoryFile in central.yaml)`,
    );

    const whole = readFileSync(EXAMPLE, 'utf8').replace(
      'agencies:\n',
      'agencies:\n  - { id: agency-9, name: Sở Y tế }\n',
    );
    file('inventory.yaml', whole);
    await vi.waitFor(async () => expect(await idsOf('agencies')).toContain('agency-9'), { timeout: 20_000 });

    file('inventory.yaml', whole.replace('agent: gw-hub-01', 'agent: gw-hub-1'));
    central?.signal('SIGHUP');
    await vi.waitFor(
      async () => {
        const { checks } = (await (await fetch(`${url}/readyz`)).json()) as { checks: unknown[] };
        expect(checks).toContainEqual(expect.objectContaining({ name: 'inventory', ok: false }));
      },
      { timeout: 20_000 },
    );
    // The log comes by a pipe, and may come later than the answer.
    await until(() =>
      expect(central?.stderr).toMatch(
        /devices\[\d+\]\.agent: no such entry, got \\"gw-hub-1\\", did you mean \\"gw-hub-01\\"/,
      ),
    );
    expect(central?.stderr).not.toContain('SIGHUP ignored');
    expect(await idsOf('agencies')).toContain('agency-9');
    expect(await idsOf('devices')).toContain('n-hub-01');
  });
});
