import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sample } from '../../contract/sample.ts';
import { freePort } from '../support/free-port.ts';
import { describeWith, requirePart } from '../support/parts.ts';
import { RawAgent } from '../support/raw-agent.ts';
import { until } from '../support/until.ts';
import { temporaryDirectory, type TemporaryDirectory } from '../support/server-process.ts';
import { Wardwatch } from '../support/wardwatch.ts';

const BOARD = fileURLToPath(new URL('../../dist/board/', import.meta.url));
const MOST_GZIP_BYTES = 150_000;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
/** `FIRST`: the id of the first one that the API lists. */
const VIEWS = [
  '/',
  '/incidents',
  '/incidents/FIRST',
  '/alerts',
  '/alerts/FIRST',
  '/units/25747',
  '/sites/hub-01',
  '/devices/n-hub-01',
  '/devices/n-hub-01/ports/FIRST',
  '/links/FIRST',
  '/pools/FIRST',
  '/services/FIRST',
  '/coverage',
  '/capacity',
  '/figures',
  '/fleet',
  '/inventory',
  '/inventory?tab=import',
  '/inventory?tab=wiring',
  '/inventory?tab=unexpected',
  '/inventory/devices/n-hub-01',
  '/rules',
  '/rules/new-draft',
  '/rules/device_down',
  '/rules/agent_silent',
  '/quarantine',
  '/rollouts',
  '/wall',
  '/login',
  '/no-such-page',
];
/** The browser logs each of them; the stories here ask for them. */
const REFUSED = /status of (401|409|422)/;
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1_280, height: 800 };
const LOOKS = [
  ['light', DESK],
  ['dark', PHONE],
] as const;
const SWAPPED_LOOKS = [
  ['light', PHONE],
  ['dark', DESK],
] as const;
const OVERHANG = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

describe('the files of the board', () => {
  it('have at most 150 kB together as they are sent', () => {
    const files = readdirSync(BOARD, { recursive: true, encoding: 'utf8' }).filter((name) =>
      /\.(js|css|html|svg)$/.test(name),
    );
    const bytes = files.reduce(
      (sum, name) => sum + gzipSync(readFileSync(`${BOARD}${name}`), { level: 9 }).length,
      0,
    );
    expect(files).toContain('index.html');
    expect(bytes).toBeLessThanOrEqual(MOST_GZIP_BYTES);
  });

  it('have no script and no style within the page, so that the strictest policy holds', () => {
    const page = readFileSync(`${BOARD}index.html`, 'utf8');
    expect(page).not.toMatch(/<script(?![^>]*\ssrc=)/);
    expect(page).not.toMatch(/<style|\sstyle=|\son\w+=/);
  });
});

