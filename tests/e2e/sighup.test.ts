import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/server-process.ts';
import { until } from '../support/until.ts';
import { Wardwatch } from '../support/wardwatch.ts';

let scratch: ReturnType<typeof temporaryDirectory>;
beforeEach(() => {
  scratch = temporaryDirectory('sighup');
});
afterEach(() => scratch.remove());

it.each([
  [
    'edge',
    { agent: 'gw-1', dataDirectory: 'DATA', broker: { url: 'mqtt://127.0.0.1:9' } },
    '"msg":"agent starts"',
  ],
  [
    'central',
    { dataDirectory: 'DATA', api: { port: 0 }, broker: { kind: 'embedded', port: 0 } },
    '"msg":"ready"',
  ],
])('%s goes on after SIGHUP, and says that it read nothing again', async (command, config, ready) => {
  const file = join(scratch.path, 'config.yaml');
  writeFileSync(file, JSON.stringify(config).replace('DATA', join(scratch.path, 'data')));
  const program = new Wardwatch([command, '--config', file]);
  await until(() => expect(program.stderr).toContain(ready));
  program.signal('SIGHUP');
  program.signal('SIGHUP');
  await until(() => expect(program.stderr).toContain('wardwatch: SIGHUP ignored'));
  expect(await program.end('SIGTERM')).toMatchObject({ code: 0 });
});
