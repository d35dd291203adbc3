import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runProfileCheck } from './profile-check.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'wardwatch-profile-check-'))));
afterEach(() => rmSync(directory, { recursive: true }));

it('a directory without a profile is a problem, not a success', () => {
  writeFileSync(join(directory, 'acme.yaml.bak'), 'profile: acme');
  expect(() => runProfileCheck([directory])).toThrow(
    `${directory}: expected at least one file *.yaml or *.yml, found none`,
  );
});

it('every problem of every file is told', () => {
  writeFileSync(join(directory, 'a.yaml'), 'profile: a\nvendor: acme\nmatch: []\n');
  writeFileSync(join(directory, 'b.yaml'), 'profile: B\nvendor: acme\nmatch: [{ sysObjectId: 1.3 }]\n');
  expect(() => runProfileCheck([directory])).toThrow(/a\.yaml: match: [^]*b\.yaml: profile: /);
});