describeWith(['chromium'], 'the board in a browser', () => {
  let scratch: TemporaryDirectory;
  let program: Wardwatch;
  let browser: Browser;
  let context: BrowserContext;
  let apiUrl: string;
  let adminToken: string;
  let agent: RawAgent;
  const complaints: string[] = [];

  beforeAll(async () => {
    scratch = temporaryDirectory('board');
    // It is started again on this port.
    program = start(String(await freePort()));
    const ready = await program.event('ready');
    apiUrl = String(ready['apiUrl']);
    adminToken = String(ready['adminToken']);
    const { password } = (await call('PUT', '/api/v1/agents/gw-test/credential')) as { password: string };
    agent = await RawAgent.connect(String(ready['brokerUrl']), 'gw-test', password);
    browser = await chromium.launch({
      executablePath: requirePart('chromium'),
      // Chromium's sandbox refuses to run as root.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    context = await browser.newContext({ viewport: { width: 1_280, height: 800 }, locale: 'en-GB' });
  });
  afterAll(async () => {
    agent.end();
    await browser.close();
    await program.end('SIGKILL');
    scratch.remove();
  });

  function start(port: string): Wardwatch {
    const ports = ['--port', port, '--broker-port', '0'];
    return new Wardwatch(['start', '--units', '3', '--data-dir', scratch.path, '--json', ...ports]);
  }

  async function call(method: string, path: string): Promise<unknown> {
    const answer = await fetch(`${apiUrl}${path}`, {
      method,
      headers: { authorization: `Bearer ${adminToken}` },
    });
    return answer.json();
  }

  /** As another engineer would. */
  async function writeEntry(kind: string, id: string, changes: Record<string, unknown>): Promise<void> {
    const path = `/api/v1/inventory/${kind}/${id}`;
    const { revision, entry } = (await call('GET', path)) as { revision: number; entry: object };
    const answer = await fetch(`${apiUrl}${path}`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({ expectedRevision: revision, entry: { ...entry, ...changes } }),
    });
    expect(answer.status).toBe(200);
  }

  /** Whatever the browser complains of, errors of the policy among them, fails the test at its end. */
  async function open(path: string): Promise<Page> {
    const page = await context.newPage();
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' && !REFUSED.test(message.text())) complaints.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(apiUrl)) complaints.push(`foreign: ${request.url()}`);
    });
    await page.goto(`${apiUrl}${path}`);
    return page;
  }

  /** What axe finds: rule and first place. */
  const violationsOn = async (page: Page): Promise<unknown> =>
    page.evaluate(
      `axe.run({ runOnly: ${JSON.stringify(RULES)} }).then(({ violations }) => violations.map(({ id, nodes }) => [id, nodes[0].html]))`,
    );

  const untilHeard = async (page: Page): Promise<void> => page.getByText(/^Live/).waitFor();

  const pressIn = async (page: Page, name: string): Promise<void> =>
    page.getByRole('dialog').getByRole('button', { name }).first().click();

  it('asks who is there, and shows the city to whoever has a token', async () => {
    const page = await open('/');
    await page.getByLabel('Access token').fill('wrong');
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('This token is not valid').waitFor();
    await page.getByLabel('Access token').fill(adminToken);
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.locator('.city-map .cell').nth(2).waitFor();
    expect(await page.locator('.city-map .cell').count()).toBe(3);
    await untilHeard(page);
    await page.close();
  });

  it('shows an alert as its sample comes, says why, and lets it be acknowledged by keys', async () => {
    const page = await open('/alerts');
    await untilHeard(page);
    await agent.untilStored(agent.send([failingDisk()]));
    const row = page.locator('tbody tr', { hasText: 'sda' });
    await row.waitFor({ timeout: 5_000 });
    await row.getByRole('link').first().click();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.getByText('nobody has it yet').waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Text').fill('on the way');
    await page.keyboard.press('Enter');
    await page.getByText('acknowledged by').waitFor();
    await page.getByText('on the way').first().waitFor();
    await page.getByRole('button', { name: 'Take back the acknowledgement' }).click();
    await pressIn(page, 'Take back the acknowledgement');
    await page.getByText('nobody has it yet').waitFor();
    await page.getByRole('button', { name: 'Shelve', exact: true }).click();
    await page.getByLabel('Reason').fill('a spare is ordered');
    await pressIn(page, 'Shelve');
    await page.getByRole('button', { name: 'Unshelve' }).click();
    await pressIn(page, 'Unshelve');
    await page.getByRole('button', { name: 'Shelve', exact: true }).waitFor();
    await page.close();
  });

  it('has no green sign before it hears central', async () => {
    const colourOf = async (page: Page): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.querySelector(".dot")).backgroundColor');
    await context.route('**/api/v1/events', () => undefined);
    const page = await open('/');
    await page.getByText(/^Connecting/).waitFor();
    const unheard = await colourOf(page);
    await context.unrouteAll({ behavior: 'ignoreErrors' });
    await page.reload();
    await untilHeard(page);
    expect(await colourOf(page)).not.toBe(unheard);
    await page.close();
  });

  it('leads a newcomer from a fibre that is cut to one incident, its reason, and an acknowledgement', async () => {
    const page = await open('/');
    await page.getByRole('button', { name: 'Break something' }).click();
    await pressIn(page, 'Start');
    const card = page.locator('.card', { hasText: 'cut off' });
    await card.waitFor({ timeout: 110_000 });
    await page.locator('.cell.fill-unreachable, .cell.fill-down').first().waitFor();
    await card.getByRole('link').click();
    await page.getByRole('heading', { name: 'Why this alert is there, and who was told' }).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Text').fill('called the operator');
    await page.keyboard.press('Enter');
    await page.getByText('acknowledged by').first().waitFor();
    await page.close();
  }, 240_000);

  it('finds a ward without diacritics by the keyboard alone, and every view opens by its address', async () => {
    const page = await open('/');
    await page.locator('.city-map .cell').first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('thu dau mot');
    await page.locator('.hits li:first-child a', { hasText: 'Thủ Dầu Một' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/units/25747');
    await page.getByRole('heading', { level: 1, name: 'Thủ Dầu Một' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Thủ Dầu Một' }).waitFor();
    await page.close();
  });

  it('has the search field ready before the next key can come', async () => {
    const page = await open('/');
    await page.locator('.city-map .cell').first().waitFor();
    const focused = await page.evaluate(`(async () => {
      document.dispatchEvent(new KeyboardEvent('keydown', { key: 'k', ctrlKey: true }));
      // What is still to be done then would be done after keys that are typed at once.
      for (let i = 0; i < 10; i += 1) await Promise.resolve();
      return document.activeElement?.getAttribute('type');
    })()`);
    expect(focused).toBe('search');
    await page.close();
  });

  it('hears a key as soon as the page stands', async () => {
    const page = await context.newPage();
    await page.addInitScript(`
      new MutationObserver((_changes, observer) => {
        if (document.querySelector('main') === null) return;
        observer.disconnect();
        document.dispatchEvent(new KeyboardEvent('keydown', { key: '?' }));
      }).observe(document, { childList: true, subtree: true });
    `);
    await page.goto(`${apiUrl}/`);
    await page.getByRole('dialog').getByRole('heading').first().waitFor();
    await page.close();
  });

  it('changes an entry of the inventory, and shows both values where somebody else was faster', async () => {
    const page = await open('/inventory/devices/n-hub-01');
    await page.getByRole('button', { name: 'Edit' }).click();
    const contact = page.getByRole('dialog').getByLabel('Contact');
    await contact.fill('mine');
    await writeEntry('devices', 'n-hub-01', { contact: 'theirs' });
    await page.getByRole('button', { name: 'Save' }).click();
    await page
      .getByRole('row', { name: /contact/ })
      .getByText('theirs')
      .waitFor();
    await page.getByRole('button', { name: 'Join: theirs with my changes' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.locator('.facts-list').getByText('mine').waitFor();
    await page.locator('.timeline').getByText('theirs').first().waitFor();
    await page.close();
  });

  it('checks a file before it is imported, and says what is wrong line by line', async () => {
    const page = await open('/inventory?tab=import');
    const choose = async (name: string, text: string): Promise<void> => {
      const file = { name, mimeType: 'text/plain', buffer: Buffer.from(text) };
      await page.getByLabel('File', { exact: true }).setInputFiles(file);
      await page.getByRole('button', { name: 'Check' }).click();
    };
    await choose('agencies.csv', 'id,name\nb_ad ID,Sở xấu\n');
    await page.getByText(/line 2/).waitFor();
    await choose('lists.yaml', 'agencies:\n  - { id: so-moi, name: Sở mới }\n');
    await page.getByText('+ agencies/so-moi').waitFor();
    await page.getByRole('button', { name: 'Import now' }).click();
    await page.getByRole('heading', { name: 'Imported' }).waitFor();
    await page.goto(`${apiUrl}/inventory/agencies/so-moi`);
    await page.getByText('Sở mới').first().waitFor();
    await page.close();
  });

  it('tests a draft of a rule over history, beside the rule that runs, and names every problem of it', async () => {
    const page = await open('/rules/device_down');
    const draft = page.getByLabel('Draft (YAML)');
    const text = await draft.inputValue();
    const run = page.getByRole('button', { name: 'Test over history' });
    await draft.fill(`${text}fro: 5m\nfra: 1\n`);
    await run.click();
    await page.getByText('fro: unknown setting').waitFor();
    await page.getByText('fra: unknown setting').waitFor();
    await draft.fill(`${text}# another one\n`);
    await run.click();
    await page.getByRole('table', { name: 'Alerts over time' }).getByText('Rule that runs').waitFor();
    await page.goto(`${apiUrl}/rules/agent_silent`);
    await page.getByText('cannot be tested over history').waitFor();
    await page.close();
  });

  it('asks for a roll-out by a form, names what is wrong at its field, and shows what it would do', async () => {
    const page = await open('/rollouts');
    await page.getByRole('button', { name: 'New roll-out' }).click();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Fill this in').waitFor();
    await page.getByText('Nothing is changed yet').waitFor();
    const every = page.getByLabel('Measure every (s)');
    await expect
      .poll(() => every.evaluate('document.activeElement.getAttribute("aria-invalid")'))
      .toBe('true');
    await every.fill('0.5');
    await page.getByText('Expected a number of 1 to 86400').waitFor();
    await every.fill('30');
    await page.getByLabel('Reason').fill('less often');
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByRole('heading', { name: /^Preview: / }).waitFor();
    await page.close();
  });

  it('filters the quarantine by what its address says', async () => {
    const page = await open('/quarantine?agent=nobody');
    await page.getByText('No group matches the filter.').waitFor();
    await page.getByLabel('With rows of').selectOption('the last hour');
    expect(new URL(page.url()).searchParams.get('from')).toBe('-1h');
    await page.getByLabel('Agent', { exact: true }).fill('');
    await page.reload();
    expect(await page.getByLabel('With rows of').inputValue()).toBe('-1h');
    await page.close();
  });

  it('tells its keys on the wall, too', async () => {
    const page = await open('/wall');
    await page.locator('.wall .cell').first().waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog').getByText('wall: hold the pages').waitFor();
    await page.close();
  });

  it.each(VIEWS)('%s breaks no rule of WCAG 2.2 AA that axe knows, and fits a phone', async (view) => {
    const [, list = '', device, ports] = view.split('/');
    const path = !view.endsWith('/FIRST')
      ? view
      : ports === undefined
        ? `/${list}/${await firstId(list)}`
        : view.replace('FIRST', await firstPort(String(device)));
    const page = await open(path);
    try {
      // Each language with each theme and each width, each theme with each width.
      for (const language of ['en', 'vi']) {
        await page.evaluate(`localStorage.setItem('wardwatch.board', '{"language":"${language}"}')`);
        await page.reload();
        await page.locator('h1, .verdict').first().waitFor();
        await page.locator('.loading').first().waitFor({ state: 'detached' });
        await page.evaluate(AXE);
        expect(await page.evaluate('document.documentElement.lang')).toBe(language);
        for (const [colorScheme, size] of language === 'en' ? LOOKS : SWAPPED_LOOKS) {
          await page.emulateMedia({ colorScheme });
          await page.setViewportSize(size);
          expect(await violationsOn(page), `${language} ${colorScheme} ${size.width}`).toEqual([]);
          if (size !== PHONE) continue;
          // Charts follow the width once the browser has laid the page out.
          await expect.poll(() => page.evaluate(OVERHANG)).toBe(0);
        }
      }
    } finally {
      await page.evaluate(`localStorage.removeItem('wardwatch.board')`);
      await page.close();
    }
  });

  it('tells in Vietnamese why something is as it is', async () => {
    const vietnamese = await browser.newContext({
      locale: 'vi-VN',
      storageState: await context.storageState({ indexedDB: false }),
    });
    await vietnamese.addInitScript('localStorage.clear()');
    const page = await vietnamese.newPage();
    // Whichever is well: stories before this one have cut some off.
    const wellId = await until(() => firstId('devices', 'state=up&'));
    await page.goto(`${apiUrl}/devices/${wellId}`);
    await page.getByText('đo được', { exact: false }).first().waitFor();
    await page.goto(`${apiUrl}/services/${await firstId('services')}`);
    const why = page.locator('.facts-list dd').first();
    await why.waitFor();
    expect(await why.locator('[lang=en]').count()).toBe(0);
    await vietnamese.close();
  });

  async function firstId(list: string, filter = ''): Promise<string> {
    const { items } = (await call('GET', `/api/v1/${list}?${filter}limit=1`)) as {
      items: readonly { id: string }[];
    };
    const [first] = items;
    if (first === undefined) throw new Error(`central lists no ${list}`);
    return encodeURIComponent(first.id);
  }

  async function firstPort(device: string): Promise<string> {
    const asked = `/api/v1/latest?measurement=interface&tag.device=${device}&limit=1`;
    const { rows } = (await call('GET', asked)) as { rows: readonly { tags: { interface: string } }[] };
    const [row] = rows;
    if (row === undefined) throw new Error(`nothing is measured of a port of ${device}`);
    return encodeURIComponent(row.tags.interface);
  }

  it('shows the city after three requests, and asks for all else later', async () => {
    const page = await context.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(new URL(request.url()).pathname));
    // What the browser has been told by the time the map stands in the page.
    await page.addInitScript(`
      new MutationObserver((_changes, observer) => {
        if (document.querySelector('.city-map .cell') === null) return;
        observer.disconnect();
        window.askedByThen = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname);
      }).observe(document, { childList: true, subtree: true });
    `);
    await page.goto(`${apiUrl}/`);
    await page.locator('.city-map .cell').first().waitFor();
    const byThen = await page.evaluate<string[]>('window.askedByThen');
    const [script] = byThen;
    expect(script).toMatch(/^\/assets\/index-.*\.js$/);
    expect(byThen.filter((path) => !path.endsWith('.svg'))).toEqual([script, '/api/v1/city']);
    expect(asked.filter((path) => !path.endsWith('.svg')).slice(0, 3)).toEqual([
      ...['/', script, '/api/v1/city'],
    ]);
    await untilHeard(page);
    await page.close();
  });

  it('is told of one alert in less than a kilobyte', async () => {
    const ending = new AbortController();
    const { body } = await fetch(`${apiUrl}/api/v1/events`, {
      headers: { authorization: `Bearer ${adminToken}` },
      signal: ending.signal,
    });
    if (body === null) throw new Error('no stream');
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    await agent.untilStored(agent.send([failingDisk('sdz')]));
    let told = '';
    while (!told.includes('sdz')) told += (await reader.read()).value ?? '';
    ending.abort();
    const events = told.split('\n\n').filter((event) => /^event: /m.test(event));
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(Buffer.byteLength(event), event).toBeLessThan(1_024);
  });

  it('stays usable with 2,000 alerts at once', async () => {
    const page = await open('/alerts');
    await untilHeard(page);
    const disks = Array.from({ length: STORM_ALERTS }, (_, at) => failingDisk(`storm-${at}`));
    for (let at = 0; at < disks.length; at += ROWS_OF_A_BATCH)
      await agent.untilStored(agent.send(disks.slice(at, at + ROWS_OF_A_BATCH)));
    await expect
      .poll(
        async () =>
          ((await call('GET', '/api/v1/alerts?q=storm-&state=firing&limit=1000')) as Counted).items.length,
      )
      .toBe(1_000);
    await page.locator('tbody tr', { hasText: 'storm-' }).first().waitFor();
    await page.keyboard.press('Control+k');
    await page.keyboard.type('thu dau mot');
    await page.locator('.hits li:first-child a', { hasText: 'Thủ Dầu Một' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL('**/units/25747');
    await page.goto(`${apiUrl}/`);
    await page.locator('.verdict.wrong').waitFor();
    await page.close();
  });

  it('never broke the policy of the page, and loaded nothing from elsewhere', () =>
    expect(complaints).toEqual([]));

  it('says loudly that it is stale when central is gone, and goes on by itself once it is back', async () => {
    const page = await open('/incidents');
    await untilHeard(page);
    await program.end('SIGKILL');
    await page.getByText('This page is NOT up to date').waitFor({ timeout: 10_000 });
    program = start(new URL(apiUrl).port);
    await program.event('ready');
    await page.getByText('This page is NOT up to date').waitFor({ state: 'detached', timeout: 60_000 });
    await untilHeard(page);
    await page.getByRole('heading', { level: 1, name: 'Incidents' }).waitFor();
    await page.close();
  });
});

interface Counted {
  readonly items: readonly unknown[];
}

const STORM_ALERTS = 2_000;
const ROWS_OF_A_BATCH = 500;

/** An alert at once, of a disk of the test's own agent. */
function failingDisk(disk = 'sda'): Sample {
  return {
    measurement: 'smart_device',
    tags: { host: 'gw-test', device: disk },
    fields: { health_ok: false },
    timeMs: Date.now(),
  };
}
