import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { checkConfig } from '../runtime/config.ts';
import { EXIT } from '../runtime/errors.ts';
import { SHIPPED_RULES_DIRECTORY } from './alerts/rules/load-rules.ts';
import { centralConfigSchema } from './config/config.ts';
import { createCentral, type Central } from './main.ts';

const BROKEN = 'kind: threshold\nname: {en: x';
const NOT_YAML: unknown = expect.stringMatching(/broken\.yaml: not valid YAML: /);
/** As the API tells it: no path of central's machine. */
const NOT_YAML_BY_NAME: unknown = expect.stringMatching(/^broken\.yaml: not valid YAML: /);
interface LogLine {
  readonly level: number;
  readonly problems?: readonly string[];
}
let directory: string;
let rules: string;
let errors: LogLine[];

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-broken-rules-'));
  rules = join(directory, 'rules');
  mkdirSync(rules);
  errors = [];
  writeFileSync(
    join(rules, 'own_load.yaml'),
    readFileSync(join(SHIPPED_RULES_DIRECTORY, 'load_high.yaml'), 'utf8'),
  );
});
afterEach(() => rmSync(directory, { recursive: true }));

function central(more: object = {}): Central {
  const settings = {
    dataDirectory: join(directory, 'data'),
    rulesDirectory: rules,
    api: { port: 0 },
    broker: { kind: 'embedded', port: 0 },
    ...more,
  };
  return createCentral(checkConfig('test', settings, centralConfigSchema), {
    log: pino({ level: 'error' }, { write: (line: string) => errors.push(JSON.parse(line) as LogLine) }),
    version: '0.0.0-test',
    env: {},
    checkAgentConfig: async () => [],
  });
}

async function start(): Promise<Central> {
  const started = central();
  await started.start(new AbortController().signal);
  return started;
}

async function rulesOf(started: Central): Promise<{ items: { id: string }[]; refused?: unknown }> {
  const headers = { authorization: `Bearer ${started.createAdminToken()}` };
  const answer = await fetch(`${started.apiUrl()}/api/v1/rules`, { headers });
  return (await answer.json()) as { items: { id: string }[]; refused?: unknown };
}

it('a rule file that is broken does not keep central down: the rules that ran before go on, until it is mended', async () => {
  await (await start()).stop();
  writeFileSync(join(rules, 'broken.yaml'), BROKEN);
  // One start after the other, as after a crash.
  await (await start()).stop();
  errors = [];
  const again = await start();
  const { items, refused } = await rulesOf(again);
  expect(items.map(({ id }) => id)).toContain('own_load');
  expect(refused).toMatchObject({ problems: [NOT_YAML_BY_NAME] });
  expect(errors).toMatchObject([{ level: 50, problems: [NOT_YAML] }]);

  rmSync(join(rules, 'broken.yaml'));
  again.rereadFiles();
  const mended = await rulesOf(again);
  expect(mended.refused).toBeUndefined();
  expect(mended.items.map(({ id }) => id)).toContain('own_load');
  await again.stop();
});

it('the same where the directory is gone', async () => {
  await (await start()).stop();
  rmSync(rules, { recursive: true });
  const started = await start();
  const { items, refused } = await rulesOf(started);
  expect(items.map(({ id }) => id)).toContain('own_load');
  expect(refused).toMatchObject({ problems: [expect.stringContaining('cannot be read: ENOENT')] });
  await started.stop();
});

it('a first start, before any rules are known, is refused with every problem', async () => {
  writeFileSync(join(rules, 'broken.yaml'), BROKEN);
  await expect(start()).rejects.toMatchObject({ exitCode: EXIT.badConfig, problems: [NOT_YAML] });
});

it('whatever else is wrong is refused as ever, together with the rules', async () => {
  await (await start()).stop();
  writeFileSync(join(rules, 'broken.yaml'), BROKEN);
  const wrong = central({ inventoryFile: join(directory, 'none.yaml') });
  await expect(wrong.start(new AbortController().signal)).rejects.toMatchObject({
    exitCode: EXIT.badConfig,
    problems: [NOT_YAML, expect.stringContaining('none.yaml')],
  });
});
