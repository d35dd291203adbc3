import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { chromium, type Browser, type Page } from 'playwright-core';
import { describeWith, requirePart } from '../support/parts.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

describeWith(['chromium'], 'the status page in a browser', () => {
  let scratch: TemporaryDirectory;
  let program: Wardwatch;
  let browser: Browser;
  let pageUrl: string;
  let apiUrl: string;

  beforeAll(async () => {
    scratch = temporaryDirectory('status-page');
    const ports = ['--port', '0', '--broker-port', '0'];
    program = new Wardwatch(['start', '--units', '3', '--data-dir', scratch.path, '--json', ...ports]);
    const ready = await program.event('ready');
    pageUrl = String(ready['pageUrl']);
    apiUrl = String(ready['apiUrl']);
    browser = await chromium.launch({
      executablePath: requirePart('chromium'),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
  });
  afterAll(async () => {
    await browser.close();
    await program.end('SIGKILL');
    scratch.remove();
  });

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
    const { page, complaints } = await visit(pageUrl, 1_280);
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

  it.each([360, 1_920])('fits a screen of %i pixels without scrolling sideways', async (width) => {
    const { page, complaints } = await visit(pageUrl, width);
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    );
    expect(overflow).toBe(0);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('speaks Vietnamese and English, each marked for a screen reader', async () => {
    const { page } = await visit(pageUrl, 1_280);
    for (const language of ['vi', 'en']) {
      expect(await page.locator(`[lang="${language}"]`).count(), language).toBeGreaterThan(0);
    }
    expect(await page.locator('h1').count()).toBe(1);
    await page.close();
  });

  it('shows nothing without a token', async () => {
    const { page, complaints } = await visit(`${apiUrl}/`, 1_280);
    expect(complaints).toEqual(expect.arrayContaining([`401 ${apiUrl}/`]));
    expect(await page.locator('body').innerText()).not.toContain('Thủ Dầu Một');
    await page.close();
  });
});
