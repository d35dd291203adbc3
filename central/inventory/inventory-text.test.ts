import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { emptyInventoryFile, type InventoryFile } from '../../contract/inventory.ts';
import { parseInventoryText, writeInventoryText } from './inventory-text.ts';

const read = (text: string, maxYamlBytes = 100_000): unknown =>
  parseInventoryText('test', text, maxYamlBytes);

describe('the text of an inventory', () => {
  it('reads as what it was written from, here as with any reader of YAML, whatever texts it has', () => {
    const agencies = fc.array(
      fc.record({ id: fc.string(), name: fc.string({ unit: 'grapheme' }), notes: fc.string() }),
    );
    fc.assert(
      fc.property(agencies, (entries) => {
        const lists: InventoryFile = { ...emptyInventoryFile(), agencies: entries };
        const text = writeInventoryText(lists, 'a test');
        // Above its limit for other YAML: the form of an export has none.
        expect(read(text, 10)).toEqual(lists);
        expect(parse(text)).toEqual(lists);
      }),
    );
  });

  it.each([
    [
      'an entry in YAML among those in JSON',
      'sites:\n  - {"id":"a"}\n  - { id: b }\n',
      { sites: [{ id: 'a' }, { id: 'b' }] },
    ],
    ['entries over several lines', 'sites:\n  - id: a\n    name: b\n', { sites: [{ id: 'a', name: 'b' }] }],
    ['a list that is not begun', 'sites:\nagencies: []\n', { sites: null, agencies: [] }],
    ['JSON', '\n{"sites": []}', { sites: [] }],
    ['flow YAML', '{ sites: [] }', { sites: [] }],
    [
      'a byte order mark and lines of Windows',
      '\uFEFFsites:\r\n  - {"id":"a"}\r\n',
      { sites: [{ id: 'a' }] },
    ],
  ])('may be %s', (_, text, value) => {
    expect(read(text)).toEqual(value);
  });

  it.each([
    ['a list twice', 'sites: []\nsites: []\n', /unique/],
    ['entries below an empty list', 'sites: []\n  - {"id":"a"}\n', /not valid YAML/],
    ['an entry of no list', '  - {"id":"a"}\nsites: []\n', /not valid YAML/],
    ['half an entry', 'sites:\n  - {"id":"a"\n', /not valid YAML/],
  ])('with %s is refused', (_, text, problem) => {
    expect(() => read(text)).toThrow(problem);
  });
});
