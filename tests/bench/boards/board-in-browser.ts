import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { requirePart } from '../../support/parts.ts';

/** Of several times, ms. */
export interface Spread {
  readonly median: number;
  readonly worst: number;
}

export interface Storm {
  /** Begins or ends one alert: its sample is on its way. */
  readonly change: (to: 'firing' | 'calm', alert: string) => void;
}

const OPENINGS = 7;
const EVENTS = 9;
const PRESSES = 7;
/** The page reads once a second in a storm: so many reads are an hour of it. */
const READS_OF_AN_HOUR = 3_600;
const READS = 900;
const LONGEST_STORM_MS = 60_000;
const ALERTS_OF_THE_STORM = 20;
/** Longer than the page waits between two readings. */
const PAUSE_MS = 1_100;
const MEGABYTE = 1e6;

/** The board in Debian's Chromium, on the machine that central runs on. */
export class BoardInBrowser {
  readonly #browser: Browser;
  readonly #context: BrowserContext;
  readonly #url: string;

  private constructor(browser: Browser, context: BrowserContext, url: string) {
    this.#browser = browser;
    this.#context = context;
    this.#url = url;
  }

  static async open(url: string, token: string): Promise<BoardInBrowser> {
    const browser = await chromium.launch({
      executablePath: requirePart('chromium'),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    const context = await browser.newContext({ viewport: { width: 1_440, height: 900 }, locale: 'en-GB' });
    const page = await context.newPage();
    await page.goto(`${url}/login`);
    await page.getByLabel('Access token').fill(token);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.locator('.city-map .cell').first().waitFor();
    await page.close();
    return new BoardInBrowser(browser, context, url);
  }

  close(): Promise<void> {
    return this.#browser.close();
  }

  /** From the begin of the navigation to the frame that shows the map with its states. */
  async paint(): Promise<Spread> {
    const times: number[] = [];
    for (let at = 0; at < OPENINGS; at++) {
      const page = await this.#context.newPage();
      await page.addInitScript(`
        window.painted = new Promise((resolve) => {
          new MutationObserver((_changes, observer) => {
            if (document.querySelector('.city-map .cell') === null) return;
            observer.disconnect();
            requestAnimationFrame(() => setTimeout(() => resolve(performance.now())));
          }).observe(document, { childList: true, subtree: true });
        });
      `);
      await page.goto(`${this.#url}/`);
      times.push(Number(await page.evaluate('window.painted')));
      await page.close();
    }
    return spreadOf(times);
  }

  /** From the moment a sample is sent to the frame that shows its alert: the way through broker, judge and stream included. */
  async eventToPixel({ change }: Storm): Promise<Spread> {
    const page = await this.#view('/alerts');
    const times: number[] = [];
    for (let at = 0; at < EVENTS; at++) {
      const alert = `pixel-${at}`;
      // Told of changes, and not looking at each frame: laying the page out 60 times a second would be measured, too.
      const seen = page.evaluate(`new Promise((resolve) => {
        new MutationObserver((_changes, observer) => {
          if (!document.body.textContent.includes('${alert}')) return;
          observer.disconnect();
          requestAnimationFrame(() => setTimeout(() => resolve(Date.now())));
        }).observe(document.body, { childList: true, subtree: true, characterData: true });
      })`);
      const sentAtMs = Date.now();
      change('firing', alert);
      times.push(Number(await seen) - sentAtMs);
      await page.waitForTimeout(1_500);
    }
    await page.close();
    return spreadOf(times);
  }

  /** From a click to the frame that shows what it did: all sites on the map and off again. */
  async interaction(): Promise<Spread> {
    const page = await this.#view('/');
    await page.getByLabel('Sites').click();
    await page.locator('.city-map .site').first().waitFor();
    const times: number[] = [];
    for (let at = 0; at < PRESSES; at++)
      for (const name of ['Zoom in', 'Zoom out'])
        times.push(
          Number(
            await page.evaluate(`new Promise((resolve) => {
              const button = document.querySelector('.map-buttons button[title="${name}"]');
              const startMs = performance.now();
              button.click();
              requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - startMs)));
            })`),
          ),
        );
    await page.close();
    return spreadOf(times);
  }

  /**
   * How much the page's heap grows in an hour of storm, MB: it is told of an alert, reads anew and draws, as fast as it can
   * (its clock jumps over its pause between two readings); what it keeps of so many reads is taken for those of an hour.
   */
  async heapGrowth({ change }: Storm): Promise<{ readonly megabytes: number; readonly reads: number }> {
    const page = await this.#context.newPage();
    await page.clock.install();
    await page.goto(`${this.#url}/incidents`);
    await page.clock.runFor(2_000);
    await page.getByText(/^Live/).waitFor();
    const session = await this.#context.newCDPSession(page);
    const heapBytes = async (): Promise<number> => {
      await session.send('HeapProfiler.collectGarbage');
      return (await session.send('Runtime.getHeapUsage')).usedSize;
    };
    let reads = 0;
    page.on('response', (response) => {
      if (response.url().includes('/api/v1/incidents')) reads++;
    });
    const endsAtMs = performance.now() + LONGEST_STORM_MS;
    const storm = async (count: number): Promise<void> => {
      for (let at = 0; at < count && performance.now() < endsAtMs; at++) {
        const seen = reads;
        change(at % 2 === 0 ? 'firing' : 'calm', `heap-${Math.floor(at / 2) % ALERTS_OF_THE_STORM}`);
        while (reads === seen && performance.now() < endsAtMs) await page.clock.runFor(PAUSE_MS);
      }
    };
    await storm(READS / 6);
    const [before, readsBefore] = [await heapBytes(), reads];
    await storm(READS);
    const grown = (await heapBytes()) - before;
    await page.close();
    return {
      megabytes: (grown / MEGABYTE) * (READS_OF_AN_HOUR / Math.max(1, reads - readsBefore)),
      reads: reads - readsBefore,
    };
  }

  async #view(path: string): Promise<Page> {
    const page = await this.#context.newPage();
    await page.goto(`${this.#url}${path}`);
    await page.getByText(/^Live/).waitFor();
    return page;
  }
}

function spreadOf(times: readonly number[]): Spread {
  const sorted = [...times].sort((a, b) => a - b);
  return { median: sorted[Math.floor(sorted.length / 2)] ?? NaN, worst: sorted.at(-1) ?? NaN };
}
