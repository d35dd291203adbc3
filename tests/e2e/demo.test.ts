import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

/** Agents of the simulated city measure every ten seconds. */
const SEEN_WITHIN_MS = 40_000;

describe('a newcomer who follows the link that start prints', () => {
  let scratch: TemporaryDirectory;
  let program: Wardwatch;
  let apiUrl: string;
  let cookie: string;

  beforeAll(async () => {
    scratch = temporaryDirectory('demo');
    const ports = ['--port', '0', '--broker-port', '0'];
    program = new Wardwatch(['start', '--units', '3', '--data-dir', scratch.path, '--json', ...ports]);
    const ready = await program.event('ready');
    apiUrl = String(ready['apiUrl']);
    const opened = await fetch(String(ready['pageUrl']), { redirect: 'manual' });
    cookie = opened.headers.get('set-cookie')?.split(';')[0] ?? '';
  });
  afterAll(async () => {
    await program.end('SIGKILL');
    scratch.remove();
  });

  /** As the board asks. */
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const answer = await fetch(`${apiUrl}/api/v1${path}`, {
      method,
      headers: {
        ...{ cookie, origin: apiUrl, 'x-wardwatch-board': '1' },
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  interface Alert {
    readonly id: string;
    readonly phase: string;
    readonly entity: Readonly<Record<string, string>>;
    readonly acknowledgedBy?: string;
  }

  const alertsAbout = async (server: string): Promise<readonly Alert[]> => {
    const { items } = await ask<{ items: readonly Alert[] }>('GET', '/alerts?rule=certificate_expiring');
    return items.filter(({ entity }) => entity['host'] === server);
  };

  it('breaks something, sees the alert, acknowledges it, and sees it end', async () => {
    expect(await ask('GET', '/me')).toMatchObject({ role: 'admin', mayWrite: true });
    const { kinds } = await ask<{ kinds: readonly { readonly kind: string }[] }>('GET', '/demo');
    expect(kinds.map(({ kind }) => kind)).toContain('certificate-expiring');
    const fault = await ask<{ id: string; target: string }>('POST', '/demo/faults', {
      kind: 'certificate-expiring',
    });
    const alert = await vi.waitFor(
      async () => {
        const [found] = await alertsAbout(fault.target);
        if (found === undefined) throw new Error('no alert yet');
        return found;
      },
      { timeout: SEEN_WITHIN_MS, interval: 500 },
    );
    expect(alert.phase).toBe('firing');
    await ask('POST', `/alerts/${alert.id}/acknowledge`, {});
    await ask('DELETE', `/demo/faults/${fault.id}`);
    expect(await ask('GET', '/demo')).toMatchObject({ faults: [] });
    await vi.waitFor(
      async () => {
        const over = (await alertsAbout(fault.target)).find(({ id }) => id === alert.id);
        if (over !== undefined && over.phase !== 'resolved') throw new Error(`still ${over.phase}`);
      },
      { timeout: SEEN_WITHIN_MS, interval: 500 },
    );
    const { items } = await ask<{ items: readonly { action: string; actor: string }[] }>(
      'GET',
      '/audit?limit=10',
    );
    expect(items.map(({ action }) => action)).toEqual(expect.arrayContaining(['demo.start', 'demo.end']));
    expect(items.find(({ action }) => action === 'demo.start')?.actor).toBe('page of this start');
  });
});
