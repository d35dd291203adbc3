import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { UserError } from '../runtime/errors.ts';
import { configOfStart } from './start.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-start-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const OPTIONS = { units: 5, dataDir: 'data', port: 0, brokerPort: 0, seed: 1, logLevel: 'warn' };

it('takes rules of its own, and whom to tell, as central.yaml does', () => {
  const notify = join(directory, 'notify.yaml');
  writeFileSync(notify, 'directory: channels\nallowTargets: [127.0.0.1]');
  const config = configOfStart({ ...OPTIONS, notify, rules: 'rules' });
  expect(config).toMatchObject({
    rulesDirectory: 'rules',
    notify: { directory: 'channels', allowTargets: ['127.0.0.1'], allowPrograms: [] },
  });
  const without = configOfStart(OPTIONS);
  expect([without.notify, without.rulesDirectory]).toEqual([undefined, undefined]);
});

it('names the file and the setting that are wrong', () => {
  const notify = join(directory, 'notify.yaml');
  writeFileSync(notify, 'directory: channels\nallowTarget: [127.0.0.1]');
  expect(() => configOfStart({ ...OPTIONS, notify })).toThrow(UserError);
  expect(() => configOfStart({ ...OPTIONS, notify })).toThrow(/notify\.yaml: allowTarget: unknown setting/);
});
