import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { inventorySchema } from '../contract/inventory.ts';
import { UserError } from '../runtime/errors.ts';
import { runFormerUnits } from './former-units.ts';
import { runTopology } from './topology.ts';

let directory = '';
let printed = '';
let complained = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'wardwatch-city-files-'));
  printed = '';
  complained = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    complained += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(directory, { recursive: true });
});

function write(name: string, text: string): string {
  const file = join(directory, name);
  writeFileSync(file, text);
  return file;
}

function problemsOf(run: () => void): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError)
      return error.problems.map((problem) => problem.replaceAll(`${directory}/`, ''));
    throw error;
  }
  return [];
}

describe('wardwatch former-units', () => {
  it('prints formerUnits.csv, and names the wards whose successors are not known', () => {
    const header = 'district,ward_code,ward,ward_type\n';
    const older = write(
      '2024.csv',
      `${header}Quận Gò Vấp,26893,Phường 04,Phường\nQuận 1,26737,Phường Đa Kao,Phường\n`,
    );
    const old = write('2025.csv', `${header}Quận 1,26737,Phường Đa Kao,Phường\n`);
    const now = write('now.csv', 'code,formed_from\n26737,"Phường Tân Định (Quận 1), Phường Đa Kao"\n');
    runFormerUnits({ before: [`2025-07-01=${old}`, `2025-01-01=${older}`], now });
    expect(printed).toBe(
      '\ufeffcode,name,kind,district,from,until,successors\r\n' +
        '26893,Phường 4,ward,Quận Gò Vấp,,2025-01-01,\r\n' +
        '26737,Đa Kao,ward,Quận 1,,2025-07-01,26737\r\n' +
        ',Tân Định,ward,Quận 1,,2025-07-01,26737\r\n',
    );
    expect(complained).toBe(
      'successors of 1 of 3 former units are not in these lists; fill them in by hand:\n' +
        '  2025-01-01 26893 Phường 4, Quận Gò Vấp\n',
    );
  });

  it.each(['wards.csv', '2025-13-01=wards.csv', '1/7/2025=wards.csv'])('refuses --before %s', (before) => {
    expect(problemsOf(() => runFormerUnits({ before: [before], now: 'now.csv' }))).toEqual([
      `--before: expected a day and a file, such as 2025-07-01=wards.csv, got "${before}"`,
    ]);
  });

  it('names a file that is not there', () => {
    const missing = join(directory, 'missing.csv');
    expect(problemsOf(() => runFormerUnits({ before: [`2025-07-01=${missing}`], now: missing }))[0]).toMatch(
      /^missing\.csv: cannot be read: ENOENT/,
    );
  });
});

describe('wardwatch topology', () => {
  const options = {
    mapping: 'topology-zoo',
    unit: '26740',
    agent: 'gw-1',
    position: '106.7,10.78',
    prefix: 'z-',
  } as const;

  it('prints a part of an inventory', () => {
    const nodes = [0, 1, 2].map((id) => ({ id: String(id), name: `City ${id}`, lon: 106, lat: 10 }));
    const file = write(
      'zoo.json',
      JSON.stringify({
        nodes,
        links: [
          ['0', '1', 54.68],
          ['1', '2', 3],
          ['2', '0', 3],
        ],
      }),
    );
    runTopology(file, { ...options, root: ['City 0'] });
    const { devices, links } = inventorySchema.parse(parse(printed, { maxAliasCount: 0 }));
    expect(devices.map(({ id, parents }) => [id, parents])).toEqual([
      ['z-0', undefined],
      ['z-1', ['z-0', 'z-2']],
      ['z-2', ['z-0', 'z-1']],
    ]);
    expect(links).toHaveLength(3);
  });

  it('names what is wrong', () => {
    const file = write('zoo.json', '{');
    expect(problemsOf(() => runTopology(file, options))[0]).toMatch(/^zoo\.json: not JSON: /);
    const graph = write('graph.json', '{"nodes":[],"links":[]}');
    expect(problemsOf(() => runTopology(graph, { ...options, position: '106.7' }))).toEqual([
      '--position: expected longitude and latitude in degrees, such as 106.7,10.78, got "106.7"',
    ]);
  });
});
