import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fileRefusal, type FileRules } from './file-rules.ts';

let base: string;
beforeEach(() => {
  base = realpathSync(mkdtempSync(join(tmpdir(), 'wardwatch-files-')));
  for (const directory of ['certificates/a', 'own', 'other'])
    mkdirSync(join(base, directory), { recursive: true });
  for (const file of ['certificates/a/x.pem', 'own/password', 'other/secret.pem'])
    writeFileSync(join(base, file), 'x');
  symlinkSync('../a/x.pem', join(base, 'certificates', 'good.pem'));
  symlinkSync(join(base, 'other', 'secret.pem'), join(base, 'certificates', 'bad.pem'));
  symlinkSync(join(base, 'other'), join(base, 'certificates', 'out'));
  symlinkSync(join(base, 'own', 'password'), join(base, 'certificates', 'mine.pem'));
  symlinkSync(join(base, 'certificates'), join(base, 'link'));
});
afterEach(() => rmSync(base, { recursive: true }));

const rules = (paths: readonly string[]): FileRules => ({
  paths: paths.map((path) => join(base, path)),
  ownPaths: [join(base, 'own')],
  realPath: (path) => realpathSync(path),
});
const refusal = (path: string, paths: readonly string[] = ['certificates']): string | undefined =>
  fileRefusal(rules(paths), { path: path.startsWith('/') ? path : join(base, path) });

describe('a path in a config from central', () => {
  it.each([
    'certificates',
    'certificates/a/x.pem',
    'certificates/*/x.pem',
    'certificates/*?*',
    'certificates/not/yet',
    'link/a/x.pem',
  ])('may be %s, below a directory that the agent’s file allows', (path) =>
    expect(refusal(path)).toBeUndefined(),
  );

  it.each([
    ['other/secret.pem', 'other'],
    ['certificates-too/x.pem', 'certificates-too'],
    ['certificates/bad.pem', 'other'],
    ['certificates/out/secret.pem', 'other'],
    ['certificates/out/*', 'other'],
    ['*/x.pem', ''],
  ])('may not be %s, and the line to add is named', (path, toAdd) => {
    expect(refusal(path)).toContain(`configFromCentral: { paths: ['${join(base, toAdd)}'] }`);
  });

  it.each(['own/password', 'own/config/good.json', 'own/*', 'certificates/mine.pem'])(
    'is never %s: the agent’s own, also where all is allowed',
    (path) => expect(refusal(path, [''])).toContain('is this agent’s own'),
  );

  it('has no .. and is absolute', () => {
    expect(refusal(`${base}/certificates/../own/password`)).toContain('expected a path without ..');
    expect(refusal(`${base}/certificates/*/../../own/password`)).toContain('expected a path without ..');
    expect(fileRefusal(rules(['']), { path: 'x.pem' })).toContain('expected an absolute path');
  });

  it('is what the setting is without it, or a device', () => {
    expect(fileRefusal(rules([]), { path: '/proc', usual: '/proc' })).toBeUndefined();
    expect(fileRefusal(rules([]), { path: '/proc/1', usual: '/proc' })).toContain('may not be named');
    expect(fileRefusal(rules([]), { path: '/dev/ttyUSB7', isDevice: true })).toBeUndefined();
    expect(fileRefusal(rules([]), { path: '/dev/null' })).toContain('may not be named');
    expect(fileRefusal(rules([]), { path: join(base, 'other'), isDevice: true })).toContain(
      'may not be named',
    );
  });

  it('that leads in a circle is refused', () => {
    symlinkSync(join(base, 'loop'), join(base, 'loop'));
    expect(refusal('loop/x')).toMatch(/ELOOP/);
  });
});
