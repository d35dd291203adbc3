// Draws the pictures of the board in docs/pictures/board: `node scripts/board/pictures.js`, after a build, on a machine with Chromium and some
// room. It starts the simulated city, cuts the fibre of a hub, and takes the pages once the cut is one incident; some three minutes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium } from 'playwright-core';
import { root } from '../lint/layout.js';

const PROGRAM = join(root, 'bin/wardwatch.js');
const PICTURES = join(root, 'docs/pictures/board');
const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
const SEED = 7;
const PATIENCE_MS = 240_000;
const LANGUAGES = { en: 'en-GB', vi: 'vi-VN' };

/** By name: path, size and theme of a page; `INCIDENT` is the id of the cut. */
const PAGES = {
  city: { path: '/', width: 1440, height: 860, theme: 'light' },
  incident: { path: '/incidents/INCIDENT', width: 1440, height: 900, theme: 'light' },
  wall: { path: '/wall', width: 1920, height: 1080, theme: 'dark' },
  phone: { path: '/', width: 360, height: 740, theme: 'light' },
};

const data = mkdtempSync(join(tmpdir(), 'wardwatch-pictures-'));
const options = { seed: SEED, port: 0, 'broker-port': 0, 'data-dir': data };
const args = Object.entries(options).map(([name, value]) => `--${name}=${value}`);
const city = spawn(process.execPath, [PROGRAM, 'start', '--json', ...args], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
try {
  await drawAll();
} finally {
  city.kill('SIGTERM');
  await once(city, 'exit');
  rmSync(data, { recursive: true });
}

async function drawAll() {
  const { apiUrl, adminToken } = await started();
  const ask = asker(apiUrl, adminToken);
  await until('no alert is open', async () => (await ask('/alerts?state=firing&limit=1')).items.length === 0);
  await ask('/demo/faults', { kind: 'fibre-cut' });
  const incident = await until('the cut is one incident', async () =>
    (await ask('/incidents?limit=1')).items.find(({ severity }) => severity === 'critical'),
  );
  mkdirSync(PICTURES, { recursive: true });
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
  try {
    for (const [language, locale] of Object.entries(LANGUAGES))
      for (const [name, { path, width, height, theme }] of Object.entries(PAGES)) {
        const context = await browser.newContext({ locale, colorScheme: theme, viewport: { width, height } });
        const page = await context.newPage();
        await page.goto(apiUrl);
        await page.locator('input').first().fill(adminToken);
        await page.keyboard.press('Enter');
        await page.locator('[data-unit]').first().waitFor();
        await page.goto(apiUrl + path.replace('INCIDENT', incident.id));
        await page.locator('[data-unit]').first().waitFor();
        await page.waitForLoadState('load');
        // Charts and lists come one after the other; the stream of events never ends.
        await sleep(4_000);
        await page.screenshot({ path: join(PICTURES, `${name}.${language}.png`) });
        await context.close();
        console.log(`${name}.${language}.png`);
      }
  } finally {
    await browser.close();
  }
}

/** The first line of its output: addresses and token. */
async function started() {
  for await (const line of createInterface({ input: city.stdout })) {
    city.stdout.resume();
    return JSON.parse(line);
  }
  throw new Error('the city did not start');
}

function asker(url, token) {
  return async (path, body) => {
    const response = await fetch(`${url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
}

/** The first answer of `look` that is true, asked each second. */
async function until(what, look) {
  console.log(`waiting until ${what}`);
  const endsAtMs = Date.now() + PATIENCE_MS;
  // Not at once: before the first agents have spoken nothing is wrong, either.
  for (await sleep(30_000); Date.now() < endsAtMs; await sleep(1_000)) {
    const found = await look();
    if (found) return found;
  }
  throw new Error(`not within ${PATIENCE_MS / 60_000} minutes: ${what}`);
}
