import { describe, expect, it } from 'vitest';
import { deviceIds } from './device-ids.ts';
import { mergeDuplicates } from './duplicates.ts';
import type { Finding, Neighbour } from './finding.ts';
import { suggestParents } from './parents.ts';

function found(address: string, more: Partial<Finding> = {}): Finding {
  return {
    address,
    credentials: 'lan',
    name: undefined,
    description: undefined,
    objectId: '',
    vendor: undefined,
    model: undefined,
    kind: 'node',
    interfaceCount: 0,
    neighbours: [],
    engineId: undefined,
    chassis: undefined,
    problems: [],
    ...more,
  };
}

const sees = (name: string, port = 'Gi0/1'): Neighbour => ({
  port,
  name,
  chassis: undefined,
  remotePort: 'up',
});

describe('ids', () => {
  const idsOf = (...names: (string | undefined)[]) =>
    deviceIds(
      names.map((name, at) => found(`10.0.0.${at + 1}`, { name })),
      new Set(['n-1']),
    );

  it.each([
    ['Core.p1.hcm.vn', 'core'],
    ['SW_A 2', 'sw_a-2'],
    ['Tủ Điện Quận 1', 'tu-dien-quan-1'],
    ['--x--', 'x'],
    ['x'.repeat(80), 'x'.repeat(64)],
    ['localhost.localdomain', 'ip-10-0-0-1'],
    ['中心', 'ip-10-0-0-1'],
    [undefined, 'ip-10-0-0-1'],
  ])('of %j is %s', (name, id) => {
    expect(idsOf(name)).toEqual([id]);
  });

  it('of devices that share a name, or whose name is taken, end with the address', () => {
    expect(idsOf('sw.a', 'SW.b', 'other', 'n-1')).toEqual([
      'sw-10-0-0-1',
      'sw-10-0-0-2',
      'other',
      'n-1-10-0-0-4',
    ]);
    const [long] = idsOf('y'.repeat(64), 'y'.repeat(64));
    expect(long).toHaveLength(64);
    expect(long).toMatch(/y-10-0-0-1$/);
  });
});

describe('one device at several addresses', () => {
  const addresses = (...findings: Finding[]) =>
    mergeDuplicates(findings).map(({ finding, otherAddresses }) => [finding.address, ...otherAddresses]);

  it('is identified by its SNMP engine, or by name and chassis', () => {
    expect(addresses(found('1', { engineId: 'e' }), found('2'), found('3', { engineId: 'e' }))).toEqual([
      ['1', '3'],
      ['2'],
    ]);
    const own = { name: 'a', chassis: 'c' };
    expect(addresses(found('1', { ...own, engineId: 'e' }), found('2', own))).toEqual([['1', '2']]);
  });

  it('is not assumed for clones with different names, nor for the same name alone', () => {
    expect(
      addresses(found('1', { name: 'a', engineId: 'e' }), found('2', { name: 'b', engineId: 'e' })),
    ).toEqual([['1'], ['2']]);
    expect(addresses(found('1', { name: 'a' }), found('2', { name: 'a' }))).toEqual([['1'], ['2']]);
    expect(
      addresses(
        found('1', { ...{ name: 'a', chassis: 'c' }, engineId: 'e' }),
        found('2', { ...{ name: 'a', chassis: 'c' }, engineId: 'f' }),
      ),
    ).toEqual([['1'], ['2']]);
  });
});

describe('parents', () => {
  const namesOf = (findings: readonly Finding[]) =>
    Object.fromEntries<string | undefined>(
      suggestParents(findings).map((parent, at) => [
        findings[at]?.name ?? '',
        parent && `${findings[parent.at]?.name ?? ''} by ${parent.port ?? '?'}`,
      ]),
    );

  it('are on the shortest path to the device with the most links, also if only one side reports a link', () => {
    const findings = [
      found('1', { name: 'leaf', neighbours: [sees('edge', 'e1')] }),
      found('2', { name: 'edge' }),
      found('3', {
        name: 'core',
        neighbours: [sees('edge', 'c1'), sees('other', 'c2'), sees('third', 'c3')],
      }),
      found('4', { name: 'other', neighbours: [sees('core', 'o1')] }),
      found('5', { name: 'third', neighbours: [sees('other', 't9'), sees('core', 't1')] }),
    ];
    expect(namesOf(findings)).toEqual({
      core: undefined,
      edge: 'core by up',
      leaf: 'edge by e1',
      other: 'core by o1',
      third: 'core by t1',
    });
  });

  it('are found by chassis if the name differs, and a device is never its own parent', () => {
    const findings = [
      found('1', { name: 'a', chassis: 'aa', interfaceCount: 9, neighbours: [sees('a'), sees('unknown')] }),
      found('2', { name: 'b', neighbours: [{ ...sees('a.example'), chassis: 'aa' }] }),
      found('3', { name: 'alone' }),
    ];
    expect(namesOf(findings)).toEqual({ a: undefined, b: 'a by Gi0/1', alone: undefined });
  });
});
