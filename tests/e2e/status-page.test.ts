import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Sample } from '../../contract/sample.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const LONG_NAME = 'a-sensor-whose-name-has-no-place-to-break-the-line-0001';
const EVIL_NAME = '<img src=x onerror=alert(1)>';

describeWith(['chromium'], 'the plain page in a browser', () => {
  let scratch: TemporaryDirectory;
  let program: Wardwatch;
  let browser: Browser;
  let adminToken: string;
  let apiUrl: string;
  let agent: RawAgent;

  beforeAll(async () => {
    scratch = temporaryDirectory('status-page');
    const ports = ['--port', '0', '--broker-port', '0'];
    program = new Wardwatch(['start', '--units', '3', '--data-dir', scratch.path, '--json', ...ports]);
    const ready = await program.event('ready');
    adminToken = String(ready['adminToken']);
    apiUrl = String(ready['apiUrl']);
    agent = await openAgent(String(ready['brokerUrl']));
    browser = await chromium.launch({
      executablePath: requirePart('chromium'),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });
  afterAll(async () => {
    agent.end();
    await browser.close();
    await program.end('SIGKILL');
    scratch.remove();
  });

  /** A link is good for one browser. */
  async function pageLink(): Promise<string> {
    const answer = await fetch(`${apiUrl}/api/v1/page-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const { path } = (await answer.json()) as { path: string };
    return `${apiUrl}${path.replace('/?', '/plain?')}`;
  }

  async function openAgent(brokerUrl: string): Promise<RawAgent> {
    const answer = await fetch(`${apiUrl}/api/v1/agents/gw-test/credential`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}` },
    });
    const { password } = (await answer.json()) as { password: string };
    return RawAgent.connect(brokerUrl, 'gw-test', password);
  }

  /** An alert at once; what it is about has a name as unfriendly as tags may be. Devices that the inventory lacks raise none, disks do. */
  function failingDisk(): Sample {
    const tags = { host: LONG_NAME, device: EVIL_NAME };
    return { measurement: 'smart_device', tags, fields: { health_ok: false }, timeMs: Date.now() };
  }

  interface Visit {
    readonly page: Page;
    /** Everything the browser complained of: errors in the console, requests that failed or left this server. */
    readonly complaints: readonly string[];
  }

  async function visit(url: string, width: number): Promise<Visit> {
    const page = await browser.newPage({ viewport: { width, height: 900 } });
    const complaints: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
    page.on('request', (request) => {
      if (!request.url().startsWith(apiUrl)) complaints.push(`foreign: ${request.url()}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) complaints.push(`${response.status()} ${response.url()}`);
    });
    await page.goto(url);
    return { page, complaints };
  }

  it('shows the units, agents that report, and how fresh the data is, and keeps itself up to date', async () => {
    const { page, complaints } = await visit(await pageLink(), 1_280);
    const read = (): Promise<string> => page.locator('body').innerText();
    const clock = /\d\d:\d\d:\d\d/;
    const [firstClock] = clock.exec(await read()) ?? [];
    // It reloads itself: nothing here presses a button.
    await vi.waitFor(async () => {
      const shown = await read();
      expect(shown).toMatch(/[1-9][\d.,]*\s+Mẫu mỗi giây/);
      expect(clock.exec(shown)?.[0]).not.toBe(firstClock);
    }, 20_000);
    const text = await read();
    for (const name of ['Thủ Dầu Một', 'Phú Lợi', 'Bình Dương']) expect(text).toContain(name);
    expect(text).toMatch(/[1-9]\d*\s+Tác tử hoạt động\s+agents live/);
    expect(text).toMatch(/100 %\s+Độ đầy đủ\s+completeness/);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows an alert as text, whatever its device is called, after the next reload by itself', async () => {
    const { page, complaints } = await visit(await pageLink(), 1_280);
    // The simulated city may have alerts of its own at this hour.
    const row = page.locator('tbody tr', { hasText: LONG_NAME });
    expect(await row.count()).toBe(0);
    await agent.untilStored(agent.send([failingDisk()]));
    await row.waitFor({ timeout: 20_000 });
    expect((await row.innerText()).split(/\t|\n/)).toEqual([
      '▲ major',
      'Ổ đĩa báo sắp hỏng Disk reports that it is failing',
      `${LONG_NAME} · ${EVIL_NAME}`,
      'false',
      expect.stringMatching(/^\d+ s$/),
    ]);
    expect(await page.locator('.tile.bad').innerText()).toMatch(/^[1-9]\d*\s+Cảnh báo/);
    expect(await page.locator('img').count()).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it.each([360, 1_920])(
    'fits a screen of %i pixels, alerts and all, without scrolling sideways',
    async (width) => {
      const { page, complaints } = await visit(await pageLink(), width);
      expect(await page.locator('tbody tr', { hasText: LONG_NAME }).count()).toBe(1);
      const overflow = await page.evaluate(
        'document.documentElement.scrollWidth - document.documentElement.clientWidth',
      );
      expect(overflow).toBe(0);
      expect(complaints).toEqual([]);
      await page.close();
    },
  );

  it('can be used from the keyboard: what has the focus is outlined', async () => {
    const { page } = await visit(await pageLink(), 1_280);
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    expect(await focused.innerText()).toBe('API');
    const style = await page.evaluate<string>('getComputedStyle(document.activeElement).outline');
    expect(style).toContain('solid 3px');
    await page.close();
  });

  it('speaks Vietnamese and English, each marked for a screen reader', async () => {
    const { page } = await visit(await pageLink(), 1_280);
    for (const language of ['vi', 'en']) {
      expect(await page.locator(`[lang="${language}"]`).count(), language).toBeGreaterThan(0);
    }
    expect(await page.locator('h1').count()).toBe(1);
    await page.close();
  });

  it.each(['/plain', '/plain?code=of-another-start'])('shows nothing but the way in at %s', async (path) => {
    const { page, complaints } = await visit(`${apiUrl}${path}`, 360);
    // Chromium itself reports an answer above 399.
    expect(complaints).toEqual([expect.stringContaining('401'), expect.stringContaining('401')]);
    const text = await page.locator('body').innerText();
    expect(text).toContain('401 · Cần liên kết mới');
    expect(text).toContain('401 · A new link is needed');
    expect(text).not.toContain('Thủ Dầu Một');
    await page.close();
  });

  it('shows the documentation of the API as well, under its strict policy', async () => {
    const { page, complaints } = await visit(`${apiUrl}/docs`, 1_280);
    await page.locator('.opblock-summary', { hasText: '/api/v1/units' }).first().waitFor({ timeout: 20_000 });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('still answers a program without a token in JSON', async () => {
    const answer = await fetch(`${apiUrl}/plain`);
    expect([answer.status, await answer.json()]).toMatchObject([401, { code: 'NOT_AUTHENTICATED' }]);
  });
});
