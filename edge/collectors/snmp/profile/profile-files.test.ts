import { mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readYamlHere, type ReadYaml } from '../../../../runtime/yaml-thread.ts';
import { shippedLibrary } from '../testing/shipped-library.ts';
import { profileFilesIn, readProfileFiles, type LoadedProfiles } from './profile-file.ts';
import { ProfileFiles } from './profile-files.ts';
import { shippedProfiles } from './shipped.ts';

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
/** What was read as YAML since the test began. */
let readTexts: string[];
const countingYaml: ReadYaml = (source, text) => {
  readTexts.push(source.slice(directory.length + 1));
  return readYamlHere(source, text);
};
function open(at = directory): ProfileFiles {
  readTexts = [];
  return new ProfileFiles(at, countingYaml);
}
const namesOf = ({ library }: LoadedProfiles) => library.own.map((each) => each.profile);
const shown = ({ problems }: LoadedProfiles) =>
  problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
const nothing = async () => new Map<string, string>();

async function found(files: ProfileFiles, objectId = '1.3.6.1.4.1.99999.1') {
  const { library } = await files.refresh();
  return (await library.find({ objectId, description: '' }, nothing))?.profile;
}

describe('the directory of profiles', () => {
  it('adds to the shipped ones, replaces one of the same name, and is followed', async () => {
    const files = open();
    expect(await found(files)).toBeUndefined();
    write('a.yaml', profile('acme'));
    expect(await found(files)).toBe('acme');
    write('a.yaml', profile('cisco'));
    expect(await found(files)).toBe('cisco');
    expect(await found(files, '1.3.6.1.4.1.9.1.1')).toBeUndefined();
    rmSync(join(directory, 'a.yaml'));
    expect(await found(files, '1.3.6.1.4.1.9.1.1')).toBe('cisco');
  });

  it('leaves out what has problems alone, and says why until it is mended', async () => {
    const files = open();
    write('a.yaml', profile('good'));
    write('b.yaml', profile('bad', 'device: { cpu_pkt: 1.3.6.1.4.1.99999.1 }'));
    write('c.yaml', 'profile: [');
    write('d.yaml', profile('good'));
    write('e.yaml', profile('orphan', 'extends: huawey'));
    write('f.yaml', profile('ring', 'extends: ring'));
    write('notes.txt', 'no profile');
    const loaded = await files.refresh();
    expect(namesOf(loaded)).toEqual(['good']);
    expect(shown(loaded)).toEqual([
      'b.yaml: device.cpu_pkt: device has no such field; did you mean cpu_pct?',
      expect.stringMatching(/^c\.yaml: not valid YAML: /),
      'd.yaml: profile: expected a name of its own, a.yaml has it too, got "good"',
      'e.yaml: profile orphan: extends: there is no profile huawey; did you mean huawei?',
      'f.yaml: profile ring extends ring: a circle',
    ]);
    readTexts = [];
    expect(await files.refresh()).toEqual(loaded);
    expect(readTexts).toEqual([]);
    // The command that checks them says the same.
    expect(readProfileFiles(profileFilesIn(directory), shippedProfiles()).problems).toEqual(loaded.problems);
  });

  it('goes on with the last good profile of a file that is half written, and reads no other anew', async () => {
    const files = open();
    write('a.yaml', profile('acme'));
    write('b.yaml', profile('other').replace('99999', '99998'));
    const { library } = await files.refresh();
    readTexts = [];
    write('a.yaml', 'profile: acme\nvendor: acme\nmatch: [{ sysObj');
    const loaded = await files.refresh();
    expect(namesOf(loaded)).toEqual(['acme', 'other']);
    expect(shown(loaded)).toEqual([
      expect.stringMatching(/^a\.yaml: not valid YAML: /),
      expect.stringMatching(/^a\.yaml: not valid YAML: /),
      'a.yaml: profile acme goes on as it was before',
    ]);
    expect(readTexts).toEqual(['a.yaml']);
    // Nothing has changed for the devices: they are not asked anew.
    expect(loaded.library).toBe(library);
    write('a.yaml', profile('acme-2'));
    expect(namesOf(await files.refresh())).toEqual(['acme-2', 'other']);
    expect(files.loaded.problems).toEqual([]);
  });

  it('goes on with what a file gave before where its new profile does not fit the others', async () => {
    const files = open();
    write('a.yaml', profile('acme'));
    write('b.yaml', profile('other'));
    await files.refresh();
    write('b.yaml', profile('acme'));
    const loaded = await files.refresh();
    expect(namesOf(loaded)).toEqual(['acme', 'other']);
    expect(shown(loaded)).toEqual([
      'b.yaml: profile: expected a name of its own, a.yaml has it too, got "acme"',
      'b.yaml: profile other goes on as it was before',
    ]);
  });

  it('uses all others beside a link that leads nowhere, which is read as soon as it leads somewhere', async () => {
    const files = open();
    write('a.yaml', profile('acme'));
    symlinkSync(join(directory, 'later.txt'), join(directory, 'b.yaml'));
    expect(namesOf(await files.refresh())).toEqual(['acme']);
    expect(shown(files.loaded)).toEqual([expect.stringMatching(/^b\.yaml: cannot be read: .*ENOENT/)]);
    write('later.txt', profile('late'));
    expect(namesOf(await files.refresh())).toEqual(['acme', 'late']);
    expect(files.loaded.problems).toEqual([]);
  });

  it('tells at most twenty problems of a file, whatever is in it', async () => {
    const files = open();
    const fields = Array.from({ length: 1_000 }, (_, at) => `  x${at}: 1.3`).join('\n');
    write('a.yaml', profile('a', `device:\n${fields}`));
    write('b.yaml', '- a: b: c\n'.repeat(1_000));
    write('c.yaml', profile('c', `notes: ${'x'.repeat(70_000)}`));
    const { problems } = await files.refresh();
    const of = (name: string) => problems.filter((problem) => problem.startsWith(`${directory}/${name}`));
    expect([of('a.yaml').length, of('b.yaml').length]).toEqual([21, 20]);
    expect(of('a.yaml').at(-1)).toMatch(/: and \d+ more problems$/);
    expect(of('c.yaml')).toEqual([`${directory}/c.yaml: larger than 65536 bytes`]);
  });

  it('that cannot be read leaves what was read, and says so', async () => {
    const files = open(join(directory, 'none'));
    expect((await files.refresh()).problems).toEqual([
      expect.stringMatching(/none: cannot be read: .*ENOENT/),
    ]);
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

  it('a probe may be written with or without the .0 of a scalar, and each of many is asked', async () => {
    const files = open();
    const withProbe = (name: string, oid: string): string =>
      `profile: ${name}\nvendor: acme\nmatch: [{ sysObjectId: ${NET_SNMP}, probe: { oid: ${oid} } }]\n`;
    for (let at = 0; at < 40; at++)
      write(`p${at}.yaml`, withProbe(`acme-${at}`, `1.3.6.1.4.1.99999.${at}.1`));
    const { library } = await files.refresh();
    const find = async (there: string) => {
      let largest = 0;
      const probe = async (oids: readonly string[]) => {
        largest = Math.max(largest, oids.length);
        return new Map(oids.filter((oid) => oid === there).map((oid) => [oid, 1]));
      };
      const match = await library.find({ objectId: NET_SNMP, description: '' }, probe);
      return [match?.profile, largest];
    };
    expect(await find('1.3.6.1.4.1.99999.7.1.0')).toEqual(['acme-7', 16]);
    expect(await find('1.3.6.1.4.1.99999.39.1')).toEqual(['acme-39', 16]);
  });

  it('those of operators come first, whatever the shipped ones match by', async () => {
    const files = open();
    write('a.yaml', profile('ours').replace('1.3.6.1.4.1.99999', '1.3.6.1.4.1'));
    expect(await found(files, '1.3.6.1.4.1.9.1.617')).toBe('ours');
  });
});
