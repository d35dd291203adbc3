import { describe, expect, it } from 'vitest';
import { composeYaml } from './yaml-document.ts';

const valueOf = (text: string): unknown => composeYaml(text).document?.toJS();

describe('a YAML text', () => {
  it('is one document', () => {
    expect(valueOf('a: [1, { b: 2 }]\n')).toEqual({ a: [1, { b: 2 }] });
    expect(valueOf('')).toBeNull();
    expect(composeYaml('a: 1\n---\na: 2\n').problems).toEqual(['more than one document']);
  });

  it('with mistakes says where they are', () => {
    expect(composeYaml('a: [1,\nb: 2').problems[0]).toMatch(/ at line 2, column \d+$/);
  });

  it('with a key twice says where', () => {
    expect(composeYaml('a: 1\nb: { c: 1, c: 2 }\na: 2\n').problems).toEqual([
      'Map keys must be unique at line 3, column 1',
      'Map keys must be unique at line 2, column 12',
    ]);
  });

  // To compare each with each would take minutes.
  it('may have a map of 50,000 keys', () => {
    const keys = Array.from({ length: 50_000 }, (_, at) => `k${at}: 1`);
    expect(composeYaml(keys.join('\n')).problems).toEqual([]);
    expect(composeYaml([...keys, 'k7: 2'].join('\n')).problems).toEqual([
      'Map keys must be unique at line 50001, column 1',
    ]);
  });

  // Each of these ended the process, or nearly so; what is too deep is not read to its end.
  it.each(['[', '{a: ', '- ', '? ', '- ? ', '[a,', ' a:\n'])('of %j again and again is refused', (part) => {
    const nested =
      part === ' a:\n'
        ? Array.from({ length: 1_000 }, (_, depth) => ' '.repeat(depth) + 'a:\n').join('')
        : part.repeat(1_000_000);
    expect(composeYaml(nested)).toEqual({
      document: undefined,
      problems: ['nested more than 100 levels deep'],
    });
  });
});
