import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { findProgram } from '../support/find-program.ts';
import { freePort } from '../support/free-port.ts';
import { NotifyCity } from '../support/notify-city.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { ServerProcess, temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';

interface GettableAlert {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly status: { readonly state: string; readonly inhibitedBy: readonly string[] };
}

const CONFIG = join(import.meta.dirname, '../../examples/alertmanager/alertmanager.yml');
const WAIT = { timeout: 30_000, interval: 100 };

describeWith(['prometheus-alertmanager'], 'Debian’s Alertmanager', () => {
  let directory: TemporaryDirectory;
  let server: ServerProcess;
  let city: NotifyCity;
  let url: string;

  beforeEach(async () => {
    directory = temporaryDirectory('alertmanager');
    const address = `127.0.0.1:${await freePort()}`;
    url = `http://${address}`;
    server = new ServerProcess({
      program: requirePart('prometheus-alertmanager'),
      args: [
        `--config.file=${CONFIG}`,
        `--storage.path=${directory.path}/alertmanager`,
        `--web.listen-address=${address}`,
        '--cluster.listen-address=',
      ],
      isReady: () =>
        fetch(`${url}/-/ready`).then(
          (answer) => answer.ok,
          () => false,
        ),
    });
    await server.start();
    city = new NotifyCity(directory.path, { kind: 'alertmanager', url, repeatEvery: '5s' });
    await city.start();
  });
  afterEach(async () => {
    await city.stop();
    await server.dispose();
    directory.remove();
  });

  /** Those that it holds as going on, by line and severity. */
  async function active(): Promise<readonly string[]> {
    return (await alerts()).map(({ labels }) => `${labels['url'] ?? ''} ${labels['severity'] ?? ''}`).sort();
  }

  async function alerts(): Promise<readonly GettableAlert[]> {
    const answer = await fetch(`${url}/api/v2/alerts?active=true&inhibited=true`);
    return (await answer.json()) as readonly GettableAlert[];
  }

  it('has what is open, with the severity it has now, until it is over', async () => {
    await city.measure({ 'line-1': 50, 'line-2': 95 });
    await vi.waitFor(async () => expect(await active()).toEqual(['line-1 minor', 'line-2 critical']), WAIT);
    const [first] = await alerts();
    expect(first).toMatchObject({
      labels: { alertname: 'line_loss', agent: 'gw-1', wardwatch_id: expect.stringMatching(/^a-/) as string },
      annotations: {
        summary: 'Line loses packets',
        summary_vi: 'Đường truyền mất gói',
        description: 'Call the carrier.',
      },
    });
    await city.measure({ 'line-1': 95 });
    await vi.waitFor(
      async () => expect(await active()).toEqual(['line-1 critical', 'line-2 critical']),
      WAIT,
    );
    await city.measure({ 'line-1': 50 });
    await vi.waitFor(async () => expect(await active()).toEqual(['line-1 minor', 'line-2 critical']), WAIT);
    await city.measure({ 'line-1': 0, 'line-2': 0 });
    await vi.waitFor(async () => expect(await active()).toEqual([]), WAIT);
  });

  it('that was killed and has forgotten everything is told again; one that is away hears of an end later', async () => {
    await city.measure({ 'line-1': 50, 'line-2': 50 });
    await vi.waitFor(async () => expect(await active()).toHaveLength(2), WAIT);
    await server.kill('SIGKILL');
    await city.measure({ 'line-2': 0 });
    await server.start();
    await vi.waitFor(async () => expect(await active()).toEqual(['line-1 minor']), WAIT);
  });

  it('keeps what is open while central is killed and away, and hears of its end', async () => {
    await city.measure({ 'line-1': 50 });
    await vi.waitFor(async () => expect(await active()).toEqual(['line-1 minor']), WAIT);
    await city.kill();
    expect(await active()).toEqual(['line-1 minor']);
    await city.start();
    await city.measure({ 'line-1': 0 });
    await vi.waitFor(async () => expect(await active()).toEqual([]), WAIT);
  });

  it('takes the inhibit rules that are shipped', () => {
    const amtool = findProgram('amtool');
    if (amtool === undefined) return;
    const { status, stdout } = spawnSync(amtool, ['check-config', CONFIG], { encoding: 'utf8' });
    expect(stdout).toContain('3 inhibit rules');
    expect(status).toBe(0);
  });
});
