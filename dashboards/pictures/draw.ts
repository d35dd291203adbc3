import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import UPNG from 'upng-js';
import { createServer, type Plugin, type ViteDevServer } from 'vite';
import { LEVELS } from '../../central/store/history/levels.ts';
import { createPolicyStatement } from '../../central/store/influx/history-statements.ts';
import { readRuleFiles } from '../../cli/rules/rule-files.ts';
import { ruleBook } from '../../cli/dashboards/rule-book.ts';
import { write } from '../../tests/grafana/influx.ts';
import { findProgram } from '../../tests/support/find-program.ts';
import { runOnInflux, startInflux } from '../../tests/support/influx.ts';
import { cityLines } from './seed/lines.ts';
import { SHOWN_UNIT } from './seed/story.ts';

const SIZE = { width: 1920, height: 1080 };
const DRAWN_TIMEOUT_MS = 60_000;
const COLOURS = 256;
const LANGUAGES = ['vi', 'en'] as const;

interface Picture {
  readonly uid: string;
  /** What is chosen for variables; all of the others. */
  readonly chosen?: Readonly<Record<string, string>>;
}

const PICTURES: readonly Picture[] = [
  { uid: 'city-overview' },
  { uid: 'city-unit', chosen: { unit: SHOWN_UNIT } },
  { uid: 'dc-pools' },
  { uid: 'net-coverage' },
  { uid: 'alerts' },
];

/** Writes `UID.LANGUAGE.png` of each dashboard into the folder, from a real InfluxDB with a day of a made-up city. */
export async function draw(directory: string): Promise<void> {
  mkdirSync(directory, { recursive: true });
  const influx = await startInflux();
  const server = await servePage();
  const browser = await chromium.launch({ executablePath: chromiumPath(), args: ['--no-sandbox'] });
  try {
    const policies = LEVELS.map(({ name }) => createPolicyStatement('wardwatch', name));
    for (const statement of ['CREATE DATABASE "wardwatch"', ...policies])
      await runOnInflux(influx.url, statement);
    const toMs = Math.floor(Date.now() / 60_000) * 60_000;
    await write(influx.url, [...cityLines(toMs, ruleBook(readRuleFiles({})))]);
    for (const picture of PICTURES) {
      for (const language of LANGUAGES) {
        const parameters = {
          ...{ uid: picture.uid, language, toMs: String(toMs), influx: influx.url },
          ...picture.chosen,
        };
        const file = join(directory, `${picture.uid}.${language}.png`);
        await takePicture(browser, `${addressOf(server)}?${new URLSearchParams(parameters)}`, language, file);
        process.stdout.write(`${file}: ${Math.round(readFileSync(file).length / 1024)} KiB\n`);
      }
    }
  } finally {
    await browser.close();
    await server.close();
    await influx.stop();
  }
}

function chromiumPath(): string {
  const path = findProgram('chromium');
  if (path === undefined) throw new Error('chromium is not installed: apt-get install chromium');
  return path;
}

/** Grafana serves them below another folder than its package has them in. */
const ICONS: Plugin = {
  name: 'grafana-icons',
  configureServer: ({ middlewares }) => {
    middlewares.use((request, _response, next) => {
      request.url = request.url?.replace(/^\/build\/img\//, '/img/');
      next();
    });
  },
};

/** The page as it is, without a build. Grafana's icons are files that it asks for by address. */
async function servePage(): Promise<ViteDevServer> {
  const here = import.meta.dirname;
  const server = await createServer({
    configFile: false,
    root: join(here, 'page'),
    publicDir: join(here, 'node_modules/@grafana/ui/dist/public'),
    cacheDir: join(here, 'node_modules/.vite'),
    server: { host: '127.0.0.1', port: 0, hmr: false, watch: null, fs: { allow: [join(here, '../..')] } },
    esbuild: { jsx: 'automatic' },
    plugins: [ICONS],
    logLevel: 'warn',
  });
  await server.listen();
  return server;
}

/** A third of the bytes, and nothing that an eye sees is lost. */
function fewerColours(png: Buffer): Buffer {
  const picture = UPNG.decode(Uint8Array.from(png).buffer);
  return Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, COLOURS));
}

function addressOf(server: ViteDevServer): string {
  const [address] = server.resolvedUrls?.local ?? [];
  if (address === undefined) throw new Error('the page is not served');
  return address;
}

async function takePicture(browser: Browser, address: string, language: string, file: string): Promise<void> {
  const locale = language === 'vi' ? 'vi-VN' : 'en-GB';
  const page = await browser.newPage({
    viewport: SIZE,
    locale,
    timezoneId: 'Asia/Ho_Chi_Minh',
    colorScheme: 'dark',
  });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
  try {
    const failed = new Promise<never>((_, reject) => page.on('pageerror', reject));
    await page.goto(address);
    await Promise.race([
      page.waitForFunction('window.isDrawn === true', undefined, { timeout: DRAWN_TIMEOUT_MS }),
      failed,
    ]);
    await page.evaluate('document.fonts.ready');
    writeFileSync(file, fewerColours(await page.screenshot({ animations: 'disabled' })));
  } finally {
    for (const fault of new Set(faults)) process.stderr.write(`${file}: ${fault.slice(0, 400)}\n`);
    await page.close();
  }
}
