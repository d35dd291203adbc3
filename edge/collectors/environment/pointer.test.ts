import { describe, expect, it } from 'vitest';
import { follow, parsePointer } from './pointer.ts';

const values = (path: string, message: unknown) => {
  const pointer = parsePointer(path);
  return (
    pointer && follow(pointer, message).map(({ key, value }) => (key === undefined ? value : [key, value]))
  );
};

describe('a path into a message', () => {
  it.each([
    ['', 22.4, [22.4]],
    ['/a/b', { a: { b: 1 } }, [1]],
    ['/a/1', { a: [1, 2] }, [2]],
    ['/a~1b/~0', { 'a/b': { '~': 3 } }, [3]],
    [
      '/*/t',
      { x: { t: 1 }, y: { t: 2 }, z: 5 },
      [
        ['x', 1],
        ['y', 2],
      ],
    ],
    ['/a/b', { a: null }, []],
    ['/a/b', 'text', []],
    ['/0', 'text', []],
    ['/length', [1, 2], []],
    ['/__proto__/x', { a: 1 }, []],
    ['/constructor', {}, []],
    ['/*', [1, 2], []],
  ])('%s', (path, message, found) => {
    expect(values(path, message)).toEqual(found);
  });

  it.each(['a', '/a~2', '/*/b/*', '/a'.repeat(13)])('is not %s', (path) => {
    expect(parsePointer(path)).toBeUndefined();
  });

  it('follows no more keys than are good', () => {
    const many = Object.fromEntries(Array.from({ length: 5_000 }, (_unused, at) => [`k${at}`, { t: at }]));
    expect(values('/*/t', many)).toHaveLength(32);
  });
});
