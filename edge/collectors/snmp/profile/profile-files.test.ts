import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { shippedLibrary } from '../testing/shipped-library.ts';
import { ProfileFiles } from './profile-files.ts';

const NET_SNMP = '1.3.6.1.4.1.8072.3.2.10';
let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'wardwatch-profiles-'))));
afterEach(() => rmSync(directory, { recursive: true }));

let writes = 0;
function write(file: string, text: string): void {
  const path = join(directory, file);
  writeFileSync(path, text);
  // The clock of a file system may be coarser than the time between two writes.
  utimesSync(path, 1_000, 1_000 + writes++);
}
const profile = (name: string, more = ''): string =>
  `profile: ${name}\nvendor: acme\nmatch: [{ sysObjectId: 1.3.6.1.4.1.99999 }]\n${more}`;
const nothing = async () => new Map<string, string>();

async function found(files: ProfileFiles, objectId = '1.3.6.1.4.1.99999.1') {
  return (await files.load().library.find({ objectId, description: '' }, nothing))?.profile;
}

describe('the directory of profiles', () => {
  it('adds to the shipped ones, replaces one of the same name, and is followed', async () => {
    const files = new ProfileFiles(directory);
    expect(await found(files)).toBeUndefined();
    write('a.yaml', profile('acme'));
    expect(await found(files)).toBe('acme');
    write('a.yaml', profile('cisco'));
    expect(await found(files)).toBe('cisco');
    expect(await found(files, '1.3.6.1.4.1.9.1.1')).toBeUndefined();
    rmSync(join(directory, 'a.yaml'));
    expect(await found(files, '1.3.6.1.4.1.9.1.1')).toBe('cisco');
  });

  it('leaves out what has problems alone, and says why until it is mended', () => {
    const files = new ProfileFiles(directory);
    write('a.yaml', profile('good'));
    write('b.yaml', profile('bad', 'device: { cpu_pkt: 1.3.6.1.4.1.99999.1 }'));
    write('c.yaml', 'profile: [');
    write('d.yaml', profile('good'));
    write('e.yaml', profile('orphan', 'extends: huawey'));
    write('f.yaml', profile('ring', 'extends: ring'));
    write('notes.txt', 'no profile');
    const { library, problems } = files.load();
    expect(library.own.map((each) => each.profile)).toEqual(['good']);
    expect(problems.map((problem) => problem.replaceAll(`${directory}/`, ''))).toEqual([
      'b.yaml: device.cpu_pkt: device has no such field; did you mean cpu_pct?',
      expect.stringMatching(/^c\.yaml: not valid YAML: /),
      'd.yaml: profile: expected a name of its own, a.yaml has it too, got "good"',
      'e.yaml: profile orphan: extends: there is no profile huawey; did you mean huawei?',
      'f.yaml: profile ring extends ring: a circle',
    ]);
    expect(files.load().problems).toEqual(problems);
  });

  it('that cannot be read leaves what was read, and says so', async () => {
    const files = new ProfileFiles(join(directory, 'none'));
    expect(files.load().problems).toEqual([expect.stringMatching(/none: cannot be read: .*ENOENT/)]);
    expect(await found(files, '1.3.6.1.4.1.9.1.1')).toBe('cisco');
  });
});

describe('of several profiles that fit', () => {
  it('a probe finds the maker behind the agent of net-snmp, with one request', async () => {
    const asked: (readonly string[])[] = [];
    const system = { objectId: NET_SNMP, description: 'Linux nas' };
    const library = shippedLibrary()();
    const match = await library.find(system, async (oids) => {
      asked.push(oids);
      return new Map(oids.filter((oid) => oid.startsWith('1.3.6.1.4.1.6574.')).map((oid) => [oid, 1]));
    });
    expect(match?.profile).toBe('synology');
    expect(asked).toHaveLength(1);
    expect(await library.find(system, nothing)).toBeUndefined();
  });

  it('those of operators come first, whatever the shipped ones match by', async () => {
    const files = new ProfileFiles(directory);
    write('a.yaml', profile('ours').replace('1.3.6.1.4.1.99999', '1.3.6.1.4.1'));
    expect(await found(files, '1.3.6.1.4.1.9.1.617')).toBe('ours');
  });
});
